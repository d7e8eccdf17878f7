// DescribeAlarms: alarms by name, state, action or kinship, in the order of their names.
import { type Alarm, type AlarmOwner, type AlarmType, alarmArn } from '../alarm.ts';
import { alarmsOf, parseRule } from '../alarm-rule.ts';
import { compositeAlarmView, metricAlarmView } from '../alarm-view.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidNextToken, notBuilt, validationError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { AlarmFilter } from '../store/alarms.ts';
import { parseToken, writeToken } from '../tokens.ts';

type Input = Parameters<CloudWatchOperation<'DescribeAlarms'>>[0];
type Output = Awaited<ReturnType<CloudWatchOperation<'DescribeAlarms'>>>;

/** What goes along with the names of children and parents. */
const pageMembers = ['MaxRecords', 'NextToken'];
const allTypes: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];

export function describeAlarms(cloudWatch: CloudWatch): CloudWatchOperation<'DescribeAlarms'> {
  return async (input, { caller }) => {
    const kin = kinshipOf(input);
    const filter = kin === undefined ? filterFrom(input, caller) : await kinFilter(cloudWatch, input, kin, caller);
    const after = input.NextToken === undefined ? undefined : parseToken(input.NextToken, isText);
    if (input.NextToken !== undefined && after === undefined) throw invalidNextToken();
    const size = input.MaxRecords ?? limits.alarmsPerPage;
    const found = await cloudWatch.alarms.store.list(filter, after, size + 1);
    const page = found.slice(0, size);
    return {
      ...viewsOf(page, kin),
      ...(found.length > size ? { NextToken: writeToken(page.at(-1)!.name) } : {}),
    };
  };
}

type Kinship = 'ChildrenOfAlarmName' | 'ParentsOfAlarmName';

function kinshipOf(input: Input): Kinship | undefined {
  const kinships = (['ChildrenOfAlarmName', 'ParentsOfAlarmName'] as const).filter(
    (member) => input[member] !== undefined,
  );
  const [kin] = kinships;
  if (kin === undefined) return undefined;
  const others = Object.entries(input).filter(([name, value]) => value !== undefined && !pageMembers.includes(name));
  if (others.length > 1) {
    throw validationError(`${kin} must not be specified with any other parameter than MaxRecords and NextToken`);
  }
  return kin;
}

function filterFrom(input: Input, { account, region }: AlarmOwner): AlarmFilter {
  const { AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes: types, StateValue: state } = input;
  if (names !== undefined && names.length > 0 && prefix !== undefined) {
    throw validationError('AlarmNamePrefix and AlarmNames must not be specified at the same time');
  }
  return {
    account,
    region,
    names: names?.length === 0 ? undefined : names,
    prefix,
    types: typesFrom(types),
    state,
    actionPrefix: input.ActionPrefix,
  };
}

/** The kinds of alarms that are asked for; metric alarms when nothing is said. */
export function typesFrom(types: readonly string[] | undefined): AlarmType[] {
  if (types === undefined || types.length === 0) return ['MetricAlarm'];
  if (types.some((type) => !allTypes.includes(type as AlarmType)))
    throw notBuilt('Alarms on log queries (LogAlarm) are');
  return types as AlarmType[];
}

async function kinFilter({ alarms }: CloudWatch, input: Input, kin: Kinship, owner: AlarmOwner): Promise<AlarmFilter> {
  const { account, region } = owner;
  const key = { account, region, name: input[kin]! };
  const filter = { account, region, types: allTypes };
  if (kin === 'ParentsOfAlarmName') return { ...filter, names: await alarms.store.composites(key, 'rule') };
  const parent = await alarms.store.get(key);
  const names = parent?.type === 'CompositeAlarm' ? alarmsOf(parseRule(parent.rule, owner)) : [];
  return { ...filter, names };
}

function viewsOf(alarms: readonly Alarm[], kin: Kinship | undefined): Output {
  if (kin === undefined) {
    return {
      MetricAlarms: alarms.filter((alarm) => alarm.type === 'MetricAlarm').map(metricAlarmView),
      CompositeAlarms: alarms.filter((alarm) => alarm.type === 'CompositeAlarm').map(compositeAlarmView),
    };
  }
  const viewOf = (alarm: Alarm) => ({
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm),
    ...(kin === 'ChildrenOfAlarmName' && {
      StateValue: alarm.state.value,
      StateUpdatedTimestamp: new Date(alarm.state.updated),
    }),
  });
  return {
    MetricAlarms: alarms.filter(({ type }) => type === 'MetricAlarm').map(viewOf),
    CompositeAlarms: alarms.filter(({ type }) => type === 'CompositeAlarm').map(viewOf),
  } as Output;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
