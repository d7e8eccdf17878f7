// The door of Amazon SQS.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { Background } from './background.ts';
import { MessageMover } from './message-mover.ts';
import { QueueGauges } from './gauges.ts';
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
    operations: async () => (await import('./operations/index.ts')).operationsOf(sqs),
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
