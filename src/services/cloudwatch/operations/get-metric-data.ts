// GetMetricData: time series of metrics and of expressions over them, in pages of datapoints.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidNextToken, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import { checkQueries, type QueryResult, runQueries } from '../metric-data-queries.ts';
import { timezoneOffset } from '../metric-label.ts';
import { parseToken, writeToken } from '../tokens.ts';

export function getMetricData({ reader, store }: CloudWatch): CloudWatchOperation<'GetMetricData'> {
  return async (input, { caller, clock }) => {
    const [from, to] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
    if (from > to) throw validationError('The parameter EndTime must be greater than StartTime.');
    if (from === to) throw validationError('The parameter StartTime must not equal parameter EndTime.');
    const max = maxDatapointsOf(input.MaxDatapoints);
    const timezone = timezoneOf(input.LabelOptions?.Timezone);
    const offset = input.NextToken === undefined ? 0 : readToken(input.NextToken);
    const queries = checkQueries(input.MetricDataQueries!, 'MetricDataQueries');
    const { account, region } = caller;
    const results = await runQueries(
      queries,
      { account, region, from, to, now: clock.now(), timezone },
      { reader, store },
    );
    const ascending = input.ScanBy === 'TimestampAscending';
    return { ...pageOf(results, ascending, offset, max), Messages: [] };
  };
}

/** Up to `max` datapoints of all results together, after `offset` of them; results that are told in full are left out. */
function pageOf(results: readonly QueryResult[], ascending: boolean, offset: number, max: number) {
  const shown = [];
  let skip = offset;
  let room = max;
  let left = false;
  for (const { id, series, messages, forbidden } of results) {
    const count = series.values.length;
    const start = Math.min(skip, count);
    skip -= start;
    const end = Math.min(start + room, count);
    room -= end - start;
    left ||= end < count;
    if (offset > 0 && (start === count || end === start)) continue;
    const order = <T>(items: readonly T[]) => (ascending ? items : items.toReversed()).slice(start, end);
    shown.push({
      Id: id,
      Label: series.label,
      Timestamps: order(series.timestamps).map((time) => new Date(time)),
      Values: order(series.values),
      StatusCode: forbidden ? ('Forbidden' as const) : end < count ? ('PartialData' as const) : ('Complete' as const),
      ...(messages.length > 0 && { Messages: messages }),
    });
  }
  return { MetricDataResults: shown, ...(left && { NextToken: writeToken({ offset: offset + max }) }) };
}

function maxDatapointsOf(given: number | undefined): number {
  if (given === undefined) return limits.datapointsPerRequest;
  if (given < 1 || given > limits.datapointsPerRequest) {
    throw validationError(`The parameter MaxDatapoints must be between 1 and ${limits.datapointsPerRequest}.`);
  }
  return given;
}

function timezoneOf(timezone: string | undefined): number {
  const offset = timezone === undefined ? 0 : timezoneOffset(timezone);
  if (offset === undefined) throw validationError('The parameter LabelOptions.Timezone must be like +0130 or -0800.');
  return offset;
}

function readToken(token: string): number {
  const place = parseToken(
    token,
    (value): value is { offset: number } =>
      typeof value === 'object' && Number.isSafeInteger((value as { offset?: unknown } | null)?.offset),
  );
  if (place === undefined || place.offset <= 0) throw invalidNextToken();
  return place.offset;
}
