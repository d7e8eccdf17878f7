// How the end of a runtime process reads in an error payload and in REPORT.
import type { SandboxExit } from '../../sandbox/index.ts';

/** Signal names as AWS prints them. */
const signalTexts: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGSYS: 'bad system call',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

export interface PlatformError {
  errorType: string;
  /** Without the `RequestId: … Error: ` in front. */
  message: string;
}

/** How a process has ended, as AWS words it of an extension. */
export function terminationText({ code, signal }: Pick<SandboxExit, 'code' | 'signal'>): string {
  if (signal !== null) return `signal: ${signalTexts[signal] ?? signal.toLowerCase()}`;
  return code === 0 ? 'exit code 0' : `exit status ${code}`;
}

export function exitError(exit: SandboxExit): PlatformError {
  if (exit.outOfMemory)
    return { errorType: 'Runtime.OutOfMemory', message: 'Runtime exited with error: signal: killed' };
  if (exit.code === 0) return { errorType: 'Runtime.ExitError', message: 'Runtime exited without providing a reason' };
  return { errorType: 'Runtime.ExitError', message: `Runtime exited with error: ${terminationText(exit)}` };
}

export function timeoutError(timeoutMs: number): PlatformError {
  return { errorType: 'Sandbox.Timedout', message: `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds` };
}

/** The payload of an error that the platform found, as opposed to one that the runtime reported. */
export function platformErrorPayload(requestId: string, error: PlatformError): Buffer {
  const { errorType, message } = error;
  return Buffer.from(JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` }));
}
