// DeleteQueue: the queue and its messages, at once.
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';

export function deleteQueue(sqs: Sqs): SqsOperation<'DeleteQueue'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    await changeQueue(sqs, queue, (queries) => sqs.store.queues.delete(queries, queue, sqs.clock.now()));
    sqs.store.queues.forget(queue);
    sqs.inFlight.delete(queue.state.messageSet);
    sqs.waiting.endAll(queue.arn);
    sqs.background.wake();
    return {};
  };
}
