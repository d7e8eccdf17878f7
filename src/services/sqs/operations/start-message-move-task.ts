// StartMessageMoveTask: moves what a dead-letter queue holds to another queue, or to where it came from.
import { invalidParameter, invalidValue, missingParameter, notAnArn, resourceNotFound } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Queue } from '../queue.ts';
import { queueKeyOfArn, type Sqs, type SqsOperation, withQueue } from '../sqs.ts';
import { countMessages, insertMoveTask, type MoveTask, runningMoveTask } from '../store/index.ts';
import { formatTaskHandle } from '../task-handle.ts';

export function startMessageMoveTask(sqs: Sqs): SqsOperation<'StartMessageMoveTask'> {
  return async (input, { caller }) => {
    const { SourceArn: sourceArn, DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: rate } = input;
    if (sourceArn === undefined) throw missingParameter('SourceArn');
    if (rate !== undefined && (rate < 1 || rate > limits.moveRate)) {
      throw invalidValue(
        rate,
        'MaxNumberOfMessagesPerSecond',
        `Must be between 1 and ${limits.moveRate}, if provided.`,
      );
    }
    const source = await existing(sqs, sourceArn, 'SourceArn');
    if ((await sqs.store.queues.deadLetterSources(source.arn, '', 1)).length === 0) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined) {
      const destination = await existing(sqs, destinationArn, 'DestinationArn');
      if (destination === source) {
        throw invalidParameter('Source queue arn and destination queue arn must be different.');
      }
      if (destination.fifo !== source.fifo) {
        throw invalidParameter('Source queue and destination queue must be of the same type.');
      }
    }
    await sqs.store.numbers.stocked();
    const task = await withQueue(sqs, source, async (queries) => {
      if ((await runningMoveTask(queries, source.arn)) !== undefined) {
        throw invalidParameter(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const now = sqs.clock.now();
      const counts = await countMessages(queries, source.state.messageSet, now, now - source.settings.retentionMs);
      const started: MoveTask = {
        id: sqs.ids.uuid(),
        account: caller.account,
        region: source.region,
        source_arn: source.arn,
        destination_arn: destinationArn ?? null,
        rate: rate ?? null,
        started: now,
        last_position: sqs.store.numbers.next(),
        to_move: counts.visible,
        moved: 0,
        status: 'RUNNING',
        failure: null,
      };
      await insertMoveTask(queries, started);
      return started;
    });
    sqs.mover.run(task);
    return { TaskHandle: formatTaskHandle({ taskId: task.id, sourceArn: source.arn }) };
  };
}

async function existing(sqs: Sqs, arn: string, parameter: string): Promise<Queue> {
  const key = queueKeyOfArn(arn);
  if (key === undefined) throw notAnArn(parameter);
  const queue = await sqs.store.queues.find(key);
  if (queue === undefined) {
    throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  }
  return queue;
}
