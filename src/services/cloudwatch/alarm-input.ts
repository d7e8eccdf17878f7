// What PutMetricAlarm is given, checked as AWS checks it. API_PutMetricAlarm.html
import type { OperationsOf } from '../../contracts/index.ts';
import type { Comparison, MetricAlarm, MetricQuery, MetricStatistic, MissingData } from './alarm.ts';
import { invalidParameterCombination, invalidParameterValue, notBuilt, validationError } from './errors.ts';
import { limits } from './limits.ts';
import type { Dimensions } from './metric.ts';
import { isInsightsQuery } from './metrics-insights.ts';
import { parseStatistic } from './statistics.ts';

export type PutMetricAlarmInput = OperationsOf<'cloudwatch'>['PutMetricAlarm']['input'];
type QueryInput = NonNullable<PutMetricAlarmInput['Metrics']>[number];

/** What an alarm watches and how it judges that. */
export type AlarmCondition = Pick<
  MetricAlarm,
  | 'metric'
  | 'queries'
  | 'evaluationPeriods'
  | 'datapointsToAlarm'
  | 'threshold'
  | 'comparison'
  | 'treatMissingData'
  | 'lowSampleCount'
>;

const missingData = ['breaching', 'notBreaching', 'ignore', 'missing'];
const anomalyComparisons = [
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];
const singleMetricMembers = [
  'MetricName',
  'Namespace',
  'Dimensions',
  'Period',
  'Unit',
  'Statistic',
  'ExtendedStatistic',
] as const;
const unbuiltMembers = {
  EvaluationCriteria: 'Alarms on PromQL queries (EvaluationCriteria)',
  EvaluationInterval: 'Alarms on PromQL queries (EvaluationInterval)',
  EvaluationWindow: 'Evaluation windows of alarms (EvaluationWindow)',
  WarmUpConfiguration: 'Warm-up of alarms (WarmUpConfiguration)',
  ActionConfiguration: 'Configurations of alarm actions (ActionConfiguration)',
} as const;

const daySeconds = 86_400;

/** Throws ValidationError and its kin. */
export function conditionFrom(input: PutMetricAlarmInput): AlarmCondition {
  for (const [member, subject] of Object.entries(unbuiltMembers)) {
    if (input[member as keyof PutMetricAlarmInput] !== undefined) throw notBuilt(`${subject} are`);
  }
  checkAnomaly(input);
  const comparison = input.ComparisonOperator as Comparison | undefined;
  if (comparison === undefined) throw validationError('ComparisonOperator must not be null');
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm: datapointsToAlarm } = input;
  if (evaluationPeriods === undefined) throw validationError('EvaluationPeriods must not be null');
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) {
    throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  }
  const threshold = input.Threshold;
  if (threshold === undefined || !Number.isFinite(threshold)) {
    throw validationError('PutMetricAlarm request should have valid Threshold parameter');
  }
  const treatMissingData = oneOf('TreatMissingData', input.TreatMissingData, missingData) as MissingData | undefined;
  const watched = input.Metrics === undefined ? { metric: metricFrom(input) } : { queries: queriesFrom(input) };
  for (const period of periodsOf(watched)) checkPeriod(period, evaluationPeriods);
  return {
    ...watched,
    evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
    threshold,
    comparison,
    ...(treatMissingData === undefined ? {} : { treatMissingData }),
    ...lowSampleCountFrom(input),
  };
}

function checkAnomaly({ ThresholdMetricId, ComparisonOperator, Metrics }: PutMetricAlarmInput): void {
  const banded = Metrics?.some(({ Expression }) => /\bANOMALY_DETECTION_BAND\s*\(/i.test(Expression ?? ''));
  if (ThresholdMetricId !== undefined || banded || anomalyComparisons.includes(ComparisonOperator ?? '')) {
    throw notBuilt('Alarms on anomaly detection (ThresholdMetricId, ANOMALY_DETECTION_BAND) are');
  }
}

function metricFrom(input: PutMetricAlarmInput): MetricStatistic {
  const { MetricName: metricName, Namespace: namespace, Statistic, ExtendedStatistic, Period: period } = input;
  if (metricName === undefined) throw validationError('MetricName must not be null');
  if (namespace === undefined) throw validationError('Namespace must not be null');
  checkNames(namespace, metricName);
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw invalidParameterCombination(
      'The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both.',
    );
  }
  const statistic = Statistic ?? ExtendedStatistic;
  if (statistic === undefined) throw validationError('Statistic must not be null');
  if (parseStatistic(statistic) === undefined) {
    throw invalidParameterValue(`The value ${statistic} for parameter ExtendedStatistic is not supported.`);
  }
  if (period === undefined) throw validationError('Period must not be null');
  return {
    namespace,
    metricName,
    dimensions: dimensionsFrom(input.Dimensions),
    period,
    statistic,
    extended: Statistic === undefined,
    ...(input.Unit === undefined ? {} : { unit: input.Unit }),
  };
}

