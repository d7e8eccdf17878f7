// CreateQueue: a new queue, or the one of that name if it has the same attributes.
import { changeAttributes, differingAttribute, validateQueueName } from '../attributes.ts';
import { missingParameter, queueDeletedRecently, queueNameExists } from '../errors.ts';
import type { Queue, QueueKey } from '../queue.ts';
import { formatQueueUrl } from '../queue-url.ts';
import { requireDeadLetterQueue } from '../redrive.ts';
import type { Sqs, SqsOperation } from '../sqs.ts';
import { validateTags } from '../tags.ts';

export function createQueue(sqs: Sqs): SqsOperation<'CreateQueue'> {
  return async (input, { caller, endpoint }) => {
    const { QueueName: name, Attributes: asked = {}, tags = {} } = input;
    if (name === undefined) throw missingParameter('QueueName');
    const given = asked as Record<string, string>;
    const fifo = given['FifoQueue'] === 'true';
    validateQueueName(name, fifo);
    const key: QueueKey = { account: caller.account, region: caller.region, name };
    const attributes = changeAttributes({}, given, fifo);
    validateTags(name, tags);
    if (attributes['RedrivePolicy'] !== undefined) await requireDeadLetterQueue(sqs, key, attributes['RedrivePolicy']);
    await sqs.store.numbers.stocked();
    let existing: Queue | undefined;
    const made = await sqs.store.transaction(async (queries) => {
      existing = await sqs.store.queues.find(key, queries);
      if (existing !== undefined) return undefined;
      const now = sqs.clock.now();
      if (await sqs.store.queues.deletedRecently(queries, key, now)) throw queueDeletedRecently();
      const messageSet = sqs.store.numbers.next();
      return sqs.store.queues.insert(queries, key, {
        messageSet,
        created: now,
        modified: now,
        purged: undefined,
        attributes,
        tags,
      });
    });
    if (made !== undefined) sqs.store.queues.inserted(made);
    else {
      const different = differingAttribute(existing!, given);
      if (different !== undefined) throw queueNameExists(different);
    }
    return { QueueUrl: formatQueueUrl(endpoint, key) };
  };
}
