// Statistics by AWS's names, from `Average` to `TM(10%:90%)`, and their values. Statistics-definitions.html
import type { Counts } from './distribution.ts';
import type { StatisticSet } from './statistic-set.ts';

type Trimmed = 'TM' | 'TC' | 'TS' | 'WM' | 'PR';

/** Bounds of what a trimmed statistic looks at; absent: unbounded. In percent of the values, or as values. */
interface Range {
  percent: boolean;
  low: number | undefined;
  high: number | undefined;
}

export type Statistic =
  | { kind: 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum' }
  | { kind: 'percentile'; percent: number }
  | { kind: Trimmed; range: Range };

const simple = new Set(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']);
const percent = String.raw`\d{1,2}(?:\.\d{0,10})?|100(?:\.0{0,10})?`;
const short = new RegExp(`^(p|tm|tc|ts|wm)(${percent})$`);
const byPercent = new RegExp(`^(TM|TC|TS|WM)\\((?:(${percent})%)?:(?:(${percent})%)?\\)$`);
const value = String.raw`-?\d+(?:\.\d{0,10})?(?:[Ee][+-]?\d+)?`;
const byValue = new RegExp(`^(TM|TC|TS|WM|PR)\\((${value})?:(${value})?\\)$`);

/** Undefined when CloudWatch has no such statistic. */
export function parseStatistic(name: string): Statistic | undefined {
  if (simple.has(name)) return { kind: name as 'Average' };
  if (name === 'IQM') return { kind: 'TM', range: { percent: true, low: 25, high: 75 } };
  const shorthand = short.exec(name);
  if (shorthand !== null) {
    const high = Number(shorthand[2]);
    if (shorthand[1] === 'p') return { kind: 'percentile', percent: high };
    return { kind: shorthand[1]!.toUpperCase() as Trimmed, range: { percent: true, low: undefined, high } };
  }
  const match = byPercent.exec(name) ?? byValue.exec(name);
  if (match === null || (match[2] === undefined && match[3] === undefined)) return undefined;
  const low = match[2] === undefined ? undefined : Number(match[2]);
  const high = match[3] === undefined ? undefined : Number(match[3]);
  if (low !== undefined && high !== undefined && low >= high) return undefined;
  return { kind: match[1] as Trimmed, range: { percent: name.includes('%'), low, high } };
}

/**
 * The value of a statistic; undefined when the set has no values, or when the statistic needs to know how they are
 * distributed and only a statistic set was given, or some are negative (percentiles).
 */
export function statisticOf(statistic: Statistic, set: StatisticSet): number | undefined {
  if (set.sampleCount <= 0) return undefined;
  switch (statistic.kind) {
    case 'SampleCount':
      return set.sampleCount;
    case 'Average':
      return set.sum / set.sampleCount;
    case 'Sum':
      return set.sum;
    case 'Minimum':
      return set.minimum;
    case 'Maximum':
      return set.maximum;
    case 'percentile':
      return percentileOf(set, statistic.percent);
    default:
      return set.counts && trimmed(statistic.kind, sorted(set.counts), statistic.range);
  }
}

type Sorted = readonly (readonly [value: number, count: number])[];

function sorted(counts: Counts): Sorted {
  return [...counts].sort(([a], [b]) => a - b);
}

/** By nearest rank: the least value that at least so many percent of the values do not exceed. */
function percentileOf(set: StatisticSet, percent: number): number | undefined {
  if (set.counts === undefined || set.minimum < 0) return undefined;
  if (percent === 0) return set.minimum;
  if (percent === 100) return set.maximum;
  const rank = rankOf(percent, set.sampleCount);
  let before = 0;
  for (const [value, count] of sorted(set.counts)) {
    before += count;
    // The middle of a bin may lie outside of what was measured.
    if (before >= rank) return Math.min(Math.max(value, set.minimum), set.maximum);
  }
  return set.maximum;
}

/** Without the error of `0.07 * 100`. */
function rankOf(percent: number, count: number): number {
  return Math.round(percent * count * 1e8) / 1e10;
}

function trimmed(kind: Trimmed, values: Sorted, range: Range): number | undefined {
  const all = countOf(values);
  const kept = range.percent ? keptByRank(values, all, range) : keptByValue(values, range);
  const count = countOf(kept);
  switch (kind) {
    case 'TC':
      return count;
    case 'PR':
      return (100 * count) / all;
    case 'TS':
      return sumOf(kept);
    case 'TM':
      return count === 0 ? undefined : sumOf(kept) / count;
    case 'WM':
      return winsorizedMean(values, all, kept, range);
  }
}

/** Without whole values whose ranks are outside. */
function keptByRank(values: Sorted, all: number, { low = 0, high = 100 }: Range): Sorted {
  const from = Math.floor(rankOf(low, all));
  const to = all - Math.floor(rankOf(100 - high, all));
  const kept: [number, number][] = [];
  let before = 0;
  for (const [value, count] of values) {
    const overlap = Math.min(before + count, to) - Math.max(before, from);
    if (overlap > 0) kept.push([value, overlap]);
    before += count;
  }
  return kept;
}

/** Exclusive of the lower bound, inclusive of the upper. */
function keptByValue(
  values: Sorted,
  { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: Range,
): Sorted {
  return values.filter(([value]) => value > low && value <= high);
}

/** The mean with what is outside of the range moved to its nearest bound. */
function winsorizedMean(values: Sorted, all: number, kept: Sorted, range: Range): number | undefined {
  if (!range.percent) {
    const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = range;
    return sumOf(values.map(([value, count]) => [Math.min(Math.max(value, low), high), count])) / all;
  }
  const lowest = kept[0];
  const highest = kept.at(-1);
  if (lowest === undefined || highest === undefined) return undefined;
  const below = Math.floor(rankOf(range.low ?? 0, all));
  const above = Math.floor(rankOf(100 - (range.high ?? 100), all));
  return (sumOf(kept) + below * lowest[0] + above * highest[0]) / all;
}

function countOf(values: Sorted): number {
  return values.reduce((total, [, count]) => total + count, 0);
}

function sumOf(values: Sorted): number {
  return values.reduce((total, [value, count]) => total + value * count, 0);
}
