import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AwsError } from '../../core/errors.ts';
import {
  account,
  type CloudWatchUnderTest,
  region,
  settle,
  startCloudWatch,
  startOfTest,
} from './cloudwatch-under-test.ts';

const functionArn = `arn:aws:lambda:${region}:${account}:function:react`;
const topicArn = `arn:aws:sns:${region}:${account}:topic`;
const arn = (name: string) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
const minute = 60_000;

const alarm = {
  AlarmName: 'cpu',
  Namespace: 'app',
  MetricName: 'load',
  Statistic: 'Average' as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 2,
  ComparisonOperator: 'GreaterThanThreshold' as const,
};

const measure = ({ call, clock }: CloudWatchUnderTest, Value: number, time = clock.now()) =>
  call('PutMetricData', {
    Namespace: 'app',
    MetricData: [{ MetricName: 'load', Value, Timestamp: new Date(time) }],
  } as any);

async function stateOf({ call }: CloudWatchUnderTest, name = 'cpu'): Promise<any> {
  const { MetricAlarms, CompositeAlarms } = await call('DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
  return MetricAlarms?.[0] ?? CompositeAlarms?.[0];
}

async function summaries({ call }: CloudWatchUnderTest, AlarmName: string): Promise<string[]> {
  const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { AlarmName, ScanBy: 'TimestampAscending' });
  return AlarmHistoryItems!.map(({ HistorySummary }) => HistorySummary!);
}

const set = (under: CloudWatchUnderTest, AlarmName: string, StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  under.call('SetAlarmState', { AlarmName, StateValue, StateReason: 'testing' }).then(settle);

/** Two metric alarms of hours, which nothing evaluates while a test looks at what depends on them. */
async function withChildren(test: TestContext): Promise<CloudWatchUnderTest> {
  const under = await startCloudWatch(test);
  for (const AlarmName of ['one', 'two', 'mute']) {
    const slow = { AlarmName, Period: 86_400, EvaluationPeriods: 7 };
    await under.call('PutMetricAlarm', { ...alarm, ...slow, TreatMissingData: 'ignore' });
    await set(under, AlarmName, 'OK');
  }
  return under;
}

test('an alarm follows its metric: no data at first, then ALARM, OK, and no data again', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', alarm);
  assert.equal((await stateOf(under)).StateReason, 'Unchecked: Initial alarm creation');
  await under.clock.advance(2 * minute);
  const unknown = await stateOf(under);
  assert.equal(unknown.StateReason, 'Insufficient Data: 1 datapoint was unknown.');
  assert.equal(unknown.StateTransitionedTimestamp.getTime(), startOfTest);
  await measure(under, 5);
  await under.clock.advance(2 * minute);
  const alarmed = await stateOf(under);
  assert.equal(alarmed.StateValue, 'ALARM');
  assert.equal(
    alarmed.StateReason,
    'Threshold Crossed: 1 datapoint [5.0 (01/03/26 12:02:00)] was greater than the threshold (2.0).',
  );
  await measure(under, 1);
  await under.clock.advance(2 * minute);
  assert.equal((await stateOf(under)).StateValue, 'OK');
  await under.clock.advance(5 * minute);
  assert.equal((await stateOf(under)).StateValue, 'INSUFFICIENT_DATA');
  assert.deepEqual(await summaries(under, 'cpu'), [
    'Alarm "cpu" created',
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    'Alarm updated from ALARM to OK',
    'Alarm updated from OK to INSUFFICIENT_DATA',
  ]);
});

test('a new alarm is not told that data is missing before a period has passed', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, TreatMissingData: 'breaching' });
  await under.clock.advance(50_000);
  assert.equal((await stateOf(under)).StateReason, 'Unchecked: Initial alarm creation');
  await under.clock.advance(minute + 30_000);
  assert.equal((await stateOf(under)).StateValue, 'ALARM');
});

test('high-resolution alarms are evaluated every ten seconds, others every minute', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, TreatMissingData: 'notBreaching' });
  await under.call('PutMetricAlarm', { ...alarm, AlarmName: 'fine', Period: 10, TreatMissingData: 'notBreaching' });
  await under.clock.advance(3 * minute + 15_000);
  await set(under, 'cpu', 'ALARM');
  await set(under, 'fine', 'ALARM');
  await under.clock.advance(11_000);
  assert.equal((await stateOf(under, 'fine')).StateValue, 'OK');
  assert.equal((await stateOf(under)).StateValue, 'ALARM');
  await under.clock.advance(minute);
  assert.equal((await stateOf(under)).StateValue, 'OK');
});

test('without metric alarms no timer ticks, and however many there are it is one', async (t) => {
  const under = await startCloudWatch(t);
  const idle = under.clock.timers;
  for (let index = 0; index < 20; index++) await under.call('PutMetricAlarm', { ...alarm, AlarmName: `a${index}` });
  assert.equal(under.clock.timers, idle + 1);
  await under.call('DeleteAlarms', { AlarmNames: Array.from({ length: 20 }, (_, index) => `a${index}`) });
  await under.clock.advance(minute);
  assert.equal(under.clock.timers, idle);
});

