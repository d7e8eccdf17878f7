// What a Metrics Insights query makes of the metrics that it matches: one series a group, ordered and limited.
import type { Dimensions } from './metric.ts';
import type { TimeSeries } from './metric-math/index.ts';
import type { Period } from './metric-reader.ts';
import { type InsightsQuery, orderingNumber } from './metrics-insights.ts';
import { StatisticSet } from './statistic-set.ts';
import { parseStatistic, statisticOf } from './statistics.ts';

export class InsightsSeries {
  readonly #query: InsightsQuery;
  /** Seconds. */
  readonly #period: number;
  /** By label, then time. */
  readonly #groups = new Map<string, Map<number, StatisticSet>>();

  constructor(query: InsightsQuery, period: number) {
    this.#query = query;
    this.#period = period;
  }

  /** Adds what one metric measured, in whatever units. */
  add(dimensions: Dimensions, periods: readonly Period[]): void {
    if (periods.length === 0) return;
    const label = this.#labelOf(new Map(dimensions));
    const sets = this.#groups.get(label) ?? new Map<number, StatisticSet>();
    this.#groups.set(label, sets);
    for (const { time, set } of periods) {
      const merged = sets.get(time) ?? new StatisticSet();
      merged.merge(set);
      sets.set(time, merged);
    }
  }

  /** One series without GROUP BY, else one for each group. */
  result(): TimeSeries | TimeSeries[] {
    const { groupBy, orderBy, limit } = this.#query;
    const all = [...this.#groups].map(([label, sets]) => this.#seriesOf(label, sets));
    if (groupBy.length === 0) return all[0] ?? { label: '', period: this.#period, timestamps: [], values: [] };
    all.sort((a, b) => (a.label < b.label ? -1 : 1));
    if (orderBy !== undefined) {
      const sign = orderBy.descending ? -1 : 1;
      const numbers = new Map(all.map((series) => [series, orderingNumber(orderBy.statistic, series.values)]));
      all.sort((a, b) => sign * (numbers.get(a)! - numbers.get(b)!));
    }
    return all.slice(0, limit);
  }

  #seriesOf(label: string, sets: ReadonlyMap<number, StatisticSet>): TimeSeries {
    const statistic = parseStatistic(this.#query.statistic)!;
    const series: TimeSeries = { label, period: this.#period, timestamps: [], values: [] };
    for (const [time, set] of [...sets].sort(([a], [b]) => a - b)) {
      const value = statisticOf(statistic, set);
      if (value === undefined) continue;
      series.timestamps.push(time);
      series.values.push(value);
    }
    return series;
  }

  /** Metrics that lack one of the dimensions are one group. */
  #labelOf(dimensions: ReadonlyMap<string, string>): string {
    const { groupBy } = this.#query;
    if (!groupBy.every((name) => dimensions.has(name))) return 'Other';
    return groupBy.map((name) => dimensions.get(name)).join(' ');
  }
}
