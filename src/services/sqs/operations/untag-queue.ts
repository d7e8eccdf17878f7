// UntagQueue: takes tags away; those that are not there are no error.
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';
import { tagKeyLength } from '../tags.ts';

export function untagQueue(sqs: Sqs): SqsOperation<'UntagQueue'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const { TagKeys: keys } = input;
    if (keys === undefined || keys.length === 0) throw tagKeyLength();
    await changeQueue(sqs, queue, async (queries) => {
      const kept = Object.entries(queue.state.tags).filter(([key]) => !keys.includes(key));
      await sqs.store.queues.update(queries, queue, { tags: Object.fromEntries(kept) });
    });
    return {};
  };
}
