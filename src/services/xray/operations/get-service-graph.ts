// GetServiceGraph: the services of a time, or of a group's traces in it, and the calls between them.
import { Evaluation } from '../filter-expression/index.ts';
import { findGroup } from '../groups.ts';
import { bounds, limits } from '../limits.ts';
import { expectFirstPage } from '../pages.ts';
import { serviceGraph } from '../service-graph.ts';
import { readTimeRange } from '../time-range.ts';
import type { Trace } from '../trace.ts';
import { groupFilters, readTrace } from '../traces.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getServiceGraph(xray: XRay): XRayOperation<'GetServiceGraph'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    const range = readTimeRange(input, limits.graphRangeMs);
    const isGroup = input.GroupName !== undefined || input.GroupARN !== undefined;
    const groups = groupFilters(xray, caller);
    const filter = isGroup ? groups('name', findGroup(xray, caller, input).name) : undefined;
    await xray.sink.flush();
    const places = await xray.segments.traces(caller, { by: 'started', ...range }, undefined, bounds.tracesPerGraph);
    const traces: Trace[] = [];
    for (const { id } of places) {
      const trace = await readTrace(xray, caller, id);
      if (trace === undefined) continue;
      if (filter === undefined || new Evaluation(trace, groups).matches(filter)) traces.push(trace);
    }
    return {
      StartTime: new Date(range.from),
      EndTime: new Date(range.to),
      Services: serviceGraph(traces),
      ContainsOldGroupVersions: false,
    };
  };
}
