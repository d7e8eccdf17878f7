// The functions of metric math. using-metric-math.html#metric-math-syntax-functions-list
import { limits } from '../limits.ts';
import { ExpressionError } from './errors.ts';
import { combine, foldAcross, isSeries, type MathValue, mapPoints, pointsOf, type TimeSeries } from './series.ts';

/** The points in time that an evaluation covers. */
export interface Grid {
  /** Epoch milliseconds; the first point is here. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  /** Seconds between points, where no metric says otherwise. */
  period: number;
}

export type MathFunction = (values: MathValue[], grid: Grid) => MathValue;

/** A function that this release does not have is refused by name. */
export const refusedFunctions: ReadonlySet<string> = new Set([
  'ANOMALY_DETECTION_BAND',
  'DB_PERF_INSIGHTS',
  'INSIGHT_RULE_METRIC',
  'LAMBDA',
  'SERVICE_QUOTA',
]);

/** Words that functions take. */
export const words: ReadonlySet<string> = new Set(['REPEAT', 'LINEAR', 'AVG', 'MAX', 'MIN', 'SUM', 'ASC', 'DESC']);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]) => sum(values) / values.length;
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const greatest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const deviation = (values: readonly number[]) => {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
};

export const functions: Readonly<Record<string, MathFunction>> = {
  ABS: eachValue(Math.abs),
  CEIL: eachValue(Math.ceil),
  FLOOR: eachValue(Math.floor),
  LOG: eachValue(Math.log),
  LOG10: eachValue(Math.log10),
  AVG: aggregate(average),
  MAX: aggregate(greatest),
  MIN: aggregate(least),
  STDDEV: aggregate(deviation),
  SUM: aggregate(sum),
  DATAPOINT_COUNT: aggregate((values) => values.length),
  DIFF: eachSeries((series) => differences(series, (difference) => difference)),
  DIFF_TIME: eachSeries((series) => differences(series, (_, seconds) => seconds)),
  RATE: eachSeries((series) => differences(series, (difference, seconds) => difference / seconds)),
  RUNNING_SUM: eachSeries((series) => {
    let total = 0;
    return mapPoints(series, (value) => {
      total += value;
      return total;
    });
  }),
  MINUTE: eachTime((date) => date.getUTCMinutes()),
  HOUR: eachTime((date) => date.getUTCHours()),
  // Monday is 1, Sunday 7.
  DAY: eachTime((date) => date.getUTCDay() || 7),
  DATE: eachTime((date) => date.getUTCDate()),
  MONTH: eachTime((date) => date.getUTCMonth() + 1),
  YEAR: eachTime((date) => date.getUTCFullYear()),
  EPOCH: eachTime((date) => date.getTime() / 1000),
  FILL: ([value, filler], grid) => overSeries(expectGiven(value), (series) => fill(series, filler, grid)),
  FIRST: ([value], grid) => expectArray(value)[0] ?? emptySeries(grid),
  LAST: ([value], grid) => expectArray(value).at(-1) ?? emptySeries(grid),
  IF: ([condition, yes, no]) => choose(expectGiven(condition), expectGiven(yes), no),
  METRIC_COUNT: ([value]) => expectArray(value).length,
  PERIOD: ([value]) => expectSeries(value).period,
  REMOVE_EMPTY: ([value]) => expectArray(value).filter((series) => series.values.length > 0),
  SLICE: ([value, start, end]) =>
    expectArray(value).slice(expectNumber(start), end === undefined ? undefined : expectNumber(end)),
  SORT: ([value, by, order, limit]) => sort(expectArray(value), by, order, limit),
  TIME_SERIES: ([value], grid) => constantSeries(expectNumber(value), grid, grid.period),
};

/** A number at every point of a grid. */
export function constantSeries(value: number, { from, to }: Grid, period: number): TimeSeries {
  if ((to - from) / (period * 1000) > limits.datapointsPerRequest) {
    throw new ExpressionError(`A filled time series has at most ${limits.datapointsPerRequest} datapoints`);
  }
  const timestamps: number[] = [];
  for (let time = from; time < to; time += period * 1000) timestamps.push(time);
  return { label: '', period, timestamps, values: timestamps.map(() => value) };
}

function emptySeries({ period }: Grid): TimeSeries {
  return { label: '', period, timestamps: [], values: [] };
}

function eachValue(map: (value: number) => number): MathFunction {
  return ([value]) => {
    const given = expectGiven(value);
    return typeof given === 'number' ? map(given) : overSeries(given, (series) => mapPoints(series, map));
  };
}

function eachSeries(map: (series: TimeSeries) => TimeSeries): MathFunction {
  return ([value]) => overSeries(expectGiven(value), map);
}

function eachTime(map: (date: Date) => number): MathFunction {
  return eachSeries((series) => mapPoints(series, (_, timestamp) => map(new Date(timestamp))));
}

/** Of one series a number, of an array a series. */
function aggregate(fold: (values: number[]) => number): MathFunction {
  return ([value]) => {
    const given = expectGiven(value);
    if (typeof given === 'number') return fold([given]);
    if (Array.isArray(given)) return foldAcross(given, fold);
    return fold(expectSeries(given).values);
  };
}

