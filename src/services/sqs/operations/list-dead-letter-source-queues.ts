// ListDeadLetterSourceQueues: the queues whose dead letters come here.
import { requestedPage, tokenAfter } from '../pages.ts';
import { formatQueueUrl } from '../queue-url.ts';
import { queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function listDeadLetterSourceQueues(sqs: Sqs): SqsOperation<'ListDeadLetterSourceQueues'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    const page = requestedPage(input);
    const sources = await sqs.store.queues.deadLetterSources(queue.arn, page.after, page.limit + 1);
    const { shown, NextToken } = tokenAfter(sources, page, input.MaxResults, ({ name }) => name);
    return { queueUrls: shown.map((key) => formatQueueUrl(context.endpoint, key)), NextToken };
  };
}
