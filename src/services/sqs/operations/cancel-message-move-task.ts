// CancelMessageMoveTask: what was moved stays moved.
import { invalidParameter, missingParameter, resourceNotFound } from '../errors.ts';
import { queueKeyOfArn, type Sqs, type SqsOperation } from '../sqs.ts';
import { findMoveTask, updateMoveTask } from '../store/index.ts';
import { parseTaskHandle } from '../task-handle.ts';

export function cancelMessageMoveTask(sqs: Sqs): SqsOperation<'CancelMessageMoveTask'> {
  return async ({ TaskHandle: handle }) => {
    if (handle === undefined) throw missingParameter('TaskHandle');
    const { taskId, sourceArn } = parseTaskHandle(handle);
    const key = queueKeyOfArn(sourceArn);
    if (key === undefined || (await sqs.store.queues.find(key)) === undefined) {
      throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    }
    const moved = await sqs.store.transaction(async (queries) => {
      const task = await findMoveTask(queries, taskId);
      if (task === undefined || task.source_arn !== sourceArn) throw resourceNotFound('Task does not exist.');
      if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
      await updateMoveTask(queries, { ...task, status: 'CANCELLED' });
      return task.moved;
    });
    return { ApproximateNumberOfMessagesMoved: moved };
  };
}
