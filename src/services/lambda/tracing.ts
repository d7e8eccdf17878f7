// Whether an invocation is traced, and what it is given as trace header.
// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { InvocationTrace } from '../../execution/index.ts';
import { functionArn } from './function-name.ts';
import type { SegmentDocument } from './segments.ts';
import { isTraceId, newTraceId, readTraceHeader, type TraceFields, writeTraceHeader } from './trace-header.ts';
import type { StoredVersion } from './store/index.ts';

/** Where traces go; synchronous, never throws. */
export interface Tracing {
  /** Whether a request that came without a decision is sampled, by the account's sampling rules. */
  sample(
    owner: { account: string; region: string },
    request: { serviceName: string; serviceType: string; resourceArn: string },
  ): boolean;
  putSegments(owner: { account: string; region: string }, segments: readonly SegmentDocument[]): void;
}

/** A request as it goes on: to the function, or to the queue. */
export interface TracedRequest {
  header: string;
  /** Set when it is sampled. */
  traced?: ServiceTrace;
}

/** A sampled request at Lambda's door. */
export interface ServiceTrace {
  /** The trace. */
  id: string;
  /** Of the segment AWS::Lambda. */
  segmentId: string;
  /** Of the segment that the request came from. */
  parentId: string | undefined;
  /** Epoch milliseconds. */
  receivedAt: number;
}

const segmentIdBytes = 8;
const aSegmentId = /^[0-9a-f]{16}$/i;

/**
 * Decides about a request that came with `given`. One that was decided about upstream stays so; else a function with active
 * tracing samples by rules. The header of a sampled one names Lambda's segment as parent.
 */
export function traceRequest(
  tracing: Pick<Tracing, 'sample'>,
  found: StoredVersion,
  given: string | undefined,
  { clock, ids }: { clock: Clock; ids: Ids },
): TracedRequest {
  const fields = readTraceHeader(given);
  const isSampled = fields.isSampled ?? (isActive(found) && tracing.sample(found, sampledRequest(found)));
  const root = fields.root !== undefined && fields.root !== '' ? fields.root : newTraceId(clock, ids);
  if (!isSampled) {
    const parent = fields.parent ?? ids.hex(segmentIdBytes);
    return { header: writeTraceHeader({ ...fields, root, parent, isSampled: false }) };
  }
  // A segment cannot be of a trace that has no proper id.
  const id = isTraceId(root) ? root : newTraceId(clock, ids);
  const segmentId = ids.hex(segmentIdBytes);
  return {
    header: writeTraceHeader({ ...fields, root: id, parent: segmentId, isSampled }),
    traced: { id, segmentId, parentId: segmentIdOf(fields), receivedAt: clock.now() },
  };
}

/** The trace of a queued event that was sampled, from the header that was kept with it. */
export function queuedTrace(header: string, acceptedAt: number): ServiceTrace | undefined {
  const fields = readTraceHeader(header);
  const segmentId = segmentIdOf(fields);
  if (fields.isSampled !== true || segmentId === undefined || !isTraceId(fields.root)) return undefined;
  return { id: fields.root, segmentId, parentId: undefined, receivedAt: acceptedAt };
}

/** What the function is given: its own subsegment as parent. */
export function traceFunction(
  header: string,
  { id }: ServiceTrace,
  ids: Ids,
): { header: string; trace: InvocationTrace } {
  const trace = { id, segmentId: ids.hex(segmentIdBytes), invocationId: ids.hex(segmentIdBytes) };
  return { header: writeTraceHeader({ ...readTraceHeader(header), parent: trace.invocationId }), trace };
}

export function isActive({ version }: StoredVersion): boolean {
  return version.configuration.tracing === 'Active';
}

function sampledRequest(found: StoredVersion) {
  return { serviceName: found.name, serviceType: 'AWS::Lambda::Function', resourceArn: functionArn(found) };
}

function segmentIdOf({ parent }: TraceFields): string | undefined {
  return parent !== undefined && aSegmentId.test(parent) ? parent : undefined;
}
