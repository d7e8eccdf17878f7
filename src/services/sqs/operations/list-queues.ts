// ListQueues: URLs of the caller's queues in its region.
import { requestedPage, tokenAfter } from '../pages.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { Sqs, SqsOperation } from '../sqs.ts';

export function listQueues(sqs: Sqs): SqsOperation<'ListQueues'> {
  return async (input, { caller: { account, region }, endpoint }) => {
    const page = requestedPage(input);
    const prefix = input.QueueNamePrefix ?? '';
    const names = await sqs.store.queues.names(account, region, prefix, page.after, page.limit + 1);
    const { shown, NextToken } = tokenAfter(names, page, input.MaxResults, (name) => name);
    return {
      QueueUrls:
        shown.length > 0 ? shown.map((name) => formatQueueUrl(endpoint, { account, region, name })) : undefined,
      NextToken,
    };
  };
}
