// Reads metrics: the statistic sets of one metric over periods.
import { retention } from './limits.ts';
import type { MetricName } from './metric.ts';
import type { BufferedMetricSink } from './metric-sink.ts';
import { StatisticSet } from './statistic-set.ts';
import type { MetricStore, Point } from './store/metrics.ts';

export interface PeriodRequest {
  /** Epoch milliseconds; the first period begins here. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  /** Seconds. */
  period: number;
  /** Absent: values of every unit, each unit by itself. */
  unit?: string | undefined;
}

/** What a metric measured in one period, in one unit. */
export interface Period {
  /** When the period began, epoch milliseconds. */
  time: number;
  unit: string;
  set: StatisticSet;
}

export interface MetricReader {
  /**
   * The periods of a metric that hold values, by time, then unit. Everything taken in before the call is seen.
   * A metric that does not exist has none. Points are only seen by periods that are a multiple of the resolution in which
   * they are kept by then (1 s for 3 hours, 60 s for 15 days, 5 minutes for 63 days, 1 hour for 455 days); minutes are
   * seen by shorter periods too, each in the period in which it begins.
   */
  periods(metric: MetricName, request: PeriodRequest): Promise<Period[]>;
}

export class StoredMetricReader implements MetricReader {
  readonly #store: MetricStore;
  readonly #sink: BufferedMetricSink;

  constructor(store: MetricStore, sink: BufferedMetricSink) {
    this.#store = store;
    this.#sink = sink;
  }

  async periods(metric: MetricName, request: PeriodRequest): Promise<Period[]> {
    await this.#sink.flushMetrics([metric]);
    const metricId = await this.#store.findMetric(metric);
    if (metricId === undefined) return [];
    const points = await this.#store.points(metricId, request.from / 1000, request.to / 1000);
    return gatherPeriods(points, request);
  }
}

/** Gathers points into periods. */
export function gatherPeriods(points: Iterable<Point>, { from, period, unit }: PeriodRequest): Period[] {
  const periodMs = period * 1000;
  const found = new Map<string, Period>();
  for (const point of points) {
    if ((unit !== undefined && point.unit !== unit) || !isSeen(point.resolution, period)) continue;
    const time = from + Math.floor((point.time * 1000 - from) / periodMs) * periodMs;
    const key = `${time} ${point.unit}`;
    let gathered = found.get(key);
    if (gathered === undefined) {
      gathered = { time, unit: point.unit, set: new StatisticSet() };
      found.set(key, gathered);
    }
    gathered.set.merge(point.set);
  }
  return [...found.values()].sort((a, b) => a.time - b.time || (a.unit < b.unit ? -1 : 1));
}

function isSeen(resolution: number, period: number): boolean {
  return period % resolution === 0 || (period < 60 && resolution === retention[1]!.resolution);
}
