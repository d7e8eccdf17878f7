// The values of metric math: numbers, time series, arrays of time series.

export interface TimeSeries {
  /** What the series is named in an answer. */
  label: string;
  /** Seconds between points. */
  period: number;
  /** Epoch milliseconds, ascending. */
  timestamps: number[];
  /** As many as timestamps; all finite. */
  values: number[];
  /** What dynamic labels tell of the metric behind it; absent for results of math. */
  source?: MetricSource | undefined;
}

export interface MetricSource {
  account: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: readonly (readonly [name: string, value: string])[];
  stat: string;
}

export type MathValue = number | string | TimeSeries | TimeSeries[];

export function isSeries(value: MathValue): value is TimeSeries {
  return typeof value === 'object' && !Array.isArray(value);
}

/** A series of what `map` makes of each point; points that it makes undefined or not finite are left out. */
export function mapPoints(
  series: TimeSeries,
  map: (value: number, timestamp: number, index: number) => number | undefined,
): TimeSeries {
  const timestamps: number[] = [];
  const values: number[] = [];
  for (const [index, timestamp] of series.timestamps.entries()) {
    const value = map(series.values[index]!, timestamp, index);
    if (value === undefined || !Number.isFinite(value)) continue;
    timestamps.push(timestamp);
    values.push(value);
  }
  return { label: series.label, period: series.period, timestamps, values, source: series.source };
}

/** Values by time. */
export function pointsOf(series: TimeSeries): Map<number, number> {
  return new Map(series.timestamps.map((timestamp, index) => [timestamp, series.values[index]!]));
}

/** Points where both have one. */
export function combine(
  left: TimeSeries,
  right: TimeSeries,
  operation: (left: number, right: number) => number,
): TimeSeries {
  const others = pointsOf(right);
  const combined = mapPoints(left, (value, timestamp) => {
    const other = others.get(timestamp);
    return other === undefined ? undefined : operation(value, other);
  });
  return { ...combined, period: Math.max(left.period, right.period), source: undefined };
}

/** One series of what `fold` makes of the values that an array has at each time. */
export function foldAcross(array: readonly TimeSeries[], fold: (values: number[]) => number): TimeSeries {
  const byTime = new Map<number, number[]>();
  for (const series of array) {
    for (const [index, timestamp] of series.timestamps.entries()) {
      const values = byTime.get(timestamp);
      if (values === undefined) byTime.set(timestamp, [series.values[index]!]);
      else values.push(series.values[index]!);
    }
  }
  const timestamps = [...byTime.keys()].sort((a, b) => a - b);
  const values = timestamps.map((timestamp) => fold(byTime.get(timestamp)!));
  return { label: '', period: periodOf(array), timestamps, values };
}

/** The longest period of an array of series, in seconds. */
export function periodOf(array: readonly TimeSeries[]): number {
  return array.length === 0 ? 60 : Math.max(...array.map((series) => series.period));
}
