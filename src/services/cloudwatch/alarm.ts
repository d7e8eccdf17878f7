// An alarm as it is kept: what it watches, what it does, and the state that it is in.
import { formatArn, parseArn } from '../../core/arn.ts';
import type { Dimensions } from './metric.ts';

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type AlarmType = 'MetricAlarm' | 'CompositeAlarm';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';
export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export interface AlarmOwner {
  account: string;
  region: string;
}

export interface AlarmKey extends AlarmOwner {
  name: string;
}

/** A state, why it was entered, and when. Times are epoch milliseconds. */
export interface AlarmState {
  value: StateValue;
  reason: string;
  /** JSON, as AWS tells it; absent where nothing was measured. */
  reasonData?: string;
  /** When value or reason changed last. */
  updated: number;
  /** When the value changed last. */
  transitioned: number;
}

export interface AlarmActions {
  enabled: boolean;
  ok: string[];
  alarm: string[];
  insufficientData: string[];
}

/** A metric and one statistic of it. */
export interface MetricStatistic {
  namespace: string;
  metricName: string;
  dimensions: Dimensions;
  /** Seconds. */
  period: number;
  /** `Average`, `p99`, `TM(10%:90%)`. */
  statistic: string;
  /** Given as ExtendedStatistic. */
  extended: boolean;
  unit?: string;
}

/** One member of `Metrics`. */
export interface MetricQuery {
  id: string;
  /** Either this or `expression`. */
  metric?: MetricStatistic;
  expression?: string;
  label?: string;
  /** As given; absent means true. */
  returnData?: boolean;
  /** Seconds; of an expression. */
  period?: number;
  accountId?: string;
}

interface AlarmBase extends AlarmKey {
  /** Of this version of the configuration; names the metric in what functions are told. */
  id: string;
  description?: string;
  actions: AlarmActions;
  /** Epoch milliseconds. */
  configured: number;
  state: AlarmState;
}

export interface MetricAlarm extends AlarmBase {
  type: 'MetricAlarm';
  /** One of these two. */
  metric?: MetricStatistic;
  queries?: MetricQuery[];
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  threshold: number;
  comparison: Comparison;
  treatMissingData?: MissingData;
  lowSampleCount?: 'evaluate' | 'ignore';
}

export type SuppressedBy = 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm';

export interface CompositeAlarm extends AlarmBase {
  type: 'CompositeAlarm';
  rule: string;
  suppressor?: { alarm: string; waitSeconds: number; extensionSeconds: number };
  /** Why actions are held back now, and until when at the latest (epoch milliseconds); absent: until the suppressor ends. */
  suppressed?: { by: SuppressedBy; until?: number };
  /** The state's actions were not taken when it was entered, since they were held back. */
  held?: boolean;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export const initialReason = 'Unchecked: Initial alarm creation';

export function alarmArn({ account, region, name }: AlarmKey): string {
  return formatArn('cloudwatch', region, account, `alarm:${name}`);
}

/** The name that a reference stands for: a name, or an ARN of an alarm of this owner; undefined for any other ARN. */
export function alarmNameOf(reference: string, { account, region }: AlarmOwner): string | undefined {
  const arn = parseArn(reference);
  if (arn === undefined) return reference;
  const own = arn.service === 'cloudwatch' && arn.account === account && arn.region === region;
  return own && arn.resource.startsWith('alarm:') ? arn.resource.slice('alarm:'.length) : undefined;
}

/** The actions of a state. */
export function actionsOf({ actions }: Alarm, value: StateValue): readonly string[] {
  return { OK: actions.ok, ALARM: actions.alarm, INSUFFICIENT_DATA: actions.insufficientData }[value];
}

/** Length of one datapoint in seconds: of the longest metric that a math expression is made of. */
export function periodOf(alarm: MetricAlarm): number {
  if (alarm.metric !== undefined) return alarm.metric.period;
  const periods = alarm.queries!.flatMap(({ metric, period }) => metric?.period ?? period ?? []);
  return Math.max(60 * Number(periods.length === 0), ...periods);
}

/** ActionsSuppressedReason. */
export function suppressionReason(by: SuppressedBy): string {
  return `Actions suppressed by ${by}`;
}
