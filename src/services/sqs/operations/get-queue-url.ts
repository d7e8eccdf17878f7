// GetQueueUrl: the URL of a queue by its name, of another account too.
import { missingParameter, queueDoesNotExist } from '../errors.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { Sqs, SqsOperation } from '../sqs.ts';

export function getQueueUrl(sqs: Sqs): SqsOperation<'GetQueueUrl'> {
  return async ({ QueueName: name, QueueOwnerAWSAccountId: owner }, { caller, endpoint }) => {
    if (name === undefined) throw missingParameter('QueueName');
    const key = { account: owner ?? caller.account, region: caller.region, name };
    if ((await sqs.store.queues.find(key)) === undefined) throw queueDoesNotExist();
    return { QueueUrl: formatQueueUrl(endpoint, key) };
  };
}