test("a function is invoked with AWS's event, and history tells so", async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', {
    ...alarm,
    AlarmDescription: 'watch it',
    Dimensions: [{ Name: 'host', Value: 'h1' }],
    Unit: 'Percent',
    AlarmActions: [functionArn],
  });
  await under.clock.advance(1_000);
  await set(under, 'cpu', 'ALARM');
  assert.equal(under.others.length, 1);
  const { service, operation, input } = under.others[0]!;
  assert.deepEqual([service, operation], ['lambda', 'Invoke']);
  assert.deepEqual([input.FunctionName, input.InvocationType], [functionArn, 'Event']);
  const event = JSON.parse(input.Payload.toString());
  const { id } = event.alarmData.configuration.metrics[0];
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(event, {
    source: 'aws.cloudwatch',
    alarmArn: arn('cpu'),
    accountId: account,
    time: '2026-03-01T12:00:01.000+0000',
    region,
    alarmData: {
      alarmName: 'cpu',
      state: { value: 'ALARM', reason: 'testing', timestamp: '2026-03-01T12:00:01.000+0000' },
      previousState: {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        timestamp: '2026-03-01T12:00:00.000+0000',
      },
      configuration: {
        description: 'watch it',
        metrics: [
          {
            id,
            metricStat: {
              metric: { namespace: 'app', name: 'load', dimensions: { host: 'h1' } },
              period: 60,
              stat: 'Average',
              unit: 'Percent',
            },
            returnData: true,
          },
        ],
      },
    },
  });
  assert.deepEqual(await summaries(under, 'cpu'), [
    'Alarm "cpu" created',
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    `Successfully executed action ${functionArn}`,
  ]);
});

test("a topic is sent AWS's message", async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, AlarmActions: [topicArn] });
  await set(under, 'cpu', 'ALARM');
  const { input } = under.others[0]!;
  assert.deepEqual([input.TopicArn, input.Subject], [topicArn, 'ALARM: "cpu" in EU (Ireland)']);
  assert.equal(
    input.Message,
    `{"AlarmName":"cpu","AlarmDescription":null,"AWSAccountId":"${account}","AlarmConfigurationUpdatedTimestamp":"2026-03-01T12:00:00.000+0000","NewStateValue":"ALARM","NewStateReason":"testing","StateChangeTime":"2026-03-01T12:00:00.000+0000","Region":"EU (Ireland)","AlarmArn":"${arn('cpu')}","OldStateValue":"INSUFFICIENT_DATA","OKActions":[],"AlarmActions":["${topicArn}"],"InsufficientDataActions":[],"Trigger":{"MetricName":"load","Namespace":"app","StatisticType":"Statistic","Statistic":"AVERAGE","Unit":null,"Dimensions":[],"Period":60,"EvaluationPeriods":1,"ComparisonOperator":"GreaterThanThreshold","Threshold":2.0,"TreatMissingData":"","EvaluateLowSampleCountPercentile":""}}`,
  );
});

test('an action that fails for now is tried again, one that fails for good is told in history', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, AlarmActions: [functionArn], OKActions: [functionArn] });
  under.failWith = new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 });
  await set(under, 'cpu', 'ALARM');
  under.failWith = undefined;
  await under.clock.advance(2_000);
  assert.equal(under.others.length, 1);
  under.failWith = new AwsError('ResourceNotFoundException', 'Function not found: react', { status: 404 });
  await set(under, 'cpu', 'OK');
  const told = await summaries(under, 'cpu');
  assert.equal(told.at(-1), `Failed to execute action ${functionArn}. Received error: "Function not found: react"`);
  const { AlarmHistoryItems } = await under.call('DescribeAlarmHistory', { HistoryItemType: 'Action' });
  assert.equal(JSON.parse(AlarmHistoryItems![0]!.HistoryData!).actionState, 'Failed');
});

test('an action that was due at a crash is taken after it', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, AlarmActions: [functionArn] });
  under.failWith = new Error('out of reach');
  await set(under, 'cpu', 'ALARM');
  await under.restart();
  under.failWith = undefined;
  await under.clock.advance(minute);
  assert.equal(under.others.length, 1);
  assert.equal(JSON.parse(under.others[0]!.input.Payload.toString()).alarmData.state.value, 'ALARM');
});

test('after a restart alarms are evaluated as before', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, TreatMissingData: 'notBreaching' });
  await under.restart();
  await under.clock.advance(3 * minute);
  assert.equal((await stateOf(under)).StateValue, 'OK');
});

test('disabled actions are not taken, states change all the same', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, AlarmActions: [functionArn], OKActions: [functionArn] });
  await under.call('DisableAlarmActions', { AlarmNames: ['cpu', 'none'] });
  await set(under, 'cpu', 'ALARM');
  assert.equal(under.others.length, 0);
  assert.equal((await stateOf(under)).ActionsEnabled, false);
  await under.call('EnableAlarmActions', { AlarmNames: ['cpu'] });
  await set(under, 'cpu', 'OK');
  assert.equal(under.others.length, 1);
});

