// Reads what an alarm watches: one datapoint for each period of its evaluation range.
import { type AlarmOwner, type MetricAlarm, type MetricStatistic, periodOf } from './alarm.ts';
import type { Datapoint } from './alarm-evaluation.ts';
import { queryView } from './alarm-view.ts';
import type { MetricReader } from './metric-reader.ts';
import { parseStatistic, statisticOf } from './statistics.ts';

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
  const step = Math.min(periodMs, periodMs < 60_000 ? 10_000 : 60_000);
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
  const datapoints = new Map<number, Datapoint>();
  for (const { time, set } of periods) {
    const value = statisticOf(statistic, set);
    if (value === undefined || datapoints.has(time)) continue;
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