function queriesFrom(input: PutMetricAlarmInput): MetricQuery[] {
  for (const member of singleMetricMembers) {
    const value = input[member];
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (given) throw validationError(`${member} should not be set if list of Metrics is set.`);
  }
  const queries = input.Metrics!.map(queryFrom);
  const metrics = queries.filter(({ metric }) => metric !== undefined).length;
  if (queries.length === 0) throw validationError('Metrics must not be empty');
  if (metrics > limits.metricsPerAlarm) {
    throw validationError(`Too many metrics in alarm, maximum is ${limits.metricsPerAlarm}`);
  }
  if (queries.length - metrics > limits.expressionsPerAlarm) {
    throw validationError(`Too many expressions in alarm, maximum is ${limits.expressionsPerAlarm}`);
  }
  if (new Set(queries.map(({ id }) => id)).size < queries.length) throw validationError('Invalid metrics list');
  if (queries.filter(({ returnData }) => returnData ?? true).length !== 1) {
    throw validationError('Exactly one element of the metrics list should return data.');
  }
  return queries;
}

function queryFrom({ Id, MetricStat, Expression, Label, ReturnData, Period, AccountId }: QueryInput): MetricQuery {
  if (MetricStat !== undefined && Expression !== undefined) {
    throw validationError(
      'The parameters MetricDataQuery Expression and MetricStat are mutually exclusive and you have specified both.',
    );
  }
  if (MetricStat === undefined && Expression === undefined) throw validationError('Period must not be null');
  if (AccountId !== undefined) throw notBuilt('Alarms on metrics of other accounts (AccountId) are');
  if (Expression !== undefined) checkExpression(Expression);
  return {
    id: Id!,
    ...(MetricStat && { metric: statisticFrom(MetricStat) }),
    ...(Expression === undefined ? {} : { expression: Expression }),
    ...(Label === undefined ? {} : { label: Label }),
    ...(ReturnData === undefined ? {} : { returnData: ReturnData }),
    ...(Period === undefined ? {} : { period: Period }),
  };
}

function statisticFrom({ Metric, Period, Stat, Unit }: NonNullable<QueryInput['MetricStat']>): MetricStatistic {
  const { Namespace: namespace, MetricName: metricName, Dimensions: dimensions } = Metric!;
  if (namespace === undefined || metricName === undefined) throw validationError('Invalid metrics list');
  if (parseStatistic(Stat!) === undefined) throw validationError('Invalid metrics list');
  checkNames(namespace, metricName);
  return {
    namespace,
    metricName,
    dimensions: dimensionsFrom(dimensions),
    period: Period!,
    statistic: Stat!,
    extended: false,
    ...(Unit === undefined ? {} : { unit: Unit }),
  };
}

function checkExpression(text: string): void {
  if (/\bSEARCH\s*\(/i.test(text)) throw validationError('SEARCH is not supported on Metric Alarms.');
  if (isInsightsQuery(text)) throw notBuilt('Alarms on Metrics Insights queries are');
}

function checkNames(namespace: string, metricName: string): void {
  const beyondAscii = /[^\x00-\x7f]/;
  if (beyondAscii.test(namespace)) throw validationError('Namespace must not contain Non-ASCII characters.');
  if (beyondAscii.test(metricName)) throw validationError('MetricName must not contain Non-ASCII characters.');
}

function dimensionsFrom(dimensions: { Name?: string | undefined; Value?: string | undefined }[] = []): Dimensions {
  return dimensions.map(({ Name, Value }) => [Name!, Value!]);
}

function lowSampleCountFrom(input: PutMetricAlarmInput): Pick<AlarmCondition, 'lowSampleCount'> {
  const { EvaluateLowSampleCountPercentile: option, Statistic } = input;
  if (option === undefined) return {};
  const lowSampleCount = oneOf('EvaluateLowSampleCountPercentile', option, ['evaluate', 'ignore']);
  const statistic = Statistic ?? input.ExtendedStatistic ?? '';
  if (input.Metrics === undefined && parseStatistic(statistic)?.kind !== 'percentile') {
    throw validationError(
      `Option evaluateLowSampleCountPercentile can not be applied with statistic ${statistic}. This option is enabled only for percentile statistics.`,
    );
  }
  return { lowSampleCount: lowSampleCount as 'evaluate' | 'ignore' };
}

function oneOf(parameter: string, value: string | undefined, values: readonly string[]): string | undefined {
  if (value === undefined || values.includes(value)) return value;
  const listed = `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
  throw validationError(
    `Option ${value} is not supported. Supported options for parameter ${parameter} are ${listed}.`,
  );
}

function periodsOf({ metric, queries = [] }: Pick<AlarmCondition, 'metric' | 'queries'>): number[] {
  return [metric?.period, ...queries.flatMap((query) => [query.metric?.period, query.period])].filter(
    (period) => period !== undefined,
  );
}

function checkPeriod(period: number, evaluationPeriods: number): void {
  if (![10, 20, 30].includes(period) && (period <= 0 || period % 60 !== 0)) {
    throw validationError('Period must be 10, 20, 30 or a multiple of 60');
  }
  const span = period * evaluationPeriods;
  if (period < 3600 && span > daySeconds) {
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600',
    );
  }
  if (span > 7 * daySeconds) {
    throw validationError(
      'Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800) for alarms using period >= 3600',
    );
  }
}
