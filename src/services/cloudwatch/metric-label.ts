// How the results of GetMetricData are labelled where the request does not say. Observed.
import type { MetricSource, TimeSeries } from './metric-math/index.ts';

/** Of each series the metric's name, behind what of its dimensions and before what of statistic and period differs among them. */
export function defaultLabels(series: readonly { source: MetricSource; period: number }[]): string[] {
  const differs = (of: (each: { source: MetricSource; period: number }) => unknown) => new Set(series.map(of)).size > 1;
  const statistic = differs(({ source }) => source.stat);
  const period = differs((each) => each.period);
  const dimensionNames = new Set(series.flatMap(({ source }) => source.dimensions.map(([name]) => name)));
  const differing = [...dimensionNames].filter((name) => differs(({ source }) => dimensionOf(source, name)));
  return series.map((each) =>
    [
      ...differing.map((name) => dimensionOf(each.source, name)),
      each.source.name,
      statistic && each.source.stat,
      period && String(each.period),
    ]
      .filter((part) => typeof part === 'string')
      .join(' '),
  );
}

export function dimensionOf({ dimensions }: MetricSource, name: string): string | undefined {
  return dimensions.find((dimension) => dimension[0] === name)?.[1];
}

const timezonePattern = /^([+-])(\d{2})(\d{2})$/;

/** Milliseconds from UTC, of a timezone such as `+0130`; undefined when it is none. */
export function timezoneOffset(timezone: string): number | undefined {
  const match = timezonePattern.exec(timezone);
  if (match === null || Number(match[3]) > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

/** What dynamic labels are told relative to. */
export interface LabelScope {
  /** Epoch milliseconds. */
  now: number;
  /** Milliseconds from UTC. */
  timezone: number;
}

/** A label with its dynamic parts filled in. graph-dynamic-labels.html */
export function dynamicLabel(label: string, series: TimeSeries, scope: LabelScope): string {
  return label.replace(/\$\{([A-Z_]+)(?:\('([^']*)'\))?\}/g, (whole, name: string, argument: string | undefined) => {
    if (name === 'PROP' && argument !== undefined) return propertyOf(series, argument) ?? whole;
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return argument === undefined && part !== undefined ? part(series, scope) : whole;
  });
}

type Part = (series: TimeSeries, scope: LabelScope) => string;

const absent = '--';

const parts: Record<string, Part> = {
  LABEL: ({ label }) => label,
  AVG: ofValues((values) => values.reduce((a, b) => a + b, 0) / values.length),
  SUM: ofValues((values) => values.reduce((a, b) => a + b, 0)),
  MIN: ofValues((values) => values.reduce((a, b) => Math.min(a, b))),
  MAX: ofValues((values) => values.reduce((a, b) => Math.max(a, b))),
  FIRST: ofValues((values) => values[0]!),
  LAST: ofValues((values) => values.at(-1)!),
  DATAPOINT_COUNT: ({ values }) => String(values.length),
  FIRST_TIME: ofTime(() => 0),
  LAST_TIME: ofTime((values) => values.length - 1),
  MIN_TIME: ofTime(indexOfLeast),
  MAX_TIME: ofTime(indexOfGreatest),
  FIRST_TIME_RELATIVE: ofRelativeTime(() => 0),
  LAST_TIME_RELATIVE: ofRelativeTime((values) => values.length - 1),
  MIN_TIME_RELATIVE: ofRelativeTime(indexOfLeast),
  MAX_TIME_RELATIVE: ofRelativeTime(indexOfGreatest),
  FIRST_LAST_RANGE: (series, scope) => `${parts['FIRST']!(series, scope)} - ${parts['LAST']!(series, scope)}`,
  FIRST_LAST_TIME_RANGE: (series, scope) =>
    `${parts['FIRST_TIME']!(series, scope)} - ${parts['LAST_TIME']!(series, scope)}`,
  MIN_MAX_RANGE: (series, scope) => `${parts['MIN']!(series, scope)} - ${parts['MAX']!(series, scope)}`,
  MIN_MAX_TIME_RANGE: (series, scope) => `${parts['MIN_TIME']!(series, scope)} - ${parts['MAX_TIME']!(series, scope)}`,
};

function propertyOf({ source, period }: TimeSeries, name: string): string | undefined {
  if (name === 'Period') return String(period);
  if (source === undefined) return undefined;
  if (name.startsWith('Dim.')) return dimensionOf(source, name.slice('Dim.'.length));
  const properties: Record<string, string> = {
    AccountId: source.account,
    MetricName: source.name,
    Namespace: source.namespace,
    Region: source.region,
    Stat: source.stat,
  };
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function ofValues(of: (values: number[]) => number): Part {
  return ({ values }) => (values.length === 0 ? absent : String(Math.round(of(values) * 1e4) / 1e4));
}

function ofTime(indexOf: (values: number[]) => number): Part {
  return ({ values, timestamps }, { timezone }) => {
    if (values.length === 0) return absent;
    const local = new Date(timestamps[indexOf(values)]! + timezone).toISOString();
    return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
  };
}

function ofRelativeTime(indexOf: (values: number[]) => number): Part {
  return ({ values, timestamps }, { now }) => {
    if (values.length === 0) return absent;
    const seconds = Math.max(0, Math.round((now - timestamps[indexOf(values)]!) / 1000));
    const days = Math.floor(seconds / 86_400);
    const hours = Math.floor((seconds % 86_400) / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const shown = [
      days && `${days}d`,
      hours && `${hours}h`,
      minutes && `${minutes}m`,
      seconds % 60 && `${seconds % 60}s`,
    ];
    return `${shown.filter(Boolean).join(' ') || '0s'} ago`;
  };
}

function indexOfLeast(values: number[]): number {
  return values.reduce((best, value, index) => (value < values[best]! ? index : best), 0);
}

function indexOfGreatest(values: number[]): number {
  return values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
}
