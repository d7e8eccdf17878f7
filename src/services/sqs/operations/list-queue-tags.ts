// ListQueueTags: all tags of a queue.
import { queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function listQueueTags(sqs: Sqs): SqsOperation<'ListQueueTags'> {
  return async (input, context) => {
    const { tags } = (await queueOf(sqs, input.QueueUrl, context)).state;
    return Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {};
  };
}
