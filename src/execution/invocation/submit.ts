// Takes an invocation through admission, placement and its environment, to an outcome.
import type { Clock } from '../../core/clock.ts';
import { type BillingGranularity, billedDurationMs } from '../environment/billed-duration.ts';
import { type Environment, type InitFailure, tracingOf } from '../environment/environment.ts';
import { platformErrorPayload, timeoutError } from '../environment/exit-errors.ts';
import { HeldBackError, type Placement, ScalingRateError } from '../placement/placement.ts';
import type { ProvisionedEnvironments } from '../placement/provisioned.ts';
import { type FailedInit, InitFailedError } from '../placement/start-environment.ts';
import { NoRoomError } from '../placement/start-gate.ts';
import type { Admission, Admitted, KeptReady } from './admission.ts';
import type { FinishedInvocation, Invocation, Outcome } from './invocation.ts';

export interface SubmitParts {
  admission: Admission;
  placement: Placement;
  provisioned: ProvisionedEnvironments;
  clock: Clock;
  billingGranularity: BillingGranularity;
  /** Told of each invocation that was run or throttled; must neither throw nor take long. */
  onFinished(finished: FinishedInvocation): void;
}

/** Runs `invocation` to its end. Rejects only for faults of the platform or of the machine. */
export async function submit(invocation: Invocation, parts: SubmitParts): Promise<Outcome> {
  const { admission, clock, onFinished } = parts;
  const submittedAt = clock.now();
  const { target, concurrency, invokedArn } = invocation;
  const admitted = admission.enter(target, concurrency, keptReady(invocation, parts), invokedArn);
  if ('refused' in admitted) {
    const outcome: Outcome = { kind: 'throttled', reason: admitted.refused };
    onFinished({ invocation, outcome, submittedAt, provisioned: undefined, concurrent: undefined });
    return outcome;
  }
  const finish = (outcome: Outcome) => {
    const { provisioned, concurrent } = outcome.kind === 'throttled' ? notRun : admitted;
    admission.leave(admitted);
    onFinished({ invocation, outcome, submittedAt, provisioned, concurrent });
  };
  let outcome: Outcome;
  try {
    outcome = await run(invocation, admitted, parts);
  } catch (error) {
    admission.leave(admitted);
    throw error;
  }
  const served = outcome;
  if (served.kind === 'throttled' || served.completed === undefined) finish(served);
  else void served.completed.then((usage) => finish({ ...served, usage }));
  return outcome;
}

/** Serves the invocation; `release` gives the environment back once that is free again. */
async function serve(
  environment: Environment,
  invocation: Invocation,
  release: (environment: Environment) => void,
  repeatedInitMs?: number,
): Promise<Outcome> {
  let completed: Promise<unknown> | undefined;
  try {
    const outcome = await environment.invoke(invocation, repeatedInitMs);
    if (outcome.kind !== 'throttled') completed = outcome.completed;
    return outcome;
  } finally {
    if (completed === undefined) release(environment);
    else void completed.then(() => release(environment));
  }
}

const notRun = { provisioned: undefined, concurrent: undefined };

function keptReady({ target, concurrency }: Invocation, { provisioned }: SubmitParts): KeptReady | undefined {
  if (concurrency.provisioned === undefined && concurrency.reserved === undefined) return undefined;
  const ofFunction = provisioned.allocatedOf(target);
  if (concurrency.provisioned === undefined) return { allocated: 0, isFree: false, ofFunction };
  return { ...provisioned.keptFor(target, concurrency.provisioned.qualifier), ofFunction };
}

async function run(invocation: Invocation, admitted: Admitted, parts: SubmitParts): Promise<Outcome> {
  const { placement, provisioned } = parts;
  if (admitted.provisioned === 'served') {
    const environment = provisioned.take(invocation.target, invocation.concurrency.provisioned!.qualifier);
    return serve(environment, invocation, (each) => provisioned.release(each));
  }
  let environment: Environment;
  try {
    const placed = placement.place(invocation.target);
    environment = placed instanceof Promise ? await placed : placed;
  } catch (error) {
    if (error instanceof InitFailedError) return await initializeAgain(invocation, error, parts);
    if (error instanceof HeldBackError) return failed(invocation, error.last, 0, parts);
    // What the machine cannot run now is told as AWS tells what an account may not run now.
    if (error instanceof NoRoomError || error instanceof ScalingRateError) {
      return { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };
    }
    throw error;
  }
  return serve(environment, invocation, (each) => placement.release(each));
}

/**
 * Lambda repeats a failed init as part of the invocation, within the function's timeout; only its second failure is the
 * caller's to see. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
async function initializeAgain(invocation: Invocation, first: InitFailedError, parts: SubmitParts): Promise<Outcome> {
  const { log } = first;
  const { clock, placement } = parts;
  const { target } = invocation;
  if (invocation.logTail) log.keepTail();
  const startedAt = clock.monotonic();
  const result = await placement.restart(first, target.timeoutMs);
  const durationMs = clock.monotonic() - startedAt;
  if (!('status' in result)) {
    return serve(result, invocation, (each) => placement.release(each), durationMs);
  }
  const { status } = result;
  const errorType = status === 'timeout' ? undefined : result.errorType;
  log.initFailed({ durationMs, phase: 'invoke', status, errorType });
  return failed(invocation, { failure: result, log }, durationMs, parts);
}

/** The outcome of an invocation whose init failed, with its records in the log of the environment that failed. */
function failed(invocation: Invocation, of: FailedInit, durationMs: number, parts: SubmitParts): Outcome {
  const { failure, log } = of;
  const { target, requestId } = invocation;
  const { status } = failure;
  log.start(requestId, invocation.logTail, tracingOf(invocation));
  if (status === 'timeout') log.timedOut(requestId, target.timeoutMs);
  else if (failure.error !== undefined) log.broke(requestId, failure.error);
  const billed = billedDurationMs(parts.billingGranularity, { durationMs, initDurationMs: undefined });
  const usage = { durationMs, billedDurationMs: billed, initDurationMs: undefined, streamedBytes: 0 };
  const memory = { memorySizeMib: target.memoryMib, maxMemoryUsedMib: failure.maxMemoryMib };
  const errorType = status === 'timeout' ? undefined : failure.errorType;
  log.runtimeDone(requestId, { status, errorType, durationMs, producedBytes: 0 });
  const logTail = log.end(requestId, status, errorType, { ...usage, ...memory });
  const payload = payloadOf(failure, requestId, target.timeoutMs);
  return { kind: 'function-error', errorType: failure.errorType, payload, logTail, usage };
}

function payloadOf(failure: InitFailure, requestId: string, timeoutMs: number): Buffer {
  if (failure.status === 'timeout') return platformErrorPayload(requestId, timeoutError(timeoutMs));
  if (failure.payload !== undefined && failure.payload.length > 0) return failure.payload;
  return platformErrorPayload(requestId, failure.error ?? { errorType: failure.errorType, message: 'Unknown Reason' });
}
