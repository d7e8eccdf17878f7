// Alarms and dashboards of CloudWatch by AWS's own client: what is taken in, told, refused, and evaluated.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as cw from '@aws-sdk/client-cloudwatch';
import { startTestServer, type TestServer } from '../server.ts';
import { account, fails, region } from './lambda-client.ts';

let server: TestServer;
let client: cw.CloudWatchClient;
const clientOf = (to: TestServer) =>
  new cw.CloudWatchClient({
    endpoint: to.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
before(async () => {
  server = await startTestServer();
  client = clientOf(server);
});
after(() => server.stop());

const arnOf = (name: string) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
const topic = `arn:aws:sns:${region}:${account}:alerts`;
const fn = `arn:aws:lambda:${region}:${account}:function:react:live`;

/** A metric alarm that is complete; `undefined` takes a member away. */
const alarm = (name: string, changes: Partial<cw.PutMetricAlarmCommandInput> = {}): cw.PutMetricAlarmCommandInput => ({
  AlarmName: name,
  Namespace: `app/${name}`,
  MetricName: 'load',
  Statistic: 'Average',
  Period: 300,
  EvaluationPeriods: 2,
  Threshold: 70,
  ComparisonOperator: 'GreaterThanThreshold',
  ...changes,
});
const put = (input: cw.PutMetricAlarmCommandInput) => client.send(new cw.PutMetricAlarmCommand(input));
const compose = (AlarmName: string, AlarmRule: string, more: Partial<cw.PutCompositeAlarmCommandInput> = {}) =>
  client.send(new cw.PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...more }));
const describe = (input: cw.DescribeAlarmsCommandInput) => client.send(new cw.DescribeAlarmsCommand(input));
const one = async (name: string) => (await describe({ AlarmNames: [name] })).MetricAlarms![0]!;
const setState = (AlarmName: string, StateValue: cw.StateValue, more: Partial<cw.SetAlarmStateCommandInput> = {}) =>
  client.send(new cw.SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'testing', ...more }));
const invalid = (call: Promise<unknown>, message: string | RegExp) => fails(call, 'ValidationException', 400, message);

async function eventually<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`${what} does not come`);
}

test('an alarm is told with every member that it was given', async () => {
  const input = alarm('full', {
    AlarmDescription: 'all of it',
    ActionsEnabled: false,
    OKActions: [topic],
    AlarmActions: [topic, fn],
    InsufficientDataActions: [topic],
    Dimensions: [
      { Name: 'host', Value: 'a' },
      { Name: 'disk', Value: 'b' },
    ],
    Unit: 'Percent',
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
  });
  await put(input);
  const { StateUpdatedTimestamp, StateTransitionedTimestamp, AlarmConfigurationUpdatedTimestamp, ...told } =
    await one('full');
  for (const time of [StateUpdatedTimestamp, StateTransitionedTimestamp, AlarmConfigurationUpdatedTimestamp]) {
    assert.ok(time instanceof Date);
  }
  assert.deepEqual(told, {
    ...input,
    AlarmArn: arnOf('full'),
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
  });
});

test('the least that an alarm needs; what it was not given is not told', async () => {
  await put(alarm('least'));
  const told = await one('least');
  assert.deepEqual(Object.keys(told).sort(), [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmArn',
    'AlarmConfigurationUpdatedTimestamp',
    'AlarmName',
    'ComparisonOperator',
    'Dimensions',
    'EvaluationPeriods',
    'InsufficientDataActions',
    'MetricName',
    'Namespace',
    'OKActions',
    'Period',
    'StateReason',
    'StateTransitionedTimestamp',
    'StateUpdatedTimestamp',
    'StateValue',
    'Statistic',
    'Threshold',
  ]);
  assert.deepEqual([told.ActionsEnabled, told.Dimensions, told.AlarmActions], [true, [], []]);
});

