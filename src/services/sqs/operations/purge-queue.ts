// PurgeQueue: all messages of a queue, once a minute.
import { purgeInProgress } from '../errors.ts';
import { limits } from '../limits.ts';
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function purgeQueue(sqs: Sqs): SqsOperation<'PurgeQueue'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    await sqs.store.numbers.stocked();
    await changeQueue(sqs, queue, async (queries) => {
      const now = sqs.clock.now();
      const { messageSet, purged } = queue.state;
      if (purged !== undefined && now - purged < limits.purgeIntervalMs) throw purgeInProgress(queue.name);
      await sqs.store.queues.discardSet(queries, messageSet);
      await sqs.store.queues.update(queries, queue, { messageSet: sqs.store.numbers.next(), purged: now });
      sqs.inFlight.delete(messageSet);
    });
    sqs.background.wake();
    return {};
  };
}
