// Task handles: which message move task, told by the handle itself.
import { invalidParameter } from './errors.ts';

export interface TaskName {
  taskId: string;
  sourceArn: string;
}

export function formatTaskHandle({ taskId, sourceArn }: TaskName): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');
}

/** Throws InvalidParameterValue for what is no handle. */
export function parseTaskHandle(handle: string): TaskName {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // No JSON: answered as anything else that is no handle.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}
