// The door of Amazon SQS.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { OperationTable, Service } from '../service.ts';
import { Background } from './background.ts';
import { MessageMover } from './message-mover.ts';
import { QueueGauges } from './gauges.ts';
import { addPermission } from './operations/add-permission.ts';
import { cancelMessageMoveTask } from './operations/cancel-message-move-task.ts';
import { changeMessageVisibility } from './operations/change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts';
import { createQueue } from './operations/create-queue.ts';
import { deleteMessage } from './operations/delete-message.ts';
import { deleteMessageBatch } from './operations/delete-message-batch.ts';
import { deleteQueue } from './operations/delete-queue.ts';
import { getQueueAttributes } from './operations/get-queue-attributes.ts';
import { getQueueUrl } from './operations/get-queue-url.ts';
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts';
import { listQueueTags } from './operations/list-queue-tags.ts';
import { listQueues } from './operations/list-queues.ts';
import { purgeQueue } from './operations/purge-queue.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { removePermission } from './operations/remove-permission.ts';
import { sendMessage } from './operations/send-message.ts';
import { sendMessageBatch } from './operations/send-message-batch.ts';
import { setQueueAttributes } from './operations/set-queue-attributes.ts';
import { startMessageMoveTask } from './operations/start-message-move-task.ts';
import { tagQueue } from './operations/tag-queue.ts';
import { untagQueue } from './operations/untag-queue.ts';
import { ReceiveAttempts } from './receive-attempts.ts';
import type { Sqs, SqsMetric } from './sqs.ts';
import { openStore } from './store/index.ts';
import { WaitingReceivers } from './waiting.ts';

export { type SqsMetric, unitOf } from './sqs.ts';

export interface SqsOptions {
  /** A database of its own with durability `full`: a message that was accepted survives power loss. */
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Told what each operation did, for CloudWatch. */
  onMetric?: (metric: SqsMetric) => void;
}

export interface SqsService extends Service<'sqs'> {
  /** Tells `onMetric` what stands in the queues that are in use; CloudWatch has it each minute. */
  measureQueues(): Promise<void>;
}

/** Opens Amazon SQS over a database. */
export async function openSqs(options: SqsOptions): Promise<SqsService> {
  const { database, clock, ids, log, onMetric = () => {} } = options;
  const store = await openStore(database);
  const gauges = new QueueGauges({ store, clock, onMetric });
  const sqs: Sqs = {
    store,
    waiting: new WaitingReceivers(clock),
    attempts: new ReceiveAttempts(clock),
    clock,
    ids,
    inFlight: new Map(),
    background: { wake: () => background.wake() },
    mover: { run: (task) => mover.run(task) },
    onMetric,
    gauges,
  };
  const background = new Background(sqs, log);
  const mover = new MessageMover(sqs, log);
  return {
    name: 'sqs',
    operations: operationsOf(sqs),
    unvalidated,
    measureQueues: () => gauges.measure(),
    async start() {
      background.start();
      await mover.start();
    },
    async stop() {
      sqs.waiting.endAll();
      await mover.stop();
      await background.stop();
    },
  };
}

function operationsOf(sqs: Sqs): OperationTable<'sqs'> {
  return {
    AddPermission: addPermission(sqs),
    CancelMessageMoveTask: cancelMessageMoveTask(sqs),
    ChangeMessageVisibility: changeMessageVisibility(sqs),
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
    CreateQueue: createQueue(sqs),
    DeleteMessage: deleteMessage(sqs),
    DeleteMessageBatch: deleteMessageBatch(sqs),
    DeleteQueue: deleteQueue(sqs),
    GetQueueAttributes: getQueueAttributes(sqs),
    GetQueueUrl: getQueueUrl(sqs),
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues(sqs),
    ListMessageMoveTasks: listMessageMoveTasks(sqs),
    ListQueueTags: listQueueTags(sqs),
    ListQueues: listQueues(sqs),
    PurgeQueue: purgeQueue(sqs),
    ReceiveMessage: receiveMessage(sqs),
    RemovePermission: removePermission(sqs),
    SendMessage: sendMessage(sqs),
    SendMessageBatch: sendMessageBatch(sqs),
    SetQueueAttributes: setQueueAttributes(sqs),
    StartMessageMoveTask: startMessageMoveTask(sqs),
    TagQueue: tagQueue(sqs),
    UntagQueue: untagQueue(sqs),
  };
}

/** SQS words what is missing or unknown in its own way. */
const unvalidated: Service<'sqs'>['unvalidated'] = {
  AddPermission: ['queueUrl', 'label', 'aWSAccountIds', 'actions'],
  CancelMessageMoveTask: ['taskHandle'],
  ChangeMessageVisibility: ['queueUrl', 'receiptHandle', 'visibilityTimeout'],
  ChangeMessageVisibilityBatch: ['queueUrl', 'entries'],
  CreateQueue: ['queueName', 'attributes'],
  DeleteMessage: ['queueUrl', 'receiptHandle'],
  DeleteMessageBatch: ['queueUrl', 'entries'],
  DeleteQueue: ['queueUrl'],
  GetQueueAttributes: ['queueUrl', 'attributeNames'],
  GetQueueUrl: ['queueName'],
  ListDeadLetterSourceQueues: ['queueUrl'],
  ListMessageMoveTasks: ['sourceArn'],
  ListQueueTags: ['queueUrl'],
  PurgeQueue: ['queueUrl'],
  ReceiveMessage: ['queueUrl', 'attributeNames', 'messageSystemAttributeNames'],
  RemovePermission: ['queueUrl', 'label'],
  SendMessage: ['queueUrl', 'messageBody', 'messageAttributes', 'messageSystemAttributes'],
  SendMessageBatch: ['queueUrl', 'entries'],
  SetQueueAttributes: ['queueUrl', 'attributes'],
  StartMessageMoveTask: ['sourceArn'],
  TagQueue: ['queueUrl', 'tags'],
  UntagQueue: ['queueUrl', 'tagKeys'],
};
