// GetQueueAttributes: settings and counts; nothing is told that was not asked for.
import { countNames, requestedAttributes, tellAttributes } from '../attributes.ts';
import { queueOf, type Sqs, type SqsOperation } from '../sqs.ts';
import { countMessages } from '../store/index.ts';

export function getQueueAttributes(sqs: Sqs): SqsOperation<'GetQueueAttributes'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const requested = requestedAttributes(input.AttributeNames ?? []);
    const now = sqs.clock.now();
    const counts = countNames.some((name) => requested.has(name))
      ? await countMessages(sqs.store.committed, queue.state.messageSet, now, now - queue.settings.retentionMs)
      : undefined;
    const told = Object.entries(tellAttributes(queue, counts)).filter(([name]) => requested.has(name));
    return told.length > 0 ? { Attributes: Object.fromEntries(told) } : {};
  };
}
