// Checks the data of a PutMetricData request and turns each into a statistic set. API_MetricDatum.html
import type { OperationsOf } from '../../contracts/index.ts';
import type { AwsError } from '../../core/errors.ts';
import { invalidParameterCombination, invalidParameterValue, missingParameter } from './errors.ts';
import { limits } from './limits.ts';
import type { Dimensions } from './metric.ts';
import { StatisticSet } from './statistic-set.ts';
import { isUnit, units } from './units.ts';

export type MetricDatum = NonNullable<OperationsOf<'cloudwatch'>['PutMetricData']['input']['MetricData']>[number];

/** A datum that holds. */
export interface Measurement {
  name: string;
  dimensions: Dimensions;
  unit: string;
  /** Seconds: 60, or 1. */
  resolution: number;
  /** Epoch milliseconds. */
  time: number;
  set: StatisticSet;
}

/** Throws the first kind of error found, with all of that kind, a line each, as AWS tells them. */
export function checkData(data: readonly MetricDatum[], path: string, now: number): Measurement[] {
  if (data.length > limits.dataPerPut) throw tooLarge(path, limits.dataPerPut);
  const findings = data.map((datum, index) => findFault(datum, `${path}.member.${index + 1}`, now));
  const first = findings.find((finding) => finding !== undefined);
  if (first !== undefined) {
    const alike = findings.filter((finding) => finding?.code === first.code);
    first.message = alike.map((finding) => finding!.message).join('\n');
    throw first;
  }
  return data.map((datum) => toMeasurement(datum, now));
}

function findFault(datum: MetricDatum, path: string, now: number): AwsError | undefined {
  return (
    findDimensionFault(datum, path) ??
    findTimestampFault(datum, path, now) ??
    findUnitFault(datum, path) ??
    findResolutionFault(datum, path) ??
    findCombinationFault(datum, path) ??
    findValuesFault(datum, path) ??
    findStatisticsFault(datum, path)
  );
}

function findDimensionFault({ Dimensions: dimensions = [] }: MetricDatum, path: string): AwsError | undefined {
  if (dimensions.length > limits.dimensions) return tooLarge(`${path}.Dimensions`, limits.dimensions);
  for (const [index, dimension] of dimensions.entries()) {
    for (const [name, longest] of [
      ['Name', limits.dimensionNameLength],
      ['Value', limits.dimensionValueLength],
    ] as const) {
      const at = `${path}.Dimensions.member.${index + 1}.${name}`;
      const text = dimension[name] ?? '';
      if (text === '') return missingParameter(`The parameter ${at} is required.`);
      if (text.length > longest) {
        return invalidParameterValue(`The parameter ${at} must be shorter than ${longest + 1} characters.`);
      }
    }
  }
  if (new Set(dimensions.map(({ Name }) => Name)).size < dimensions.length) {
    return invalidParameterValue('No Metric may specify the same dimension twice.');
  }
  return undefined;
}

function findTimestampFault({ Timestamp: timestamp }: MetricDatum, path: string, now: number): AwsError | undefined {
  if (timestamp === undefined) return undefined;
  const age = now - timestamp.getTime();
  if (age >= -limits.newestDatumMs && age <= limits.oldestDatumMs) return undefined;
  return invalidParameterValue(`The parameter ${path}.Timestamp must specify a time within the past two weeks.`);
}

function findUnitFault({ Unit: unit }: MetricDatum, path: string): AwsError | undefined {
  if (unit === undefined || isUnit(unit)) return undefined;
  return invalidParameterValue(`The parameter ${path}.Unit must be a value in the set [ ${units.join(', ')} ].`);
}

function findResolutionFault({ StorageResolution: resolution }: MetricDatum, path: string): AwsError | undefined {
  if (resolution === undefined || resolution === 1 || resolution === 60) return undefined;
  return invalidParameterValue(`The parameter ${path}.StorageResolution must be a value in the set [ 1, 60 ].`);
}

function findCombinationFault(datum: MetricDatum, path: string): AwsError | undefined {
  const given = (['Value', 'Values', 'StatisticValues'] as const).filter((name) => isGiven(datum[name]));
  if (given.length === 0) {
    return missingParameter(
      `At least one of the parameters ${path}.Value, ${path}.Values or ${path}.StatisticValues must be specified.`,
    );
  }
  // AWS takes Values beside StatisticValues.
  if (given.length === 1 || !given.includes('Value')) return undefined;
  return invalidParameterCombination(
    `The parameters ${path}.${given[0]} and ${path}.${given[1]} are mutually exclusive and you have specified both.`,
  );
}

function findValuesFault(datum: MetricDatum, path: string): AwsError | undefined {
  const { Value: value, Values: values = [], Counts: counts = [] } = datum;
  if (value !== undefined && !isAllowed(value)) return invalidValue(value, `${path}.Value`);
  if (values.length > limits.valuesPerDatum) return tooLarge(`${path}.Values`, limits.valuesPerDatum);
  const badValue = values.find((each) => !isAllowed(each));
  if (badValue !== undefined) return invalidValue(badValue, `${path}.Values`);
  if (counts.length > 0 && counts.length !== values.length) {
    return invalidParameterValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  }
  const badCount = counts.find((each) => !isAllowed(each) || each < 0);
  return badCount === undefined ? undefined : invalidValue(badCount, `${path}.Counts`);
}

function findStatisticsFault({ StatisticValues: set }: MetricDatum, path: string): AwsError | undefined {
  if (set === undefined) return undefined;
  const at = `${path}.StatisticValues`;
  const missing = (['Maximum', 'Minimum', 'SampleCount', 'Sum'] as const).filter((name) => set[name] === undefined);
  if (missing.length > 0) {
    return missingParameter(missing.map((name) => `The parameter ${at}.${name} is required.`).join('\n'));
  }
  for (const name of ['Maximum', 'Minimum', 'SampleCount', 'Sum'] as const) {
    if (!isAllowed(set[name]!)) return invalidValue(set[name]!, `${at}.${name}`);
  }
  if (set.Maximum! < set.Minimum!) {
    return invalidParameterValue(`The parameter ${at}.Maximum must be greater than ${at}.Minimum.`);
  }
  if (set.SampleCount! < 0) return invalidParameterValue(`The parameter ${at}.SampleCount must be greater than 0.`);
  if (set.SampleCount === 0) return invalidParameterValue(`The parameter ${at}.SampleCount must not equal 0.`);
  return undefined;
}

function toMeasurement(datum: MetricDatum, now: number): Measurement {
  const time = datum.Timestamp?.getTime() ?? now;
  return {
    name: datum.MetricName!,
    dimensions: (datum.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!] as const),
    unit: datum.Unit ?? 'None',
    resolution: datum.StorageResolution ?? 60,
    time,
    set: setOf(datum),
  };
}

function setOf({ Value: value, Values: values, Counts: counts, StatisticValues: given }: MetricDatum): StatisticSet {
  if (given !== undefined) return StatisticSet.of(given.SampleCount!, given.Sum!, given.Minimum!, given.Maximum!);
  const set = new StatisticSet();
  if (value !== undefined) set.add(value);
  for (const [index, each] of values?.entries() ?? []) set.add(each, counts?.[index] ?? 1);
  return set;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function isAllowed(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= limits.largestValue;
}

const invalidValue = (value: number, path: string) =>
  invalidParameterValue(`The value ${shown(value)} for parameter ${path} is invalid.`);

function shown(value: number): string {
  return Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '∞' : '-∞';
}

const tooLarge = (path: string, size: number) =>
  invalidParameterValue(`The collection ${path} must not have a size greater than ${size}.`);
