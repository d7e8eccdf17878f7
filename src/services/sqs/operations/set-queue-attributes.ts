// SetQueueAttributes: some attributes; the others stay.
import { changeAttributes } from '../attributes.ts';
import { missingParameter } from '../errors.ts';
import { requireDeadLetterQueue } from '../redrive.ts';
import { changeQueue, queueOf, type Sqs, type SqsOperation } from '../sqs.ts';
import { redelay } from '../store/index.ts';

export function setQueueAttributes(sqs: Sqs): SqsOperation<'SetQueueAttributes'> {
  return async (input, context) => {
    const queue = await queueOf(sqs, input.QueueUrl, context);
    if (input.Attributes === undefined) throw missingParameter('Attributes');
    const changes = input.Attributes as Record<string, string>;
    const { RedrivePolicy: redrive } = changeAttributes({}, redriveOf(changes), queue.fifo);
    if (redrive !== undefined) await requireDeadLetterQueue(sqs, queue, redrive);
    await changeQueue(sqs, queue, async (queries) => {
      const attributes = changeAttributes(queue.state.attributes, changes, queue.fifo);
      const before = queue.settings.delayMs;
      await sqs.store.queues.update(queries, queue, { attributes, modified: sqs.clock.now() });
      // The delay of a FIFO queue holds for the messages that it has, that of a standard queue for new ones.
      if (queue.fifo && queue.settings.delayMs !== before) {
        await redelay(queries, queue.state.messageSet, queue.settings.delayMs);
      }
    });
    sqs.waiting.wake(queue.arn, 1);
    return {};
  };
}

function redriveOf({ RedrivePolicy: policy }: Record<string, string>): Record<string, string> {
  return policy === undefined ? {} : { RedrivePolicy: policy };
}