test('percentiles and metric math', async () => {
  const { Statistic: _, ...percentile } = alarm('p99', {
    ExtendedStatistic: 'p99',
    EvaluateLowSampleCountPercentile: 'ignore',
  });
  await put(percentile);
  const told = await one('p99');
  assert.deepEqual([told.ExtendedStatistic, told.EvaluateLowSampleCountPercentile], ['p99', 'ignore']);
  const stat = (MetricName: string) => ({ Metric: { Namespace: 'app', MetricName }, Period: 60, Stat: 'Sum' });
  const Metrics: cw.MetricDataQuery[] = [
    { Id: 'rate', Expression: '100 * errors / calls', Label: 'error rate' },
    { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
    { Id: 'calls', MetricStat: stat('Calls'), ReturnData: false },
  ];
  const math = { EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await put({ AlarmName: 'math', Metrics, ...math });
  const { Metrics: queries, MetricName } = await one('math');
  assert.equal(MetricName, undefined);
  assert.deepEqual(
    queries?.map(({ Id, Expression, ReturnData }) => [Id, Expression, ReturnData]),
    [
      ['rate', '100 * errors / calls', undefined],
      ['errors', undefined, false],
      ['calls', undefined, false],
    ],
  );
  const refused = (queriesOf: cw.MetricDataQuery[], message: string | RegExp) =>
    invalid(put({ AlarmName: 'm', Metrics: queriesOf, ...math }), message);
  await refused(
    Metrics.map(({ ReturnData: _, ...query }) => query),
    'Exactly one element of the metrics list should return data.',
  );
  await refused([{ Id: 'a', Expression: "SEARCH('{app} x', 'Sum', 60)" }], 'SEARCH is not supported on Metric Alarms.');
  await refused(
    [{ Id: 'a', Expression: '1', MetricStat: stat('x') }],
    'The parameters MetricDataQuery Expression and MetricStat are mutually exclusive and you have specified both.',
  );
  await refused([{ Id: 'a', Expression: 'b * 2' }], /^Error in expression 'a'/);
  await refused([{ Id: 'a', Expression: '1 +' }], /^Error in expression 'a'/);
  await refused(
    [{ Id: 'a', MetricStat: { ...stat('x'), Period: 45 } }],
    'Period must be 10, 20, 30 or a multiple of 60',
  );
  await refused([{ Id: 'a', MetricStat: { ...stat('x'), Stat: 'Most' } }], 'Invalid metrics list');
  const eleven = Array.from({ length: 11 }, (_, i) => ({ Id: `m${i}`, MetricStat: stat('x'), ReturnData: i === 0 }));
  await refused(eleven, 'Too many metrics in alarm, maximum is 10');
  await invalid(
    put({ ...alarm('m'), Metrics }),
    /^(MetricName|Namespace) should not be set if list of Metrics is set\.$/,
  );
});

test('what PutMetricAlarm refuses, and in which words', async () => {
  const refused = (changes: Partial<cw.PutMetricAlarmCommandInput>, message: string | RegExp) =>
    invalid(put(alarm('refused', changes)), message);
  await refused({ MetricName: undefined }, 'MetricName must not be null');
  await refused({ Period: 45 }, 'Period must be 10, 20, 30 or a multiple of 60');
  await refused({ DatapointsToAlarm: 3 }, 'DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  await refused({ Threshold: undefined }, 'PutMetricAlarm request should have valid Threshold parameter');
  await refused(
    { Period: 300, EvaluationPeriods: 289 },
    'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600',
  );
  await refused({ Period: 3600, EvaluationPeriods: 169 }, /more than a week/);
  await refused(
    { EvaluateLowSampleCountPercentile: 'ignore' },
    'Option evaluateLowSampleCountPercentile can not be applied with statistic Average. This option is enabled only for percentile statistics.',
  );
  await refused({ TreatMissingData: 'guess' }, /^Option guess is not supported\./);
  await refused({ Namespace: 'ä' }, 'Namespace must not contain Non-ASCII characters.');
  await refused({ AlarmName: 'a\u0007b' }, 'AlarmName must not contain ASCII Control characters');
  await refused({ AlarmActions: ['topic'] }, 'Invalid arn syntax: topic');
  await refused({ AlarmActions: [`arn:aws:sqs:${region}:${account}:queue`] }, 'Unsupported AWS vendor sqs');
  await refused(
    { AlarmActions: [`arn:aws:sns:us-east-1:${account}:topic`] },
    `Invalid region us-east-1 specified. Only ${region} is supported.`,
  );
  await refused({ AlarmActions: [`arn:aws:automate:${region}:ec2:stop`] }, /EC2 .* not supported by this release/);
  await refused({ ThresholdMetricId: 'ad1' }, /anomaly detection .* not supported by this release/);
  await refused({ AlarmActions: Array(6).fill(topic) }, /Member must have length less than or equal to 5$/);
  await refused({ Statistic: 'Most' as cw.Statistic }, /Member must satisfy enum value set/);
  const { Statistic: _, ...extended } = alarm('refused', { ExtendedStatistic: 'p101' });
  await fails(
    put(extended),
    'InvalidParameterValueException',
    400,
    'The value p101 for parameter ExtendedStatistic is not supported.',
  );
  // The edges of what is refused above.
  await put(alarm('edge', { Period: 300, EvaluationPeriods: 288 }));
  await put(alarm('edge', { Period: 3600, EvaluationPeriods: 168, DatapointsToAlarm: 168 }));
  assert.equal((await one('edge')).EvaluationPeriods, 168);
});

test('alarms are found by name, prefix, state, action, type and page', async () => {
  for (const name of ['find-a', 'find-b', 'find-c']) {
    await put(alarm(name, { AlarmActions: name === 'find-b' ? [fn] : [] }));
  }
  await compose('find-d', 'ALARM("find-a")');
  const names = async (input: cw.DescribeAlarmsCommandInput) => {
    const { MetricAlarms, CompositeAlarms } = await describe(input);
    return [MetricAlarms!.map(({ AlarmName }) => AlarmName), CompositeAlarms!.map(({ AlarmName }) => AlarmName)];
  };
  assert.deepEqual(await names({ AlarmNamePrefix: 'find-' }), [['find-a', 'find-b', 'find-c'], []]);
  assert.deepEqual(await names({ AlarmNames: ['find-c', 'none', 'find-d'] }), [['find-c'], []]);
  const both: cw.AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
  assert.deepEqual(await names({ AlarmNamePrefix: 'find-', AlarmTypes: both }), [
    ['find-a', 'find-b', 'find-c'],
    ['find-d'],
  ]);
  assert.deepEqual(await names({ AlarmNamePrefix: 'find-', AlarmTypes: ['CompositeAlarm'] }), [[], ['find-d']]);
  assert.deepEqual(await names({ AlarmNamePrefix: 'find-', ActionPrefix: 'arn:aws:lambda' }), [['find-b'], []]);
  await setState('find-c', 'OK');
  assert.deepEqual(await names({ AlarmNamePrefix: 'find-', StateValue: 'OK' }), [['find-c'], []]);
  assert.deepEqual(await names({ ChildrenOfAlarmName: 'find-d' }), [['find-a'], []]);
  const parents = await describe({ ParentsOfAlarmName: 'find-a' });
  assert.deepEqual(parents.CompositeAlarms, [{ AlarmName: 'find-d', AlarmArn: arnOf('find-d') }]);
  const first = await describe({ AlarmNamePrefix: 'find-', MaxRecords: 2 });
  assert.deepEqual(
    first.MetricAlarms!.map(({ AlarmName }) => AlarmName),
    ['find-a', 'find-b'],
  );
  const second = await describe({ AlarmNamePrefix: 'find-', MaxRecords: 2, NextToken: first.NextToken });
  assert.deepEqual([second.MetricAlarms!.map(({ AlarmName }) => AlarmName), second.NextToken], [['find-c'], undefined]);
  await invalid(describe({ AlarmNames: ['a'], AlarmNamePrefix: 'a' }), /must not be specified at the same time/);
  await invalid(describe({ ChildrenOfAlarmName: 'a', StateValue: 'OK' }), /any other parameter/);
  await fails(describe({ NextToken: 'x' }), 'InvalidNextToken', 400, /./);
  await invalid(describe({ MaxRecords: 101 }), /less than or equal to 100/);
});

test('alarms of a metric', async () => {
  const Dimensions = [
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ];
  await put(alarm('metric-1', { Namespace: 'of', Dimensions }));
  await put(alarm('metric-2', { Namespace: 'of', Dimensions: [...Dimensions].reverse(), Statistic: 'Sum' }));
  await put(alarm('metric-3', { Namespace: 'of' }));
  const names = async (input: Partial<cw.DescribeAlarmsForMetricCommandInput>) => {
    const command = new cw.DescribeAlarmsForMetricCommand({ Namespace: 'of', MetricName: 'load', ...input });
    return (await client.send(command)).MetricAlarms!.map(({ AlarmName }) => AlarmName);
  };
  assert.deepEqual(await names({ Dimensions }), ['metric-1', 'metric-2']);
  assert.deepEqual(await names({ Dimensions, Statistic: 'Sum' }), ['metric-2']);
  assert.deepEqual(await names({ Dimensions, Period: 60 }), []);
  assert.deepEqual(await names({}), ['metric-3']);
});

test('states that are set, and the history of an alarm', async () => {
  await put(alarm('history', { AlarmActions: [topic] }));
  const StateReasonData = '{"version":"1.0","threshold":70.0}';
  await setState('history', 'ALARM', { StateReasonData });
  const told = await one('history');
  assert.deepEqual([told.StateValue, told.StateReason, told.StateReasonData], ['ALARM', 'testing', StateReasonData]);
  const history = async (input: Partial<cw.DescribeAlarmHistoryCommandInput> = {}) =>
    client.send(new cw.DescribeAlarmHistoryCommand({ AlarmName: 'history', ...input }));
  const failed = await eventually(
    async () => (await history({ HistoryItemType: 'Action' })).AlarmHistoryItems?.[0],
    'the history of an action',
  );
  assert.match(failed.HistorySummary!, new RegExp(`^Failed to execute action ${topic}\\. Received error: "`));
  assert.equal(JSON.parse(failed.HistoryData!).notificationResource, topic);
  const { AlarmHistoryItems: items } = await history({ ScanBy: 'TimestampAscending' });
  assert.deepEqual(items!.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary]).slice(0, 2), [
    ['ConfigurationUpdate', 'Alarm "history" created'],
    ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
  ]);
  assert.equal(items![1]!.AlarmType, 'MetricAlarm');
  assert.equal(
    items![1]!.HistoryData,
    `{"version":"1.0","oldState":{"stateValue":"INSUFFICIENT_DATA","stateReason":"Unchecked: Initial alarm creation"},"newState":{"stateValue":"ALARM","stateReason":"testing","stateReasonData":${StateReasonData}}}`,
  );
  const page = await history({ MaxRecords: 1 });
  const rest = await history({ NextToken: page.NextToken });
  assert.equal(rest.AlarmHistoryItems!.length, items!.length - 1);
  const later = await history({ StartDate: new Date(Date.now() + 3_600_000) });
  assert.deepEqual(later.AlarmHistoryItems, []);
  await fails(setState('none', 'OK'), 'ResourceNotFound', 404, 'UnknownError');
  await fails(setState('history', 'OK', { StateReasonData: '{' }), 'InvalidFormatFault', 400, /JSON/);
  await invalid(
    setState('history', 'GONE' as cw.StateValue),
    "1 validation error detected: Value 'GONE' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
  );
});

test('composite alarms: what they depend on, and what depends on them', async () => {
  await put(alarm('child-1'));
  await put(alarm('child 2'));
  await compose('parent', `ALARM("child-1") OR ALARM("${arnOf('child 2')}")`, { AlarmDescription: 'both' });
  await setState('child 2', 'ALARM');
  const { CompositeAlarms } = await describe({ AlarmNames: ['parent'], AlarmTypes: ['CompositeAlarm'] });
  const told = CompositeAlarms![0]!;
  assert.equal(told.StateValue, 'ALARM');
  assert.match(told.StateReason!, new RegExp(`^${arnOf('child 2')} transitioned to ALARM at \\w+ \\d\\d \\w+, \\d{4}`));
  assert.deepEqual([told.AlarmDescription, told.ActionsEnabled], ['both', true]);
  const refused = (rule: string, message: string | RegExp, more: Partial<cw.PutCompositeAlarmCommandInput> = {}) =>
    invalid(compose('refused', rule, more), message);
  await refused(
    'ALARM(child-1) OR ALARM(gone) OR OK(lost)',
    'Could not save the composite alarm as alarms [gone, lost] in the alarm rule do not exist',
  );
  await refused('ALARM(refused)', 'A composite alarm cannot have a child relation with itself via its AlarmRule');
  await refused(' TRUE', 'AlarmRule must not contain leading or trailing whitespace or be null');
  await refused('ALARM(child 2)', "Error in AlarmRule [Unsupported token '2' at char 12, must be: ')']");
  await refused('TRUE', 'ActionsSuppressorWaitPeriod requires an ActionSuppressor', { ActionsSuppressorWaitPeriod: 1 });
  await refused('TRUE', 'ActionsSuppressorWaitPeriod must not be null', { ActionsSuppressor: 'child-1' });
  await refused('TRUE', 'ActionsSuppressor must be a valid CloudWatch Alarm ARN or an Alarm name', {
    ActionsSuppressor: topic,
    ActionsSuppressorWaitPeriod: 1,
    ActionsSuppressorExtensionPeriod: 1,
  });
  const remove = (...AlarmNames: string[]) => client.send(new cw.DeleteAlarmsCommand({ AlarmNames }));
  await invalid(remove('child-1'), 'Cannot delete child-1 as there are composite alarm(s) depending on it.');
  await compose('other', 'FALSE');
  await invalid(remove('parent', 'other'), /at most one composite alarm/);
  await remove('parent', 'child-1', 'child 2');
  await remove('other');
  assert.deepEqual((await describe({ AlarmNamePrefix: 'child' })).MetricAlarms, []);
  await fails(remove('child-1'), 'ResourceNotFound', 404, 'UnknownError');
});

test('tags of alarms and dashboards', async () => {
  await put(alarm('tagged', { Tags: [{ Key: 'a', Value: '1' }] }));
  const of = async (ResourceARN: string) =>
    (await client.send(new cw.ListTagsForResourceCommand({ ResourceARN }))).Tags;
  const ResourceARN = arnOf('tagged');
  const add = (Tags: cw.Tag[], arn = ResourceARN) => client.send(new cw.TagResourceCommand({ ResourceARN: arn, Tags }));
  await add([{ Key: 'b', Value: '2' }]);
  await put(alarm('tagged', { Tags: [{ Key: 'c', Value: 'ignored by an update' }] }));
  assert.deepEqual(await of(ResourceARN), [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]);
  await client.send(new cw.UntagResourceCommand({ ResourceARN, TagKeys: ['a', 'none'] }));
  assert.deepEqual(await of(ResourceARN), [{ Key: 'b', Value: '2' }]);
  await fails(of(arnOf('none')), 'ResourceNotFoundException', 404, /./);
  await fails(add([{ Key: 'aws:x', Value: '' }]), 'InvalidParameterValueException', 400, /aws:/);
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  await fails(add(many), 'InvalidParameterValueException', 400, /50/);
  await client.send(
    new cw.PutDashboardCommand({ DashboardName: 'tagged', DashboardBody: '{"widgets":[]}', Tags: many.slice(0, 1) }),
  );
  assert.deepEqual(await of(`arn:aws:cloudwatch::${account}:dashboard/tagged`), [{ Key: 'k0', Value: '' }]);
});

test('dashboards are kept as they are put, once they are dashboards', async () => {
  const write = (DashboardName: string, body: unknown) =>
    client.send(
      new cw.PutDashboardCommand({
        DashboardName,
        DashboardBody: typeof body === 'string' ? body : JSON.stringify(body, undefined, 1),
      }),
    );
  const text = { type: 'text', x: 0, y: 7, width: 3, height: 3, properties: { markdown: 'Hello' } };
  const put = await write('board-1', { widgets: [{ ...text, colour: 'red' }] });
  assert.deepEqual(put.DashboardValidationMessages, [
    {
      DataPath: '/widgets/0',
      Message: 'The "colour" property is not expected to be part of a widget definition, will be ignored',
    },
  ]);
  await write('board-2', { widgets: [] });
  const list = async (DashboardNamePrefix?: string) =>
    (await client.send(new cw.ListDashboardsCommand({ DashboardNamePrefix }))).DashboardEntries!;
  const found = await list('board-');
  assert.deepEqual(
    found.map(({ DashboardName, Size }) => [DashboardName, Size]),
    [
      ['board-1', JSON.stringify({ widgets: [{ ...text, colour: 'red' }] }, undefined, 1).length],
      ['board-2', 18],
    ],
  );
  const got = await client.send(new cw.GetDashboardCommand({ DashboardName: 'board-1' }));
  assert.equal(got.DashboardArn, `arn:aws:cloudwatch::${account}:dashboard/board-1`);
  assert.equal(JSON.parse(got.DashboardBody!).widgets[0].colour, 'red');
  const refused = (body: unknown, message: string | RegExp) =>
    fails(write('refused', body), 'DashboardInvalidInputError', 400, message);
  await refused('{', 'The field DashboardBody must be a valid JSON object');
  await fails(
    write('a b', { widgets: [] }),
    'InvalidParameterValueException',
    400,
    'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n',
  );
  await refused({}, /Should have required property 'widgets'/);
  const error = await refused(
    { widgets: [{ ...text, x: 24, properties: {} }] },
    `The dashboard body is invalid, there are 2 validation errors:\n${JSON.stringify(
      [
        { dataPath: '/widgets/0/x', message: 'Should be <= 23' },
        { dataPath: '/widgets/0/properties', message: "Should have required property 'markdown'" },
      ],
      undefined,
      2,
    )}`,
  );
  assert.deepEqual((error as unknown as cw.DashboardInvalidInputError).dashboardValidationMessages?.[0], {
    DataPath: '/widgets/0/x',
    Message: 'Should be <= 23',
  });
  const remove = (...DashboardNames: string[]) => client.send(new cw.DeleteDashboardsCommand({ DashboardNames }));
  await fails(remove('board-1', 'none'), 'ResourceNotFound', 404, /none/);
  assert.equal((await list('board-')).length, 2);
  await remove('board-1', 'board-2');
  assert.deepEqual(await list('board-'), []);
  const gone = client.send(new cw.GetDashboardCommand({ DashboardName: 'board-1' }));
  await fails(gone, 'ResourceNotFound', 404, 'Dashboard board-1 does not exist');
});

test('what is not built is refused by name', async () => {
  const mute = new cw.ListAlarmMuteRulesCommand({});
  await fails(client.send(mute), 'NotImplementedException', 501, /ListAlarmMuteRules/);
  const detector = new cw.DescribeAnomalyDetectorsCommand({});
  await fails(client.send(detector), 'NotImplementedException', 501, /DescribeAnomalyDetectors/);
});

test('an alarm of ten seconds sees what is measured, and outlives the server', async () => {
  await put(alarm('live', { Period: 10, EvaluationPeriods: 1, Threshold: 2 }));
  const at = Date.now() - 15_000;
  const MetricData = [0, 10, 20].map((later) => ({
    MetricName: 'load',
    Value: 21.5,
    StorageResolution: 1,
    Timestamp: new Date(at + later * 500),
  }));
  await client.send(new cw.PutMetricDataCommand({ Namespace: 'app/live', MetricData }));
  const told = await eventually(async () => {
    const found = await one('live');
    return found.StateValue === 'ALARM' ? found : undefined;
  }, 'the alarm');
  assert.match(
    told.StateReason!,
    /^Threshold Crossed: 1 datapoint \[21\.5 \(\d\d\/\d\d\/\d\d \d\d:\d\d:\d0\)\] was greater than the threshold \(2\.0\)\.$/,
  );
  const data = JSON.parse(told.StateReasonData!);
  assert.deepEqual([data.version, data.period, data.recentDatapoints, data.threshold], ['1.0', 10, [21.5], 2]);
  server = await server.restart('SIGKILL');
  client = clientOf(server);
  assert.equal((await one('live')).AlarmArn, arnOf('live'));
});
