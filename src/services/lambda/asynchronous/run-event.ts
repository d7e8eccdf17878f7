// Runs an event, and decides what becomes of it: over, tried again, or told to its destinations.
import { AwsError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import { backOffMs, type Disposition, type EventHandler, type QueuedEvent } from '../../../execution/index.ts';
import { functionArn } from '../function-name.ts';
import { versionName } from '../function-record.ts';
import { execute } from '../invocation.ts';
import type { Lambda } from '../lambda.ts';
import type { AsyncMetric } from '../metrics.ts';
import { isStoppedAsLoop, recursiveInvocation } from '../recursion.ts';
import { attemptSegments, type Result } from '../segments.ts';
import { visit } from '../trace-header.ts';
import { queuedTrace, traceFunction } from '../tracing.ts';
import { type FoundVersion, findVersion } from '../versions.ts';
import { deliver, type DeliveryParts, isTransient } from './deliver.ts';
import type { Completion, Delivery, EventState } from './event-state.ts';
import { invokedArn } from './invocation-record.ts';
import {
  afterFault,
  afterFunctionError,
  type Condition,
  conditionOf,
  type Decision,
  type Tries,
} from './retry-policy.ts';
import { asynchronousSettings, defaultEventAgeSeconds, defaultRetryAttempts } from './settings.ts';

export interface EventParts extends DeliveryParts {
  clock: Clock;
  log: Logger;
}

/** How often a destination is tried that could take its record later. */
const mostDeliveries = 6;

/** What handles the events of all functions. */
export function eventHandler(lambda: Lambda, parts: EventParts): EventHandler {
  return async (event) => {
    const state: EventState = JSON.parse(event.state);
    if (state.completion === undefined) {
      const disposition = await run(lambda, event, state, parts);
      if (disposition !== undefined) return disposition;
    }
    return tell(lambda, event, state, state.completion!, parts);
  };
}

/** Sends the event to its function; undefined when it is over, and `state` has its completion. */
async function run(
  lambda: Lambda,
  event: QueuedEvent,
  state: EventState,
  parts: EventParts,
): Promise<Disposition | undefined> {
  const { clock, ids } = parts;
  const decide = (decision: Decision): Disposition | undefined => {
    if ('at' in decision) return { kind: 'retry', at: decision.at, state: JSON.stringify(state) };
    return over(decision.over);
  };
  const over = (condition: Condition): undefined => {
    state.completion = { condition, at: clock.now(), deliveries: deliveriesOf(state, condition) };
    if (condition !== 'Success') measure(lambda, state, 'AsyncEventsDropped', clock);
  };

  const found = await find(lambda, state, ids.chance());
  if (found === undefined) {
    // What AWS does with events whose function was deleted: it looks for it as often as it would run it.
    state.attempts += 1;
    state.response = { status: 404, errorMessage: `Function not found: ${invokedArn(state)}` };
    return decide(afterFunctionError(tries(event, state, clock)));
  }
  state.settings = await asynchronousSettings(lambda, found);
  const condition = conditionOf(tries(event, state, clock));
  if (condition !== undefined) {
    // What is too old and was never tried found no room.
    state.response ??= { status: 429, errorMessage: 'Rate Exceeded.' };
    return over(condition);
  }
  const held = lambda.store.concurrency(found.account, found.region);
  const concurrency = held instanceof Promise ? await held : held;
  if (concurrency.reserved(found.name) === 0) {
    delete state.response;
    return over('ZeroReservedConcurrency');
  }
  const { header: visited, before } = visit(state.traceHeader, functionArn(found));
  if (await isStoppedAsLoop(lambda, found, before)) {
    const { code, status, message } = recursiveInvocation();
    state.response = { status, functionError: code, errorMessage: message };
    measure(lambda, state, 'RecursiveInvocationsDropped', clock);
    return over('RecursiveInvocation');
  }

  const attemptAt = clock.now();
  const age = attemptAt - event.acceptedAt;
  const traced = queuedTrace(state.traceHeader, event.acceptedAt);
  const { header, trace } = traced === undefined ? { header: visited } : traceFunction(visited, traced, ids);
  const attempt = { number: state.attempts + state.faults + 1, attemptAt };
  const tell = (result: Result) => {
    if (traced === undefined || trace === undefined) return;
    const now = { now: clock.now(), ids };
    lambda.tracing.putSegments(found, attemptSegments(found, traced, trace, attempt, result, now));
  };
  try {
    const outcome = await execute(lambda, found, {
      requestId: event.requestId,
      payload: event.payload,
      traceHeader: header,
      trace,
      clientContext: state.clientContext,
      tenantId: state.tenantId,
      logTail: false,
      isSynchronous: false,
    });
    if (outcome.kind === 'throttled') return { kind: 'throttled' };
    tell({ outcome });
    measure(lambda, state, 'AsyncEventAge', clock, age);
    const isSuccess = outcome.kind === 'success';
    state.attempts += 1;
    state.response = {
      status: 200,
      executedVersion: versionName(found.version.number),
      ...(isSuccess ? {} : { functionError: 'Unhandled' }),
      payload: outcome.payload.toString(),
    };
    return isSuccess ? over('Success') : decide(afterFunctionError(tries(event, state, clock)));
  } catch (error) {
    tell({ thrown: error });
    const isKnown = error instanceof AwsError;
    parts.log.warn({ err: error, requestId: event.requestId }, 'an event could not be sent to its function');
    state.faults += 1;
    state.response ??= {
      status: isKnown ? error.status : 500,
      functionError: isKnown ? error.code : 'ServiceException',
      errorMessage: isKnown ? error.message : 'An internal error occurred.',
    };
    return decide(afterFault(tries(event, state, clock)));
  }
}

/** Tells those who are to know that an event is over; it stays in the queue until they do. */
async function tell(
  lambda: Lambda,
  event: QueuedEvent,
  state: EventState,
  completion: Completion,
  parts: EventParts,
): Promise<Disposition> {
  const { clock, log } = parts;
  const { header } = visit(state.traceHeader, functionArn(state));
  const later: Delivery[] = [];
  for (const delivery of completion.deliveries) {
    try {
      await deliver(delivery, event, state, completion, header, parts);
    } catch (error) {
      const failures = delivery.failures + 1;
      if (isTransient(error) && failures < mostDeliveries) {
        later.push({ ...delivery, failures });
        continue;
      }
      log.warn({ err: error, requestId: event.requestId, to: delivery.to }, `a ${delivery.kind} could not be reached`);
      const metric = delivery.kind === 'dead-letter' ? 'DeadLetterErrors' : 'DestinationDeliveryFailures';
      measure(lambda, state, metric, clock);
    }
  }
  if (later.length === 0) return { kind: 'done' };
  completion.deliveries = later;
  const failures = Math.min(...later.map((delivery) => delivery.failures));
  return { kind: 'retry', at: clock.now() + backOffMs(failures), state: JSON.stringify(state) };
}

function deliveriesOf({ settings }: EventState, condition: Condition): Delivery[] {
  const { onSuccess, onFailure, deadLetter } = settings;
  const destination = condition === 'Success' ? onSuccess : onFailure;
  const deliveries: Delivery[] = [];
  if (destination !== undefined) deliveries.push({ kind: 'destination', to: destination, failures: 0 });
  if (condition !== 'Success' && deadLetter !== undefined) {
    deliveries.push({ kind: 'dead-letter', to: deadLetter, failures: 0 });
  }
  return deliveries;
}

/** The version that the event runs on this time; undefined when there is none. */
async function find(lambda: Lambda, state: EventState, chance: number): Promise<FoundVersion | undefined> {
  const { account, region, name, qualifier } = state;
  const caller = { account, region, accessKeyId: account, arn: `arn:aws:iam::${account}:root`, userId: account };
  try {
    return await findVersion(lambda, caller, 'InvokeFunction', name, qualifier, chance);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function tries({ acceptedAt }: QueuedEvent, { attempts, faults, settings }: EventState, clock: Clock): Tries {
  return {
    acceptedAt,
    now: clock.now(),
    attempts,
    faults,
    maximumRetryAttempts: settings.retries ?? defaultRetryAttempts,
    maximumEventAgeSeconds: settings.age ?? defaultEventAgeSeconds,
  };
}

function measure(lambda: Lambda, state: EventState, metric: AsyncMetric, clock: Clock, value = 1): void {
  const { account, region, name, qualifier } = state;
  lambda.metrics.asynchronous({ account, region, functionName: name, qualifier }, metric, value, clock.now());
}