test('a composite alarm follows the alarms of its rule, and others follow it', async (t) => {
  const under = await withChildren(t);
  await under.call('PutCompositeAlarm', { AlarmName: 'any', AlarmRule: 'ALARM(one) OR ALARM(two)' });
  await under.call('PutCompositeAlarm', { AlarmName: 'top', AlarmRule: `ALARM("${arn('any')}")` });
  const created = await stateOf(under, 'any');
  assert.equal(created.StateValue, 'OK');
  assert.equal(created.StateReason, `${arn('any')} was created and its alarm rule evaluates to OK`);
  assert.equal(JSON.parse(created.StateReasonData).triggeringAlarms.length, 2);
  await under.clock.advance(5_000);
  await set(under, 'two', 'ALARM');
  const any = await stateOf(under, 'any');
  assert.equal(any.StateReason, `${arn('two')} transitioned to ALARM at Sunday 01 March, 2026 12:00:05 UTC`);
  assert.equal((await stateOf(under, 'top')).StateValue, 'ALARM');
  await under.call('PutCompositeAlarm', { AlarmName: 'any', AlarmRule: 'ALARM(one) AND ALARM(two)' });
  const updated = await stateOf(under, 'any');
  assert.equal(updated.StateReason, `${arn('any')} was updated and its new alarm rule evaluates to OK`);
  assert.equal((await stateOf(under, 'top')).StateValue, 'OK');
});

test('a cycle of composite alarms comes to an end', async (t) => {
  const under = await withChildren(t);
  await under.call('PutCompositeAlarm', { AlarmName: 'a', AlarmRule: 'ALARM(one)' });
  await under.call('PutCompositeAlarm', { AlarmName: 'b', AlarmRule: 'NOT ALARM(a)' });
  await under.call('PutCompositeAlarm', { AlarmName: 'a', AlarmRule: 'ALARM(one) OR ALARM(b)' });
  await set(under, 'one', 'ALARM');
  await set(under, 'one', 'OK');
  assert.match((await stateOf(under, 'a')).StateValue, /^(OK|ALARM)$/);
});

test('a composite alarm waits for its suppressor, then takes its actions', async (t) => {
  const under = await withChildren(t);
  const suppressed = {
    AlarmName: 'held',
    AlarmRule: 'ALARM(one)',
    AlarmActions: [functionArn],
    ActionsSuppressor: 'mute',
    ActionsSuppressorWaitPeriod: 120,
    ActionsSuppressorExtensionPeriod: 180,
  };
  await under.call('PutCompositeAlarm', suppressed);
  await under.clock.advance(121_000);
  await set(under, 'one', 'ALARM');
  const waiting = await stateOf(under, 'held');
  assert.equal(waiting.ActionsSuppressedBy, 'WaitPeriod');
  assert.equal(waiting.ActionsSuppressedReason, 'Actions suppressed by WaitPeriod');
  assert.equal(under.others.length, 0);
  await under.clock.advance(121_000);
  assert.equal((await stateOf(under, 'held')).ActionsSuppressedBy, undefined);
  assert.equal(under.others.length, 1);
  const { alarmData } = JSON.parse(under.others[0]!.input.Payload.toString());
  assert.equal(alarmData.previousState.value, 'ALARM');
  assert.equal(alarmData.previousState.actionsSuppressedBy, 'WaitPeriod');
  assert.equal(alarmData.configuration.actionsSuppressorWaitPeriod, 120);
});

test('while its suppressor is in ALARM, and an extension longer, a composite alarm takes no actions', async (t) => {
  const under = await withChildren(t);
  await set(under, 'mute', 'ALARM');
  await under.call('PutCompositeAlarm', {
    AlarmName: 'held',
    AlarmRule: 'ALARM(one)',
    AlarmActions: [functionArn],
    ActionsSuppressor: arn('mute'),
    ActionsSuppressorWaitPeriod: 10,
    ActionsSuppressorExtensionPeriod: 180,
  });
  await set(under, 'one', 'ALARM');
  assert.equal((await stateOf(under, 'held')).ActionsSuppressedBy, 'Alarm');
  await under.clock.advance(60_000);
  await set(under, 'mute', 'OK');
  assert.equal((await stateOf(under, 'held')).ActionsSuppressedBy, 'ExtensionPeriod');
  await under.clock.advance(179_000);
  assert.equal(under.others.length, 0);
  await under.restart();
  await under.clock.advance(2_000);
  assert.equal(under.others.length, 1);
});

test('history is forgotten after thirty days', async (t) => {
  const under = await startCloudWatch(t);
  await under.call('PutMetricAlarm', { ...alarm, Period: 86_400, EvaluationPeriods: 7 });
  await under.call('DeleteAlarms', { AlarmNames: ['cpu'] });
  assert.deepEqual(await summaries(under, 'cpu'), ['Alarm "cpu" created', 'Alarm "cpu" deleted']);
  await under.clock.advance(31 * 24 * 60 * minute);
  assert.deepEqual(await summaries(under, 'cpu'), []);
});
