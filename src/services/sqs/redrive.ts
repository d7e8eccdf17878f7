// Dead-letter queues: which queue may send its dead letters where.
import { allowsRedriveFrom } from './attributes.ts';
import { invalidValue } from './errors.ts';
import { type QueueKey, queueArn } from './queue.ts';
import { queueKeyOfArn, type Sqs } from './sqs.ts';

/** Throws unless the queue that a valid RedrivePolicy names exists beside `source`, is of its type and allows it. */
export async function requireDeadLetterQueue(sqs: Sqs, source: QueueKey, policy: string): Promise<void> {
  const refuse = (reason: string) => invalidValue(policy, 'RedrivePolicy', reason);
  const key = queueKeyOfArn(JSON.parse(policy).deadLetterTargetArn);
  if (key === undefined) throw refuse('Invalid value for deadLetterTargetArn.');
  if (key.account !== source.account) throw refuse('Dead-letter target owner should be same as the source.');
  const target = key.region === source.region ? await sqs.store.queues.find(key) : undefined;
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== source.name.endsWith('.fifo')) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  if (!allowsRedriveFrom(target, queueArn(source))) {
    throw refuse('Queue does not have permission to use the dead-letter queue, as its redrive allow policy denies it.');
  }
}
