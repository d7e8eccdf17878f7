// Metrics that log events carry in themselves. CloudWatch_Embedded_Metric_Format_Specification.html
import { limits } from './limits.ts';
import type { Dimensions } from './metric.ts';
import { StatisticSet } from './statistic-set.ts';
import { isUnit } from './units.ts';

/** A measurement as a log event tells it. */
export interface EmbeddedMeasurement {
  namespace: string;
  name: string;
  dimensions: Dimensions;
  unit: string;
  /** Seconds: 60, or 1. */
  resolution: number;
  /** Epoch milliseconds. */
  time: number;
  set: StatisticSet;
}

type Json = Record<string, unknown>;

/** What a log event measures at `now` (epoch milliseconds); nothing when it does not, and without what is wrong in it. */
export function embeddedMeasurements(message: string, now: number): EmbeddedMeasurement[] {
  // Almost no line has it, and looking for it costs next to nothing beside parsing.
  if (!message.includes('"_aws"')) return [];
  const root = parseObject(message);
  const metadata = root?.['_aws'];
  if (root === undefined || !isObject(metadata) || !Array.isArray(metadata['CloudWatchMetrics'])) return [];
  const time = metadata['Timestamp'];
  if (typeof time !== 'number' || now - time > limits.oldestDatumMs || time - now > limits.newestDatumMs) return [];
  return metadata['CloudWatchMetrics'].flatMap((directive) => measurementsOf(root, directive, time));
}

function measurementsOf(root: Json, directive: unknown, time: number): EmbeddedMeasurement[] {
  if (!isObject(directive)) return [];
  const { Namespace: namespace, Metrics: metrics } = directive;
  if (!isName(namespace, limits.namespaceLength) || namespace.startsWith('AWS/') || !Array.isArray(metrics)) return [];
  if (metrics.length > limits.metricsPerDirective) return [];
  const dimensionSets = dimensionSetsOf(root, directive['Dimensions']);
  return metrics.flatMap((definition) => {
    const measured = measure(root, definition);
    if (measured === undefined) return [];
    return dimensionSets.map((dimensions) => ({ namespace, ...measured, dimensions, time }));
  });
}

function measure(root: Json, definition: unknown) {
  if (!isObject(definition) || !isName(definition['Name'], limits.metricNameLength)) return undefined;
  const { Name: name, Unit: unit = 'None', StorageResolution: resolution = 60 } = definition;
  if (typeof unit !== 'string' || !isUnit(unit) || (resolution !== 60 && resolution !== 1)) return undefined;
  const target = Object.hasOwn(root, name as string) ? root[name as string] : undefined;
  const values: unknown[] = Array.isArray(target) ? target : [target];
  if (values.length === 0 || values.length > limits.valuesPerEmbeddedMetric || !values.every(isValue)) return undefined;
  const set = new StatisticSet();
  for (const value of values) set.add(value as number);
  return { name: name as string, unit, resolution: resolution as number, set };
}

/** Sets whose every dimension the event has; one set without dimensions when none are given. */
function dimensionSetsOf(root: Json, given: unknown): Dimensions[] {
  if (given === undefined) return [[]];
  if (!Array.isArray(given)) return [];
  if (given.length === 0) return [[]];
  return given.flatMap((names) => {
    if (!Array.isArray(names) || names.length > limits.dimensions) return [];
    const dimensions = [...new Set<unknown>(names)].map((name) => [name, root[String(name)]] as const);
    return dimensions.every(isDimension) ? [dimensions as unknown as Dimensions] : [];
  });
}

function isDimension([name, value]: readonly [unknown, unknown]): boolean {
  return isName(name, limits.dimensionNameLength) && isName(value, limits.dimensionValueLength);
}

function isName(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

function isValue(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= limits.largestValue;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
