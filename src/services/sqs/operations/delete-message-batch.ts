// DeleteMessageBatch: up to ten messages, each of which may be refused on its own.
import { type BatchFailure, batchAnswer, failureOf, requireBatch } from '../batch.ts';
import { removeMessage } from '../remove.ts';
import { measure, queueOf, type Sqs, type SqsOperation, withQueue } from '../sqs.ts';

export function deleteMessageBatch(sqs: Sqs): SqsOperation<'DeleteMessageBatch'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const entries = requireBatch(input.Entries, 'DeleteMessageBatchRequestEntry');
    const { deleted, failed } = await withQueue(sqs, queue, async (queries) => {
      const outcome = { deleted: [] as { Id: string }[], failed: [] as BatchFailure[] };
      for (const entry of entries) {
        try {
          await removeMessage(sqs, queries, queue, entry.ReceiptHandle);
          outcome.deleted.push({ Id: entry.Id! });
        } catch (error) {
          outcome.failed.push(failureOf(entry, error));
        }
      }
      return outcome;
    });
    if (queue.fifo) sqs.waiting.wake(queue.arn, deleted.length);
    measure(sqs, queue, 'NumberOfMessagesDeleted', deleted.length);
    return batchAnswer(deleted, failed);
  };
}
