// Items of an alarm's history: their summaries, and their data as JSON.
import { type Alarm, type AlarmState, alarmArn, type CompositeAlarm, type MetricAlarm } from './alarm.ts';
import { queryView } from './alarm-view.ts';
import { doubleJson, timestampText } from './java-text.ts';
import type { HistoryItem, PendingAction } from './store/alarms.ts';

export type ConfigurationChange = 'Create' | 'Update' | 'Delete';

const participles = { Create: 'created', Update: 'updated', Delete: 'deleted' } as const;

/** An alarm was created, updated or deleted. */
export function configurationItem(change: ConfigurationChange, alarm: Alarm, time: number): HistoryItem {
  const participle = participles[change];
  const summary = `Alarm "${alarm.name}" ${participle}`;
  const data = JSON.stringify({ type: change, version: '1.0', [`${participle}Alarm`]: configuration(alarm) });
  return { ...ownerOf(alarm), itemType: 'ConfigurationUpdate', time, summary, data };
}

/** An alarm has left the state `previous` for the one that it is in. */
export function stateItem(alarm: Alarm, previous: AlarmState): HistoryItem {
  const { state } = alarm;
  const summary = `Alarm updated from ${previous.value} to ${state.value}`;
  const data = `{"version":"1.0","oldState":${stateData(previous)},"newState":${stateData(state)}}`;
  return { ...ownerOf(alarm), itemType: 'StateUpdate', time: state.updated, summary, data };
}

/** An action was taken; `error`: why it was not. */
export function actionItem(action: PendingAction, published: string | null, time: number, error?: string): HistoryItem {
  const summary =
    error === undefined
      ? `Successfully executed action ${action.action}`
      : `Failed to execute action ${action.action}. Received error: "${error}"`;
  const data = JSON.stringify({
    actionState: error === undefined ? 'Succeeded' : 'Failed',
    stateUpdateTimestamp: action.transitioned,
    notificationResource: action.action,
    publishedMessage: published,
    error: error ?? null,
  });
  return { ...ownerOf(action), itemType: 'Action', time, summary, data };
}

function ownerOf({ account, region, name, type }: Pick<HistoryItem, 'account' | 'region' | 'name' | 'type'>) {
  return { account, region, name, type };
}

/** The reason's data is JSON already, whose numbers must stay as they are written. */
function stateData({ value, reason, reasonData }: AlarmState): string {
  const members = JSON.stringify({ stateValue: value, stateReason: reason });
  return reasonData === undefined ? members : `${members.slice(0, -1)},"stateReasonData":${reasonData}}`;
}

function configuration(alarm: Alarm) {
  const { actions, state } = alarm;
  return {
    alarmName: alarm.name,
    alarmArn: alarmArn(alarm),
    alarmDescription: alarm.description,
    alarmConfigurationUpdatedTimestamp: timestampText(alarm.configured),
    actionsEnabled: actions.enabled,
    okactions: actions.ok,
    alarmActions: actions.alarm,
    insufficientDataActions: actions.insufficientData,
    stateValue: state.value,
    stateUpdatedTimestamp: timestampText(state.updated),
    ...(alarm.type === 'MetricAlarm' ? metricConfiguration(alarm) : compositeConfiguration(alarm)),
  };
}

function metricConfiguration(alarm: MetricAlarm) {
  const { metric, queries } = alarm;
  return {
    ...(metric && {
      namespace: metric.namespace,
      metricName: metric.metricName,
      dimensions: metric.dimensions.map(([name, value]) => ({ name, value })),
      period: metric.period,
      [metric.extended ? 'extendedStatistic' : 'statistic']: metric.statistic,
      unit: metric.unit,
    }),
    metrics: queries?.map((query) => lowerFirst(queryView(query))),
    evaluationPeriods: alarm.evaluationPeriods,
    datapointsToAlarm: alarm.datapointsToAlarm,
    threshold: doubleJson(alarm.threshold),
    comparisonOperator: alarm.comparison,
    treatMissingData: alarm.treatMissingData,
    evaluateLowSampleCountPercentile: alarm.lowSampleCount,
  };
}

function compositeConfiguration({ rule, suppressor }: CompositeAlarm) {
  return {
    alarmRule: rule,
    actionsSuppressor: suppressor?.alarm,
    actionsSuppressorWaitPeriod: suppressor?.waitSeconds,
    actionsSuppressorExtensionPeriod: suppressor?.extensionSeconds,
  };
}

/** Members as the history spells them. */
function lowerFirst(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.charAt(0).toLowerCase() + name.slice(1), lowerFirst(item)]),
  );
}
