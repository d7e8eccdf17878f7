// GetTraceGraph: the services of some traces and the calls between them.
import { tooManyTraceIds } from '../errors.ts';
import { limits } from '../limits.ts';
import { expectFirstPage } from '../pages.ts';
import { serviceGraph } from '../service-graph.ts';
import { readTrace } from '../traces.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getTraceGraph(xray: XRay): XRayOperation<'GetTraceGraph'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    const ids = [...new Set(input.TraceIds!)];
    if (ids.length > limits.traceIds) throw tooManyTraceIds(limits.traceIds);
    await xray.sink.flush();
    const found = await Promise.all(ids.map((id) => readTrace(xray, caller, id)));
    return { Services: serviceGraph(found.filter((trace) => trace !== undefined)) };
  };
}
