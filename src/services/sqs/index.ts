// The door of Amazon SQS.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { OperationTable, Service } from '../service.ts';
import { createQueue } from './operations/create-queue.ts';
import { deleteMessage } from './operations/delete-message.ts';
import { getQueueUrl } from './operations/get-queue-url.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { sendMessage } from './operations/send-message.ts';
import { ReceiveAttempts } from './receive-attempts.ts';
import type { Sqs, SqsMetric } from './sqs.ts';
import { openStore } from './store/index.ts';
import { WaitingReceivers } from './waiting.ts';

export type { SqsMetric } from './sqs.ts';

export interface SqsOptions {
  /** A database of its own with durability `full`: a message that was accepted survives power loss. */
  database: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Told what each operation did, for CloudWatch. */
  onMetric?: (metric: SqsMetric) => void;
}

/** Opens Amazon SQS over a database. */
export async function openSqs(options: SqsOptions): Promise<Service<'sqs'>> {
  const { database, clock, ids, onMetric } = options;
  const sqs: Sqs = {
    store: await openStore(database),
    waiting: new WaitingReceivers(clock),
    attempts: new ReceiveAttempts(clock),
    clock,
    ids,
    inFlight: new Map(),
    background: { wake() {} },
    onMetric,
  };
  return {
    name: 'sqs',
    operations: operationsOf(sqs),
    unvalidated,
    async stop() {
      sqs.waiting.endAll();
    },
  };
}

function operationsOf(sqs: Sqs): OperationTable<'sqs'> {
  return {
    CreateQueue: createQueue(sqs),
    DeleteMessage: deleteMessage(sqs),
    GetQueueUrl: getQueueUrl(sqs),
    ReceiveMessage: receiveMessage(sqs),
    SendMessage: sendMessage(sqs),
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
