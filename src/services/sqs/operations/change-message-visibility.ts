// ChangeMessageVisibility: when a message that was received becomes visible again.
import { queueOf, type Sqs, type SqsOperation, withQueue } from '../sqs.ts';
import { announceVisible, changeVisibility } from '../visibility.ts';

export function changeMessageVisibility(sqs: Sqs): SqsOperation<'ChangeMessageVisibility'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const visibleAt = await withQueue(sqs, queue, (queries) => changeVisibility(sqs, queries, queue, input));
    announceVisible(sqs, queue, [visibleAt]);
    return {};
  };
}
