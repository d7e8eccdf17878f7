// What the operations of SQS work with, and how they find the queue that they are for.
import type { OperationsOf } from '../../contracts/index.ts';
import { parseArn } from '../../core/arn.ts';
import type { Clock } from '../../core/clock.ts';
import { AwsError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import type { Queries, WriteOptions } from '../../storage/index.ts';
import type { CallContext, OperationOf } from '../service.ts';
import { missingParameter, queueDoesNotExist } from './errors.ts';
import type { QueueGauges } from './gauges.ts';
import type { Queue, QueueKey } from './queue.ts';
import { parseQueueUrl } from './queue-url.ts';
import type { ReceiveAttempts } from './receive-attempts.ts';
import type { MoveTask, Store } from './store/index.ts';
import type { WaitingReceivers } from './waiting.ts';

/** A figure for CloudWatch: what an operation did, or what stands in a queue. */
export interface SqsMetric {
  account: string;
  region: string;
  queueName: string;
  metric:
    | 'NumberOfMessagesSent'
    | 'NumberOfMessagesReceived'
    | 'NumberOfMessagesDeleted'
    | 'NumberOfEmptyReceives'
    | 'SentMessageSize'
    | 'ApproximateNumberOfMessagesVisible'
    | 'ApproximateNumberOfMessagesNotVisible'
    | 'ApproximateNumberOfMessagesDelayed'
    | 'ApproximateAgeOfOldestMessage';
  value: number;
}

/** In which unit CloudWatch has a figure. */
export function unitOf(metric: SqsMetric['metric']): 'Bytes' | 'Count' | 'Seconds' {
  if (metric === 'SentMessageSize') return 'Bytes';
  return metric === 'ApproximateAgeOfOldestMessage' ? 'Seconds' : 'Count';
}

export interface Sqs {
  store: Store;
  waiting: WaitingReceivers;
  attempts: ReceiveAttempts;
  clock: Clock;
  ids: Ids;
  /** By message set: as many messages of it are in flight, or fewer. */
  inFlight: Map<number, number>;
  /** Begins to delete what was discarded. */
  background: { wake(): void };
  /** Begins to move messages. */
  mover: { run(task: Pick<MoveTask, 'id' | 'rate'>): void };
  onMetric(metric: SqsMetric): void;
  gauges: Pick<QueueGauges, 'note'>;
}

export type SqsOperation<O extends keyof OperationsOf<'sqs'>> = OperationOf<'sqs', O>;

/** The queue of a request's QueueUrl. Throws MissingParameter, InvalidAddress or QueueDoesNotExist. */
export async function queueOf(sqs: Sqs, queueUrl: string | undefined, { caller }: CallContext): Promise<Queue> {
  if (queueUrl === undefined || queueUrl === '') throw missingParameter('QueueUrl');
  const queue = await sqs.store.queues.find(parseQueueUrl(queueUrl, caller.region));
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** Names the queue of an ARN; undefined when it is the ARN of none. */
export function queueKeyOfArn(arn: string): QueueKey | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'sqs' || parsed.account === '' || parsed.region === '') return undefined;
  return { account: parsed.account, region: parsed.region, name: parsed.resource };
}

/** Runs `work` in a transaction in which the queue still exists. Throws QueueDoesNotExist. */
export function withQueue<T>(
  sqs: Sqs,
  queue: Queue,
  work: (queries: Queries) => Promise<T>,
  options?: WriteOptions,
): Promise<T> {
  return sqs.store.transaction(async (queries) => {
    if (queue.deleted) throw queueDoesNotExist();
    return work(queries);
  }, options);
}

/** As `withQueue`, for work that changes the queue itself: if it could not be committed, the queue is as it was. */
export async function changeQueue<T>(sqs: Sqs, queue: Queue, work: (queries: Queries) => Promise<T>): Promise<T> {
  try {
    return await withQueue(sqs, queue, work);
  } catch (error) {
    // A refusal comes before anything is changed.
    if (!(error instanceof AwsError)) await sqs.store.queues.reload(queue);
    throw error;
  }
}

/** Counts for CloudWatch; nothing is told of nothing. */
export function measure(sqs: Sqs, queue: Queue, metric: SqsMetric['metric'], value: number): void {
  if (value === 0) return;
  sqs.gauges.note(queue);
  sqs.onMetric({ account: queue.account, region: queue.region, queueName: queue.name, metric, value });
}
