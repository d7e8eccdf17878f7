// SendMessage: one message.
import { draftMessage, requireFifoParameters, sendMessages } from '../send.ts';
import { queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function sendMessage(sqs: Sqs): SqsOperation<'SendMessage'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    requireFifoParameters(queue, input);
    const [sent] = await sendMessages(sqs, queue, [draftMessage(queue, input, context)]);
    return sent!;
  };
}
