// Runs a test against one freshly booted and assigned function.
import type { RuntimeBuild } from '../../src/sandbox/driver.ts';
import type { AssignFrame } from '../../src/sandbox/frames.ts';
import { type Answer, boot, type RuntimeProcess, TaskFolder } from './harness.ts';

export interface FunctionSetup extends Partial<AssignFrame> {
  files: Record<string, string>;
  handler: string;
}

export interface AssignedFunction {
  runtime: RuntimeProcess;
  /** The answer to the assignment: `ready`, `initError` or `closed`. */
  assigned: Answer;
  task: TaskFolder;
}

/** Boots `build`, assigns a function of the given files, and ends it after `check`, whatever that does. */
export async function withFunction(
  build: RuntimeBuild,
  { files, handler, ...frame }: FunctionSetup,
  check: (fn: AssignedFunction) => Promise<void>,
): Promise<void> {
  using task = new TaskFolder(files);
  await using runtime = await boot(build);
  const env = { AWS_EXECUTION_ENV: `AWS_Lambda_${build.runtime}`, ...frame.env };
  const assigned = await runtime.assign({ ...frame, handler, taskRoot: task.path, env });
  await check({ runtime, assigned, task });
}
