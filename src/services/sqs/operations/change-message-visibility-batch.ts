// ChangeMessageVisibilityBatch: up to ten messages, each of which may be refused on its own.
import { type BatchFailure, batchAnswer, failureOf, requireBatch } from '../batch.ts';
import { queueOf, type Sqs, type SqsOperation, withQueue } from '../sqs.ts';
import { announceVisible, changeVisibility } from '../visibility.ts';

export function changeMessageVisibilityBatch(sqs: Sqs): SqsOperation<'ChangeMessageVisibilityBatch'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const entries = requireBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
    const { changed, visibleAt, failed } = await withQueue(sqs, queue, async (queries) => {
      const outcome = { changed: [] as { Id: string }[], visibleAt: [] as number[], failed: [] as BatchFailure[] };
      for (const entry of entries) {
        try {
          outcome.visibleAt.push(await changeVisibility(sqs, queries, queue, entry));
          outcome.changed.push({ Id: entry.Id! });
        } catch (error) {
          outcome.failed.push(failureOf(entry, error));
        }
      }
      return outcome;
    });
    announceVisible(sqs, queue, visibleAt);
    return batchAnswer(changed, failed);
  };
}
