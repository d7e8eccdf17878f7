// RemovePermission: the statement of a label, out of the queue's policy.
import { missingParameter } from '../errors.ts';
import { policyWithout } from '../policy.ts';
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function removePermission(sqs: Sqs): SqsOperation<'RemovePermission'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const { Label: label } = input;
    if (label === undefined) throw missingParameter('Label');
    await changeQueue(sqs, queue, async (queries) => {
      const policy = policyWithout(queue, label);
      const { Policy: _, ...others } = queue.state.attributes;
      const attributes = policy === undefined ? others : { ...others, Policy: policy };
      await sqs.store.queues.update(queries, queue, { attributes, modified: sqs.clock.now() });
    });
    return {};
  };
}
