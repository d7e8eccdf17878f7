// What actions are told: the event of Lambda functions, and the message of SNS topics.
// alarms-and-actions-Lambda.html, Notify_Users_Alarm_Changes.html
import {
  type Alarm,
  type AlarmState,
  alarmArn,
  type CompositeAlarm,
  type MetricAlarm,
  type MetricQuery,
  type MetricStatistic,
  periodOf,
  type SuppressedBy,
  suppressionReason,
} from './alarm.ts';
import { doubleJson, timestampText } from './java-text.ts';
import { regionName } from './region-name.ts';

/** How long a subject may be. API_Publish.html */
const longestSubject = 100;

/** The event that a function is invoked with, as JSON. `heldBy`: what had held back the actions of this state. */
export function functionEvent(alarm: Alarm, previous: AlarmState, heldBy?: SuppressedBy): string {
  return JSON.stringify({
    source: 'aws.cloudwatch',
    alarmArn: alarmArn(alarm),
    accountId: alarm.account,
    time: timestampText(alarm.state.updated),
    region: alarm.region,
    alarmData: {
      alarmName: alarm.name,
      state: stateMessage(alarm.state),
      previousState: {
        ...stateMessage(previous),
        actionsSuppressedBy: heldBy,
        actionsSuppressedReason: heldBy && suppressionReason(heldBy),
      },
      configuration: alarm.type === 'MetricAlarm' ? metricConfiguration(alarm) : compositeConfiguration(alarm),
    },
  });
}

export function topicSubject({ name, state, region }: Alarm): string {
  return `${state.value}: "${name}" in ${regionName(region)}`.slice(0, longestSubject);
}

/** The message that a topic is sent, as JSON. */
export function topicMessage(alarm: Alarm, previous: AlarmState): string {
  const { state, actions } = alarm;
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: alarm.account,
    AlarmConfigurationUpdatedTimestamp: timestampText(alarm.configured),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: timestampText(state.updated),
    Region: regionName(alarm.region),
    AlarmArn: alarmArn(alarm),
    OldStateValue: previous.value,
    OKActions: actions.ok,
    AlarmActions: actions.alarm,
    InsufficientDataActions: actions.insufficientData,
    ...(alarm.type === 'MetricAlarm' ? { Trigger: trigger(alarm) } : compositeTrigger(alarm)),
  });
}

function stateMessage({ value, reason, reasonData, updated }: AlarmState) {
  return { value, reason, reasonData, timestamp: timestampText(updated) };
}

function metricConfiguration({ description, metric, queries, id }: MetricAlarm) {
  const metrics: MetricQuery[] = metric === undefined ? queries! : [{ id, metric, returnData: true }];
  return {
    description,
    metrics: metrics.map((query) => ({
      id: query.id,
      expression: query.expression,
      label: query.label,
      metricStat: query.metric && statisticMessage(query.metric),
      returnData: query.returnData ?? true,
      period: query.period,
    })),
  };
}

function statisticMessage({ namespace, metricName, dimensions, period, statistic, unit }: MetricStatistic) {
  const metric = { namespace, name: metricName, dimensions: Object.fromEntries(dimensions) };
  return { metric, period, stat: statistic, unit };
}

function compositeConfiguration({ description, rule, suppressor }: CompositeAlarm) {
  return {
    description,
    alarmRule: rule,
    actionsSuppressor: suppressor?.alarm,
    actionsSuppressorWaitPeriod: suppressor?.waitSeconds,
    actionsSuppressorExtensionPeriod: suppressor?.extensionSeconds,
  };
}

function trigger(alarm: MetricAlarm) {
  const { metric, queries } = alarm;
  return {
    ...(metric && {
      MetricName: metric.metricName,
      Namespace: metric.namespace,
      StatisticType: metric.extended ? 'ExtendedStatistic' : 'Statistic',
      ...(metric.extended
        ? { ExtendedStatistic: metric.statistic }
        : { Statistic: statisticNames[metric.statistic] ?? metric.statistic }),
      Unit: metric.unit ?? null,
      Dimensions: metric.dimensions.map(([name, value]) => ({ value, name })),
    }),
    Period: periodOf(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: doubleJson(alarm.threshold),
    TreatMissingData: alarm.treatMissingData ?? '',
    EvaluateLowSampleCountPercentile: alarm.lowSampleCount ?? '',
    Metrics: queries?.map(({ id, metric: stat, expression, label, returnData }) => ({
      Expression: expression,
      Id: id,
      Label: label,
      MetricStat: stat && {
        Metric: {
          Dimensions: stat.dimensions.map(([name, value]) => ({ value, name })),
          MetricName: stat.metricName,
          Namespace: stat.namespace,
        },
        Period: stat.period,
        Stat: stat.statistic,
        Unit: stat.unit,
      },
      ReturnData: returnData ?? true,
    })),
  };
}

const statisticNames: Readonly<Record<string, string>> = {
  SampleCount: 'SAMPLE_COUNT',
  Average: 'AVERAGE',
  Sum: 'SUM',
  Minimum: 'MINIMUM',
  Maximum: 'MAXIMUM',
};

function compositeTrigger({ rule, state }: CompositeAlarm) {
  const { triggeringAlarms = [] } = JSON.parse(state.reasonData ?? '{}');
  return {
    AlarmRule: rule,
    TriggeringChildren: triggeringAlarms.map((each: { arn: string; state: { value: string; timestamp: string } }) => ({
      Arn: each.arn,
      State: { Value: each.state.value, Timestamp: each.state.timestamp },
    })),
  };
}
