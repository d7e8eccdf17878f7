// GetTraceSummaries: traces of a time, those that a filter expression lets through.
import { Evaluation, parseFilter } from '../filter-expression/index.ts';
import { bounds, limits } from '../limits.ts';
import { readPlace, writePlace } from '../pages.ts';
import { readTimeRange } from '../time-range.ts';
import { summaryOf } from '../trace-summary.ts';
import { groupFilters, readTrace } from '../traces.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getTraceSummaries(xray: XRay): XRayOperation<'GetTraceSummaries'> {
  return async (input, { caller, clock, ids }) => {
    const range = readTimeRange(input, limits.summariesRangeMs);
    const { FilterExpression, Sampling, SamplingStrategy } = input;
    const filter =
      FilterExpression === undefined || FilterExpression === '' ? undefined : parseFilter(FilterExpression);
    const by = (input.TimeRangeType ?? 'TraceId') === 'TraceId' ? 'begun' : 'started';
    const before = readPlace(input.NextToken);
    // Sampling is off unless it is asked for; a strategy says how many of those that match are told.
    const share = Sampling === true && SamplingStrategy?.Name === 'FixedRate' ? (SamplingStrategy.Value ?? 1) : 1;
    await xray.sink.flush();
    const places = await xray.segments.traces(caller, { by, ...range }, before, bounds.tracesPerPage);
    const groups = groupFilters(xray, caller);
    const TraceSummaries = [];
    for (const { id } of places) {
      const trace = await readTrace(xray, caller, id);
      if (trace === undefined) continue;
      if (filter !== undefined && !new Evaluation(trace, groups).matches(filter)) continue;
      if (share === 1 || ids.chance() < share) TraceSummaries.push(summaryOf(trace));
    }
    const isFull = places.length === bounds.tracesPerPage;
    return {
      TraceSummaries,
      ApproximateTime: new Date(clock.now()),
      TracesProcessedCount: places.length,
      ...(isFull ? { NextToken: writePlace(places.at(-1)!) } : {}),
    };
  };
}
