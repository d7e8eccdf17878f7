// Takes an invocation through admission, placement and its environment, to an outcome.
import type { Clock } from '../../core/clock.ts';
import type { Environment, InitFailure } from '../environment/environment.ts';
import { platformErrorPayload, timeoutError } from '../environment/exit-errors.ts';
import { InitFailedError, type Placement } from '../placement/placement.ts';
import type { Admission } from './admission.ts';
import type { Invocation, Outcome } from './invocation.ts';

export interface SubmitParts {
  admission: Admission;
  placement: Placement;
  clock: Clock;
}

/** Runs `invocation` to its end. Rejects only for faults of the platform or of the machine. */
export async function submit(invocation: Invocation, parts: SubmitParts): Promise<Outcome> {
  const { admission, placement } = parts;
  const admitted = admission.enter(invocation.target, invocation.concurrency);
  if ('refused' in admitted) return { kind: 'throttled', reason: admitted.refused };
  try {
    let environment: Environment;
    try {
      const placed = placement.place(invocation.target);
      environment = placed instanceof Promise ? await placed : placed;
    } catch (error) {
      if (error instanceof InitFailedError) return await initializeAgain(invocation, error, parts);
      throw error;
    }
    try {
      return await environment.invoke(invocation);
    } finally {
      placement.release(environment);
    }
  } finally {
    admission.leave(admitted);
  }
}

/**
 * Lambda repeats a failed init as part of the invocation, within the function's timeout; only its second failure is the
 * caller's to see. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
async function initializeAgain(invocation: Invocation, failed: InitFailedError, parts: SubmitParts): Promise<Outcome> {
  const { log } = failed;
  const { clock, placement } = parts;
  const { target, requestId } = invocation;
  log.start(requestId, invocation.logTail);
  const startedAt = clock.monotonic();
  const result = await placement.restart(failed, target.timeoutMs);
  const durationMs = clock.monotonic() - startedAt;
  if (!('status' in result)) {
    try {
      return await result.invoke(invocation, true, Math.max(1, target.timeoutMs - durationMs));
    } finally {
      placement.release(result);
    }
  }
  const timedOut = result.status === 'timeout';
  if (timedOut) log.timedOut(requestId, target.timeoutMs);
  log.initFailed({
    durationMs,
    phase: 'invoke',
    status: result.status,
    errorType: timedOut ? undefined : result.errorType,
  });
  const logTail = log.end(requestId, result.status, timedOut ? undefined : result.errorType, {
    durationMs,
    billedDurationMs: Math.ceil(durationMs),
    memorySizeMib: target.memoryMib,
    maxMemoryUsedMib: result.maxMemoryMib,
    initDurationMs: undefined,
  });
  return {
    kind: 'function-error',
    errorType: result.errorType,
    payload: payloadOf(result, requestId, target.timeoutMs),
    logTail,
  };
}

function payloadOf(failure: InitFailure, requestId: string, timeoutMs: number): Buffer {
  if (failure.status === 'timeout') return platformErrorPayload(requestId, timeoutError(timeoutMs));
  if (failure.payload !== undefined && failure.payload.length > 0) return failure.payload;
  return platformErrorPayload(requestId, failure.error ?? { errorType: failure.errorType, message: 'Unknown Reason' });
}
