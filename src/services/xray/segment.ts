// Segment documents: their shape, and which of them are taken.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
import { limits } from './limits.ts';

/** A segment or subsegment. Times are epoch seconds with a fraction. What is not named here is kept as it is. */
export interface SegmentDocument {
  id: string;
  name: string;
  start_time: number;
  end_time?: number;
  in_progress?: boolean;
  trace_id?: string;
  parent_id?: string;
  /** `subsegment` for one that was sent apart from its segment. */
  type?: string;
  origin?: string;
  namespace?: string;
  inferred?: boolean;
  resource_arn?: string;
  user?: string;
  fault?: boolean;
  error?: boolean;
  throttle?: boolean;
  cause?: string | SegmentCause;
  http?: SegmentHttp;
  aws?: Record<string, unknown>;
  annotations?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  service?: { version?: string };
  subsegments?: SegmentDocument[];
  precursor_ids?: string[];
}

export interface SegmentHttp {
  request?: {
    method?: string;
    url?: string;
    user_agent?: string;
    client_ip?: string;
    x_forwarded_for?: boolean;
    traced?: boolean;
  };
  response?: { status?: number; content_length?: number };
}

export interface SegmentCause {
  working_directory?: string;
  paths?: string[];
  exceptions?: SegmentException[];
}

export interface SegmentException {
  id?: string;
  message?: string;
  type?: string;
  remote?: boolean;
  cause?: string;
  stack?: { path?: string; line?: number; label?: string }[];
}

export interface TakenSegment {
  document: SegmentDocument & { trace_id: string };
  /** As it is stored. */
  text: string;
}

/** As UnprocessedTraceSegments tells it. */
export interface RefusedSegment {
  Id?: string;
  ErrorCode: string;
  Message: string;
}

const segmentId = /^[0-9a-f]{16}$/i;
const traceId = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/i;
/** W3C's form, which X-Ray takes as well. */
const w3cTraceId = /^[0-9a-f]{32}$/i;
const nameCharacters = /^[\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]{1,200}$/u;
const calls = ['aws', 'remote'];

export function isTraceId(text: string): boolean {
  return traceId.test(text);
}

/** Whether a subsegment is of a call to another service; SDKs also write `local`. */
export function isCall({ namespace }: SegmentDocument): boolean {
  return calls.includes(namespace ?? '');
}

/** Epoch milliseconds at which the trace began. */
export function timeOfTrace(id: string): number {
  return Number.parseInt(traceId.exec(id)?.[1] ?? '0', 16) * 1000;
}

/** Reads a document; `now` is epoch milliseconds. */
export function readSegment(text: string, now: number): TakenSegment | RefusedSegment {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refused('ParseError', undefined);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return refused('ParseError', undefined);
  const segment = document as Record<string, unknown>;
  const id = typeof segment['id'] === 'string' ? segment['id'] : undefined;
  if (Buffer.byteLength(text) > limits.segmentBytes) return refused('SegmentTooLarge', id);
  const fault = faultOf(segment, now);
  if (fault !== undefined) return refused(fault, id);
  const taken = segment as unknown as TakenSegment['document'];
  const normal = normalTraceId(taken.trace_id);
  if (normal === taken.trace_id) return { document: taken, text };
  taken.trace_id = normal;
  return { document: taken, text: JSON.stringify(taken) };
}

function normalTraceId(id: string): string {
  return w3cTraceId.test(id) ? `1-${id.slice(0, 8)}-${id.slice(8)}` : id;
}

/** X-Ray's name of what is wrong with a segment that stands alone; undefined when nothing is. */
function faultOf(segment: Record<string, unknown>, now: number): string | undefined {
  const { id, name, trace_id: trace, parent_id: parent, type } = segment;
  if (id === undefined) return 'MissingId';
  if (typeof id !== 'string' || !segmentId.test(id)) return 'InvalidId';
  if (trace === undefined) return 'MissingTraceId';
  if (typeof trace !== 'string') return 'InvalidTraceId';
  if (!w3cTraceId.test(trace)) {
    const begun = timeOfTrace(trace);
    if (!traceId.test(trace)) return 'InvalidTraceId';
    if (begun < now - limits.retentionMs || begun > now + limits.futureMs) return 'InvalidTraceId';
  }
  if (name === undefined) return 'MissingName';
  if (type !== undefined && type !== 'subsegment') return 'InvalidType';
  if (type === 'subsegment' && parent === undefined) return 'MissingParentId';
  if (parent !== undefined && parent !== null && (typeof parent !== 'string' || !segmentId.test(parent))) {
    return 'InvalidParentId';
  }
  return faultOfPart(segment);
}

/** Of a segment or of a subsegment in one. */
function faultOfPart(segment: Record<string, unknown>): string | undefined {
  const { id, name, start_time: from, end_time: to, in_progress: inProgress, annotations, subsegments } = segment;
  if (typeof id !== 'string' || !segmentId.test(id)) return 'InvalidId';
  if (typeof name !== 'string' || !nameCharacters.test(name)) return 'InvalidName';
  if (from === undefined) return 'MissingStartTime';
  if (!isTime(from)) return 'InvalidStartTime';
  if (to === undefined || to === null) {
    if (inProgress !== true) return 'MissingEndTime';
  } else if (!isTime(to) || to < from) return 'InvalidEndTime';
  if (annotations !== undefined && annotations !== null && !isObject(annotations)) return 'InvalidAnnotations';
  for (const member of ['http', 'aws', 'metadata', 'service']) {
    const value = segment[member];
    if (value !== undefined && value !== null && !isObject(value)) return 'ParseError';
  }
  if (subsegments === undefined || subsegments === null) return undefined;
  if (!Array.isArray(subsegments)) return 'ParseError';
  for (const each of subsegments) {
    const fault = isObject(each) ? faultOfPart(each) : 'ParseError';
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(code: string, id: string | undefined): RefusedSegment {
  return { ...(id === undefined ? {} : { Id: id }), ErrorCode: code, Message: `Invalid segment. ErrorCode: ${code}` };
}
