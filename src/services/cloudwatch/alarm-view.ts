// Alarms as DescribeAlarms tells them.
import type { OperationsOf } from '../../contracts/index.ts';
import {
  type Alarm,
  alarmArn,
  type CompositeAlarm,
  type MetricAlarm,
  type MetricQuery,
  suppressionReason,
} from './alarm.ts';
import type { Dimensions } from './metric.ts';

type Described = OperationsOf<'cloudwatch'>['DescribeAlarms']['output'];
export type MetricAlarmView = NonNullable<Described['MetricAlarms']>[number];
export type CompositeAlarmView = NonNullable<Described['CompositeAlarms']>[number];
type MetricQueryView = NonNullable<MetricAlarmView['Metrics']>[number];

export function metricAlarmView(alarm: MetricAlarm): MetricAlarmView {
  const { metric, queries } = alarm;
  const statistic = metric && (metric.extended ? { ExtendedStatistic: metric.statistic } : undefined);
  return {
    ...commonView(alarm),
    ...(metric && {
      MetricName: metric.metricName,
      Namespace: metric.namespace,
      Dimensions: dimensionsView(metric.dimensions),
      Period: metric.period,
      ...(statistic ?? { Statistic: metric.statistic as NonNullable<MetricAlarmView['Statistic']> }),
      ...(metric.unit === undefined ? {} : { Unit: metric.unit as NonNullable<MetricAlarmView['Unit']> }),
    }),
    ...(queries && { Dimensions: [], Metrics: queries.map(queryView) }),
    EvaluationPeriods: alarm.evaluationPeriods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ...(alarm.datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: alarm.datapointsToAlarm }),
    ...(alarm.treatMissingData === undefined ? {} : { TreatMissingData: alarm.treatMissingData }),
    ...(alarm.lowSampleCount === undefined ? {} : { EvaluateLowSampleCountPercentile: alarm.lowSampleCount }),
  };
}

export function compositeAlarmView(alarm: CompositeAlarm): CompositeAlarmView {
  const { suppressor, suppressed } = alarm;
  return {
    ...commonView(alarm),
    AlarmRule: alarm.rule,
    ...(suppressor && {
      ActionsSuppressor: suppressor.alarm,
      ActionsSuppressorWaitPeriod: suppressor.waitSeconds,
      ActionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
    }),
    ...(suppressed && {
      ActionsSuppressedBy: suppressed.by,
      ActionsSuppressedReason: suppressionReason(suppressed.by),
    }),
  };
}

export function dimensionsView(dimensions: Dimensions): { Name: string; Value: string }[] {
  return dimensions.map(([Name, Value]) => ({ Name, Value }));
}

function commonView(alarm: Alarm) {
  const { actions, state } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm),
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    ActionsEnabled: actions.enabled,
    OKActions: actions.ok,
    AlarmActions: actions.alarm,
    InsufficientDataActions: actions.insufficientData,
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updated),
    StateTransitionedTimestamp: new Date(state.transitioned),
  };
}

/** A member of `Metrics` as PutMetricAlarm was given it, and as GetMetricData takes it. */
export function queryView(query: MetricQuery): MetricQueryView {
  const { metric } = query;
  return {
    Id: query.id,
    ...(metric && {
      MetricStat: {
        Metric: {
          Namespace: metric.namespace,
          MetricName: metric.metricName,
          Dimensions: dimensionsView(metric.dimensions),
        },
        Period: metric.period,
        Stat: metric.statistic,
        ...(metric.unit === undefined
          ? {}
          : { Unit: metric.unit as NonNullable<NonNullable<MetricQueryView['MetricStat']>['Unit']> }),
      },
    }),
    ...(query.expression === undefined ? {} : { Expression: query.expression }),
    ...(query.label === undefined ? {} : { Label: query.label }),
    ...(query.returnData === undefined ? {} : { ReturnData: query.returnData }),
    ...(query.period === undefined ? {} : { Period: query.period }),
    ...(query.accountId === undefined ? {} : { AccountId: query.accountId }),
  };
}
