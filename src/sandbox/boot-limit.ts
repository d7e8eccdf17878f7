// How long a boot may take, and what is said when it fails.
import type { Readable } from 'node:stream';
import { SandboxBootError, type SandboxExit } from './driver.ts';

/** An interpreter that has not booted by then never will. */
export const bootLimitMs = 30_000;

const outputLimitBytes = 16 * 1024;

/** Resolves with `booted`, or rejects with why the boot failed: it ended first, it took too long. */
export async function untilBooted<Value>(booted: Promise<Value>, exited: Promise<SandboxExit>): Promise<Value> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the runtime did not boot within ${bootLimitMs / 1000} s`)),
    bootLimitMs,
  );
  void exited.then(({ code, signal }) =>
    reject(new Error(`the runtime ended with ${signal ?? `exit status ${code}`}`)),
  );
  try {
    return await Promise.race([booted, failed]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of a boot that failed, with what the sandbox, whose processes are gone, wrote to stderr. */
export async function bootError(id: string, cause: unknown, stderr: Readable | undefined): Promise<SandboxBootError> {
  const output = stderr ? await readRest(stderr) : '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SandboxBootError(`sandbox ${id} could not be started: ${reason}`, output, { cause });
}

async function readRest(stream: Readable): Promise<string> {
  let text = '';
  // A process that escaped the kill could hold the pipe open.
  const timer = setTimeout(() => stream.destroy(), 200);
  try {
    for await (const chunk of stream.setEncoding('utf8')) if (text.length < outputLimitBytes) text += chunk;
  } catch {
    // What was read until then is what there is.
  }
  clearTimeout(timer);
  return text.slice(0, outputLimitBytes);
}
