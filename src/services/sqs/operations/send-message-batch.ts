// SendMessageBatch: up to ten messages, each of which may be refused on its own.
import { AwsError } from '../../../core/errors.ts';
import { type BatchFailure, batchAnswer, failureOf, requireBatch } from '../batch.ts';
import { batchTooLong, invalidParameter } from '../errors.ts';
import { limits } from '../limits.ts';
import { type Draft, draftMessage, messageBytes, requireFifoParameters, sendMessages } from '../send.ts';
import { queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function sendMessageBatch(sqs: Sqs): SqsOperation<'SendMessageBatch'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const entries = requireBatch(input.Entries, 'SendMessageBatchRequestEntry');
    const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
    if (bytes > limits.batchBytes) throw batchTooLong(limits.batchBytes, bytes);
    for (const entry of entries) {
      try {
        requireFifoParameters(queue, entry);
      } catch (error) {
        // Recorded: in a batch, what is missing has the code of what is invalid.
        throw error instanceof AwsError ? invalidParameter(error.message) : error;
      }
    }
    const failed: BatchFailure[] = [];
    const ids: string[] = [];
    const drafts: Draft[] = [];
    for (const entry of entries) {
      try {
        drafts.push(draftMessage(queue, entry, context));
        ids.push(entry.Id!);
      } catch (error) {
        failed.push(failureOf(entry, error));
      }
    }
    const sent = drafts.length === 0 ? [] : await sendMessages(sqs, queue, drafts);
    return batchAnswer(
      sent.map((each, index) => ({ Id: ids[index]!, ...each })),
      failed,
    );
  };
}
