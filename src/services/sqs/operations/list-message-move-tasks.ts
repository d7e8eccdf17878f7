// ListMessageMoveTasks: the newest tasks of a dead-letter queue.
import { invalidValue, missingParameter, notAnArn, resourceNotFound } from '../errors.ts';
import { limits } from '../limits.ts';
import { queueKeyOfArn, type Sqs, type SqsOperation } from '../sqs.ts';
import { moveTasksOf } from '../store/index.ts';
import { formatTaskHandle } from '../task-handle.ts';

export function listMessageMoveTasks(sqs: Sqs): SqsOperation<'ListMessageMoveTasks'> {
  return async ({ SourceArn: sourceArn, MaxResults: max = 1 }) => {
    if (sourceArn === undefined) throw missingParameter('SourceArn');
    if (max < 1 || max > limits.moveTasksListed) {
      throw invalidValue(max, 'MaxResults', `Must be between 1 and ${limits.moveTasksListed}, if provided.`);
    }
    const key = queueKeyOfArn(sourceArn);
    if (key === undefined) throw notAnArn('SourceArn');
    if ((await sqs.store.queues.find(key)) === undefined) {
      throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    }
    const tasks = await moveTasksOf(sqs.store.committed, sourceArn, max);
    return {
      Results: tasks.map((task) => ({
        // A handle serves to cancel, so it is told only of what can be.
        TaskHandle:
          task.status === 'RUNNING' ? formatTaskHandle({ taskId: task.id, sourceArn: task.source_arn }) : undefined,
        Status: task.status,
        SourceArn: task.source_arn,
        DestinationArn: task.destination_arn ?? undefined,
        MaxNumberOfMessagesPerSecond: task.rate ?? undefined,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.to_move,
        FailureReason: task.failure ?? undefined,
        StartedTimestamp: task.started,
      })),
    };
  };
}
