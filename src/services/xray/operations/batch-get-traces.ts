// BatchGetTraces: whole traces, each with its segments.
import { tooManyTraceIds } from '../errors.ts';
import { limits } from '../limits.ts';
import { expectFirstPage } from '../pages.ts';
import { secondsBetween } from '../trace.ts';
import { readTrace } from '../traces.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function batchGetTraces(xray: XRay): XRayOperation<'BatchGetTraces'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    const ids = [...new Set(input.TraceIds!)];
    if (ids.length > limits.traceIds) throw tooManyTraceIds(limits.traceIds);
    await xray.sink.flush();
    const found = await Promise.all(ids.map((id) => readTrace(xray, caller, id)));
    return {
      Traces: found
        .filter((trace) => trace !== undefined)
        .map(({ id, start, end, segments }) => ({
          Id: id,
          Duration: secondsBetween(start, end),
          LimitExceeded: false,
          Segments: segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) })),
        })),
      UnprocessedTraceIds: ids.filter((_, index) => found[index] === undefined),
    };
  };
}
