// DeleteMessage: one message that was received.
import { removeMessage } from '../remove.ts';
import { measure, queueOf, type Sqs, type SqsOperation, withQueue } from '../sqs.ts';

export function deleteMessage(sqs: Sqs): SqsOperation<'DeleteMessage'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    await withQueue(sqs, queue, (queries) => removeMessage(sqs, queries, queue, input.ReceiptHandle));
    // The next message of its group may be received now.
    if (queue.fifo) sqs.waiting.wake(queue.arn, 1);
    measure(sqs, queue, 'NumberOfMessagesDeleted', 1);
    return {};
  };
}
