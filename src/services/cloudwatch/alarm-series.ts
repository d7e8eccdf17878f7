// Reads what an alarm watches: one datapoint for each period of its evaluation range.
import { type AlarmOwner, type MetricAlarm, type MetricStatistic, periodOf } from './alarm.ts';
import type { Datapoint } from './alarm-evaluation.ts';
import { queryView } from './alarm-view.ts';
import type { MetricReader } from './metric-reader.ts';
import { parseStatistic, statisticOf } from './statistics.ts';
import { byPreference } from './units.ts';

/** Datapoints that are read beside those that EvaluationPeriods names, in case some of them are missing. */
const spareDatapoints = 2;

/** The result of an alarm's metric math: values by when their periods began, both epoch milliseconds. */
export type EvaluateQueries = (
  owner: AlarmOwner,
  queries: ReturnType<typeof queryView>[],
  from: number,
  to: number,
) => Promise<ReadonlyMap<number, number>>;

/** The evaluation range of an alarm as it is at `now`: datapoints of whole periods, the oldest first. */
export async function readSeries(
  alarm: MetricAlarm,
  now: number,
  reader: MetricReader,
  evaluateQueries: EvaluateQueries,
): Promise<Datapoint[]> {
  const periodMs = periodOf(alarm) * 1000;
  // Datapoints of minutes and longer slide along with the minutes; metric math has its periods of seconds at fixed places.
  const step = periodMs >= 60_000 ? 60_000 : alarm.metric === undefined ? periodMs : 10_000;
  const to = Math.floor(now / step) * step;
  const count = alarm.evaluationPeriods + spareDatapoints;
  const from = to - count * periodMs;
  const found =
    alarm.metric === undefined
      ? await mathDatapoints(alarm, from, to, evaluateQueries)
      : await metricDatapoints(alarm, alarm.metric, from, to, reader);
  return Array.from({ length: count }, (_, index) => {
    const time = from + index * periodMs;
    return found.get(time) ?? { time };
  });
}

async function metricDatapoints(
  { account, region }: AlarmOwner,
  metric: MetricStatistic,
  from: number,
  to: number,
  reader: MetricReader,
): Promise<Map<number, Datapoint>> {
  const { namespace, metricName: name, dimensions, period, unit } = metric;
  const statistic = parseStatistic(metric.statistic)!;
  const periods = await reader.periods({ account, region, namespace, name, dimensions }, { from, to, period, unit });
  const [preferred] = byPreference(new Set(periods.map((each) => each.unit)));
  const datapoints = new Map<number, Datapoint>();
  for (const { time, unit: measuredIn, set } of periods) {
    const value = measuredIn === preferred ? statisticOf(statistic, set) : undefined;
    if (value === undefined) continue;
    datapoints.set(time, { time, value, sampleCount: set.sampleCount });
  }
  return datapoints;
}

async function mathDatapoints(
  alarm: MetricAlarm,
  from: number,
  to: number,
  evaluateQueries: EvaluateQueries,
): Promise<Map<number, Datapoint>> {
  const values = await evaluateQueries(alarm, alarm.queries!.map(queryView), from, to);
  return new Map([...values].map(([time, value]) => [time, { time, value }]));
}