/** What `map` makes of the change since the point before, and the seconds between; the first point has none. */
function differences(series: TimeSeries, map: (difference: number, seconds: number) => number): TimeSeries {
  return mapPoints(series, (value, timestamp, index) =>
    index === 0
      ? undefined
      : map(value - series.values[index - 1]!, (timestamp - series.timestamps[index - 1]!) / 1000),
  );
}

function fill(series: TimeSeries, filler: MathValue | undefined, grid: Grid): TimeSeries {
  const known = pointsOf(series);
  const fillAt = fillerOf(series, filler);
  const all = constantSeries(0, grid, series.period);
  const filled = mapPoints(all, (_, timestamp) => known.get(timestamp) ?? fillAt(timestamp));
  return { ...filled, label: series.label, source: series.source };
}

/** What takes the place of a missing point; asked for ascending times. */
function fillerOf(series: TimeSeries, filler: MathValue | undefined): (timestamp: number) => number | undefined {
  if (filler !== 'REPEAT' && filler !== 'LINEAR') {
    if (filler === undefined || typeof filler === 'string' || Array.isArray(filler)) {
      throw new ExpressionError('FILL takes a number, a time series, REPEAT or LINEAR');
    }
    return valueAt(filler);
  }
  const { timestamps, values } = series;
  let next = 0;
  return (timestamp) => {
    while (next < timestamps.length && timestamps[next]! <= timestamp) next++;
    if (next === 0) return undefined;
    const low = values[next - 1]!;
    if (filler === 'REPEAT') return low;
    if (next === timestamps.length) return undefined;
    const [from, to] = [timestamps[next - 1]!, timestamps[next]!];
    return low + ((values[next]! - low) * (timestamp - from)) / (to - from);
  };
}

function choose(condition: MathValue, yes: MathValue, no: MathValue | undefined): MathValue {
  if (typeof condition === 'number') {
    if (condition !== 0) return yes;
    return no ?? overSeries(yes, (series) => mapPoints(series, () => undefined));
  }
  return overSeries(condition, (series) => {
    const yesAt = valueAt(yes);
    const noAt = no === undefined ? () => undefined : valueAt(no);
    return mapPoints(series, (value, timestamp) => (value !== 0 ? yesAt(timestamp) : noAt(timestamp)));
  });
}

function valueAt(value: MathValue): (timestamp: number) => number | undefined {
  if (typeof value === 'number') return () => value;
  const points = pointsOf(expectSeries(value));
  return (timestamp) => points.get(timestamp);
}

const orderings: Record<string, (values: readonly number[]) => number> = {
  AVG: average,
  MAX: greatest,
  MIN: least,
  SUM: sum,
};

function sort(array: TimeSeries[], by: MathValue | undefined, order: MathValue | undefined, limit?: MathValue) {
  const measure = typeof by === 'string' ? orderings[by] : undefined;
  if (measure === undefined || (order !== 'ASC' && order !== 'DESC')) {
    throw new ExpressionError('SORT takes one of AVG, MAX, MIN and SUM, and ASC or DESC');
  }
  // Series without points come last either way.
  const ordered = array
    .filter((series) => series.values.length > 0)
    .map((series) => ({ series, measured: measure(series.values) }))
    .sort((a, b) => (order === 'ASC' ? a.measured - b.measured : b.measured - a.measured))
    .map(({ series }) => series)
    .concat(array.filter((series) => series.values.length === 0));
  return limit === undefined ? ordered : ordered.slice(0, expectNumber(limit));
}

/** Applies to a series, or to each of an array. */
export function overSeries(value: MathValue, map: (series: TimeSeries) => TimeSeries): MathValue {
  return Array.isArray(value) ? value.map(map) : map(expectSeries(value));
}

/** A binary operation over numbers, series and arrays of series. */
export function applyOperator(
  left: MathValue,
  right: MathValue,
  operation: (left: number, right: number) => number,
): MathValue {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) throw new ExpressionError('Arrays of different lengths cannot be combined');
    return left.map((series, index) => combine(series, right[index]!, operation));
  }
  if (typeof right === 'number') {
    return overSeries(left, (series) => mapPoints(series, (value) => operation(value, right)));
  }
  if (typeof left === 'number') {
    return overSeries(right, (series) => mapPoints(series, (value) => operation(left, value)));
  }
  if (Array.isArray(left))
    return left.map((series) => ({ ...combine(series, expectSeries(right), operation), label: series.label }));
  return overSeries(right, (series) => ({ ...combine(expectSeries(left), series, operation), label: series.label }));
}

function expectGiven(value: MathValue | undefined): MathValue {
  if (value === undefined) throw new ExpressionError('An argument is missing');
  return value;
}

function expectSeries(value: MathValue | undefined): TimeSeries {
  const given = expectGiven(value);
  if (typeof given === 'object' && isSeries(given)) return given;
  throw new ExpressionError('A time series is expected');
}

function expectArray(value: MathValue | undefined): TimeSeries[] {
  if (!Array.isArray(value)) throw new ExpressionError('An array of time series is expected');
  return value;
}

function expectNumber(value: MathValue | undefined): number {
  if (typeof value !== 'number') throw new ExpressionError('A number is expected');
  return value;
}
