// A whole trace of the documents that came in: what was sent apart put into its place, and what is inferred of calls added.
import { createHash } from 'node:crypto';
import { isCall, type SegmentDocument } from './segment.ts';

export interface Trace {
  id: string;
  /** The segments, the earliest first; subsegments lie in those that they are of. */
  segments: SegmentDocument[];
  /** Epoch seconds. */
  start: number;
  end: number;
  /** Whether something has not ended yet, or has a parent that never came. */
  isPartial: boolean;
}

/** `documents` are those of one trace, in the order in which they came; they are changed. At least one. */
export function assembleTrace(id: string, documents: readonly SegmentDocument[]): Trace {
  const segments = new Map<string, SegmentDocument>();
  const apart: SegmentDocument[] = [];
  for (const document of documents) {
    if (document.type === 'subsegment') apart.push(document);
    // A segment is sent again when it has ended.
    else if (segments.get(document.id)?.end_time === undefined || document.end_time !== undefined) {
      segments.set(document.id, document);
    }
  }
  const byId = new Map<string, SegmentDocument>();
  for (const segment of segments.values()) index(segment, byId);
  for (const each of latest(apart)) index(each, byId);
  for (const each of latest(apart)) place(each, byId, segments);
  const whole = [...segments.values()];
  for (const segment of [...whole]) whole.push(...inferredOf(segment, id, whole));
  whole.sort((a, b) => a.start_time - b.start_time);
  return { id, segments: whole, ...spanOf(whole), isPartial: whole.some((each) => isPartial(each, byId)) };
}

function latest(apart: readonly SegmentDocument[]): SegmentDocument[] {
  const byId = new Map<string, SegmentDocument>();
  for (const each of apart) if (byId.get(each.id)?.end_time === undefined) byId.set(each.id, each);
  return [...byId.values()];
}

function index(segment: SegmentDocument, byId: Map<string, SegmentDocument>): void {
  byId.set(segment.id, segment);
  for (const each of segment.subsegments ?? []) index(each, byId);
}

/** Puts a subsegment under its parent, in place of an earlier one of its id; one without stands as a segment until it comes. */
function place(
  subsegment: SegmentDocument,
  byId: ReadonlyMap<string, SegmentDocument>,
  segments: Map<string, SegmentDocument>,
): void {
  const parent = byId.get(subsegment.parent_id!);
  if (parent === undefined || isWithin(parent, subsegment)) {
    segments.set(subsegment.id, subsegment);
    return;
  }
  const siblings = (parent.subsegments ?? []).filter((each) => each.id !== subsegment.id);
  for (const name of ['type', 'trace_id', 'parent_id'] as const) delete subsegment[name];
  parent.subsegments = [...siblings, subsegment].sort((a, b) => a.start_time - b.start_time);
}

/** Whether `part` is somewhere under `whole` the other way round: no trace may hold itself. */
function isWithin(part: SegmentDocument, whole: SegmentDocument): boolean {
  return part === whole || (whole.subsegments ?? []).some((each) => isWithin(part, each));
}

/** Calls to others that sent no segment of their own: X-Ray tells of those as it sees them from the caller. */
function inferredOf(segment: SegmentDocument, traceId: string, all: readonly SegmentDocument[]): SegmentDocument[] {
  const found: SegmentDocument[] = [];
  const answered = new Set(all.map((each) => each.parent_id));
  for (const call of subsegmentsOf(segment)) {
    if (!isCall(call) || answered.has(call.id)) continue;
    const { name, start_time, end_time, in_progress, http, aws, fault, error, throttle, cause } = call;
    found.push({
      id: createHash('sha256').update(call.id).digest('hex').slice(0, 16),
      name,
      start_time,
      trace_id: traceId,
      ...defined({ end_time, in_progress, http, aws, fault, error, throttle, cause }),
      parent_id: call.id,
      inferred: true,
      origin: call.namespace === 'aws' ? originOf(call) : 'remote',
    });
  }
  return found;
}

function originOf({ name, aws }: SegmentDocument): string {
  if (/^dynamodb$/i.test(name) && aws?.['table_name'] !== undefined) return 'AWS::DynamoDB::Table';
  if (/^s3$/i.test(name) && aws?.['bucket_name'] !== undefined) return 'AWS::S3::Bucket';
  if (/^sqs$/i.test(name) && aws?.['queue_url'] !== undefined) return 'AWS::SQS::Queue';
  return `AWS::${name.replaceAll(' ', '')}`;
}

/** All under a segment, at every depth. */
export function* subsegmentsOf(segment: SegmentDocument): Generator<SegmentDocument> {
  for (const each of segment.subsegments ?? []) {
    yield each;
    yield* subsegmentsOf(each);
  }
}

/** When the segments and all in them began and ended. */
function spanOf(segments: readonly SegmentDocument[]): { start: number; end: number } {
  let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const segment of segments) {
    for (const each of [segment, ...subsegmentsOf(segment)]) {
      start = Math.min(start, each.start_time);
      end = Math.max(end, each.end_time ?? each.start_time);
    }
  }
  return { start, end };
}

function isPartial(segment: SegmentDocument, byId: ReadonlyMap<string, SegmentDocument>): boolean {
  if (segment.type === 'subsegment' && !byId.has(segment.parent_id ?? '')) return true;
  return [segment, ...subsegmentsOf(segment)].some((each) => each.in_progress === true);
}

/** The segments that none in the trace called. */
export function rootsOf({ segments }: Trace): SegmentDocument[] {
  const within = new Set<string>();
  for (const segment of segments) for (const each of [segment, ...subsegmentsOf(segment)]) within.add(each.id);
  return segments.filter((segment) => segment.parent_id === undefined || !within.has(segment.parent_id));
}

/** Seconds, to the millisecond as X-Ray tells them. */
export function secondsBetween(start: number, end: number): number {
  return Math.round((end - start) * 1000) / 1000;
}

function defined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
