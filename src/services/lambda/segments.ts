// The segments that Lambda makes of a sampled invocation: of the service, of the function, and of the time in the queue.
// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
import { AwsError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import type { InvocationTrace, Outcome } from '../../execution/index.ts';
import { type ErrorCause, errorCause } from './error-cause.ts';
import { functionArn } from './function-name.ts';
import type { ServiceTrace } from './tracing.ts';
import type { FoundVersion } from './versions.ts';

/** A segment of X-Ray; times in epoch seconds. */
export interface SegmentDocument {
  id: string;
  trace_id: string;
  name: string;
  start_time: number;
  end_time: number;
  parent_id?: string;
  type?: 'subsegment';
  origin?: string;
  resource_arn?: string;
  error?: boolean;
  fault?: boolean;
  throttle?: boolean;
  cause?: ErrorCause;
  http?: { response: { status: number } };
  aws?: Record<string, unknown>;
  subsegments?: Omit<SegmentDocument, 'trace_id'>[];
}

/** What came of it: an outcome, or why the platform could not run it. */
export type Result = { outcome: Outcome } | { thrown: unknown };

const segmentIdBytes = 8;

/** The segment AWS::Lambda of a request that ended at `now` (epoch milliseconds) with a status. */
export function serviceSegment(
  found: FoundVersion,
  { id, segmentId, parentId, receivedAt }: ServiceTrace,
  requestId: string,
  status: number,
  now: number,
): SegmentDocument {
  return {
    id: segmentId,
    trace_id: id,
    name: found.name,
    start_time: seconds(receivedAt),
    end_time: seconds(now),
    ...(parentId === undefined ? {} : { parent_id: parentId }),
    http: { response: { status } },
    aws: { request_id: requestId },
    origin: 'AWS::Lambda',
    resource_arn: functionArn(found, found.reference.qualifier),
    ...flagsOf(status),
  };
}

/** Of a synchronous invocation that ended at `now`. */
export function invocationSegments(
  found: FoundVersion,
  service: ServiceTrace,
  trace: InvocationTrace,
  requestId: string,
  result: Result,
  { now, ids }: { now: number; ids: Ids },
): SegmentDocument[] {
  const segment = serviceSegment(found, service, requestId, statusOf(result), now);
  const made = functionSegment(found, service, trace, segment.id, result, { now, ids });
  if (made?.fault !== true) return made === undefined ? [segment] : [segment, made];
  return [{ ...segment, fault: true }, made];
}

/** Of one attempt at an event, which began at `attemptAt` and ended at `now`. */
export function attemptSegments(
  found: FoundVersion,
  service: ServiceTrace,
  trace: InvocationTrace,
  { number, attemptAt }: { number: number; attemptAt: number },
  result: Result,
  { now, ids }: { now: number; ids: Ids },
): SegmentDocument[] {
  const apart = (name: string, from: number, to: number): SegmentDocument => ({
    id: ids.hex(segmentIdBytes),
    trace_id: service.id,
    parent_id: service.segmentId,
    type: 'subsegment',
    name,
    start_time: seconds(from),
    end_time: seconds(Math.max(from, to)),
  });
  const status = statusOf(result);
  const attempt = {
    ...apart(`Attempt #${number}`, attemptAt, now),
    http: { response: { status } },
    ...flagsOf(status),
  };
  const made = functionSegment(found, service, trace, attempt.id, result, { now, ids });
  if (made?.fault === true) attempt.fault = true;
  const dwelt = number === 1 ? [apart('Dwell Time', service.receivedAt, attemptAt)] : [];
  return [...dwelt, attempt, ...(made === undefined ? [] : [made])];
}

/** The segment AWS::Lambda::Function; undefined when no environment was given the invocation. */
function functionSegment(
  found: FoundVersion,
  service: ServiceTrace,
  trace: InvocationTrace,
  parentId: string,
  result: Result,
  { now, ids }: { now: number; ids: Ids },
): SegmentDocument | undefined {
  if (!('outcome' in result) || result.outcome.kind === 'throttled') return undefined;
  const { outcome } = result;
  const arn = functionArn(found);
  const part = (name: string, id: string, from: number, to: number) => ({
    id,
    name,
    start_time: seconds(from),
    end_time: seconds(Math.max(from, to)),
    aws: { function_arn: arn },
  });
  const phases = outcome.usage.phases;
  const fault = outcome.kind === 'function-error' ? failure(outcome.payload, ids) : {};
  const subsegments: NonNullable<SegmentDocument['subsegments']> = [];
  // One that never came to be invoked has its second initialisation alone to show.
  const startedAt = phases?.startedAt ?? now - outcome.usage.durationMs;
  const initialization = phases === undefined ? { from: startedAt, to: now } : phases.initialization;
  if (initialization !== undefined) {
    const shown = part('Initialization', ids.hex(segmentIdBytes), initialization.from, initialization.to);
    subsegments.push(phases === undefined ? { ...shown, ...fault } : shown);
  }
  if (phases !== undefined) {
    const { answeredAt, endedAt } = phases;
    subsegments.push({ ...part('Invocation', trace.invocationId, startedAt, answeredAt), ...fault });
    subsegments.push(part('Overhead', ids.hex(segmentIdBytes), answeredAt, endedAt));
  }
  // What was initialised for this request is part of it; what was kept ready was before it.
  const from = initialization === undefined ? startedAt : Math.max(initialization.from, service.receivedAt);
  return {
    id: trace.segmentId,
    trace_id: trace.id,
    parent_id: parentId,
    name: found.name,
    start_time: seconds(Math.min(from, startedAt)),
    end_time: seconds(phases?.endedAt ?? now),
    aws: { account_id: found.account, function_arn: arn, resource_names: [found.name] },
    origin: 'AWS::Lambda::Function',
    ...fault,
    subsegments,
  };
}

function failure(payload: Buffer, ids: Ids): { fault: true; cause?: ErrorCause } {
  const cause = errorCause(payload, () => ids.hex(segmentIdBytes));
  return cause === undefined ? { fault: true } : { fault: true, cause };
}

function statusOf(result: Result): number {
  if ('outcome' in result) return result.outcome.kind === 'throttled' ? 429 : 200;
  return result.thrown instanceof AwsError ? result.thrown.status : 500;
}

function flagsOf(status: number): Partial<SegmentDocument> {
  if (status === 429) return { error: true, throttle: true };
  if (status >= 500) return { fault: true };
  return status >= 400 ? { error: true } : {};
}

function seconds(epochMs: number): number {
  return Math.round(epochMs * 1000) / 1_000_000;
}
