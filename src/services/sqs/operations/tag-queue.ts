// TagQueue: adds tags, or gives them other values.
import { missingParameter } from '../errors.ts';
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';
import { validateTags } from '../tags.ts';

export function tagQueue(sqs: Sqs): SqsOperation<'TagQueue'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const { Tags: added } = input;
    if (added === undefined || Object.keys(added).length === 0) throw missingParameter('Tags');
    await changeQueue(sqs, queue, async (queries) => {
      const tags = { ...queue.state.tags, ...added };
      validateTags(queue.name, tags);
      await sqs.store.queues.update(queries, queue, { tags });
    });
    return {};
  };
}
