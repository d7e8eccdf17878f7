// CloudWatch's metrics over the wire: the unmodified SDK client against a running server, and the query protocol by hand.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { readConfig } from '../../src/config.ts';
import { type LambentServer, startServer } from '../../src/main.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'lambent-wire-cloudwatch-'));
const account = '123456789012';
let server: LambentServer;
let client: cloudwatch.CloudWatchClient;

async function start(): Promise<void> {
  const config = readConfig({ port: 0, dataDir, isolation: 'process', prebooted: 0, logLevel: 'silent' }, {});
  server = await startServer(config, () => {});
  client = new cloudwatch.CloudWatchClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
}

before(start);
after(async () => {
  client.destroy();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

/** A whole minute, far enough back that nothing of it is in the future. */
const base = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
const at = (minutes: number) => new Date(base + minutes * 60_000);

const put = (namespace: string, ...data: cloudwatch.MetricDatum[]) =>
  client.send(new cloudwatch.PutMetricDataCommand({ Namespace: namespace, MetricData: data }));

const statistics = (changes: Partial<cloudwatch.GetMetricStatisticsCommandInput>) =>
  client.send(
    new cloudwatch.GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'Latency',
      StartTime: at(0),
      EndTime: at(10),
      Period: 60,
      Statistics: ['Sum'],
      ...changes,
    }),
  );

const data = (queries: cloudwatch.MetricDataQuery[], changes: Partial<cloudwatch.GetMetricDataCommandInput> = {}) =>
  client.send(
    new cloudwatch.GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: at(0),
      EndTime: at(10),
      ScanBy: 'TimestampAscending',
      ...changes,
    }),
  );

const stat = (namespace: string, name: string, statistic = 'Sum', period = 60): cloudwatch.MetricStat => ({
  Metric: { Namespace: namespace, MetricName: name },
  Period: period,
  Stat: statistic,
});

test('a Metrics Insights query selects, groups, orders and limits series', async () => {
  const named = (Host: string, Zone?: string) => [
    { Name: 'Host', Value: Host },
    ...(Zone === undefined ? [] : [{ Name: 'Zone', Value: Zone }]),
  ];
  const datum = (Value: number, Dimensions: cloudwatch.Dimension[], minute = 1) => ({
    MetricName: 'Load',
    Timestamp: at(minute),
    Value,
    Dimensions,
  });
  await put(
    'Insights/App',
    datum(1, named('a', 'x')),
    datum(3, named('b', 'x')),
    datum(8, named('c', 'y')),
    datum(6, named('c', 'y'), 2),
    datum(100, named('d')),
  );
  const select = async (Expression: string) => {
    const { MetricDataResults } = await client.send(
      new cloudwatch.GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'q1', Expression, Period: 60 }],
        StartTime: at(0),
        EndTime: at(5),
        ScanBy: 'TimestampAscending',
      }),
    );
    return MetricDataResults!.map(({ Id, Label, Values }) => [Id, Label, Values]);
  };
  assert.deepEqual(await select('SELECT SUM(Load) FROM "Insights/App"'), [['q1', 'q1', [112, 6]]]);
  assert.deepEqual(await select('SELECT AVG(Load) FROM SCHEMA("Insights/App", Host, Zone) GROUP BY Zone'), [
    ['q1', 'x', [2]],
    ['q1', 'y', [8, 6]],
  ]);
  assert.deepEqual(await select('SELECT MAX(Load) FROM "Insights/App" GROUP BY Zone ORDER BY MAX() DESC LIMIT 2'), [
    ['q1', 'Other', [100]],
    ['q1', 'y', [8, 6]],
  ]);
  assert.deepEqual(await select(`SELECT COUNT(Load) FROM "Insights/App" WHERE Zone = 'x' AND Host != 'a'`), [
    ['q1', 'q1', [1]],
  ]);
  assert.deepEqual(await select('SELECT MIN(Load) FROM SCHEMA("Insights/App")'), [['q1', 'q1', []]]);
});

test('values beside a statistic set are taken, and the set is what counts', async () => {
  const set = { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 };
  await put('Both', { MetricName: 'Latency', Timestamp: at(1), Values: [1, 100], StatisticValues: set });
  const answer = await client.send(
    new cloudwatch.GetMetricStatisticsCommand({
      Namespace: 'Both',
      MetricName: 'Latency',
      StartTime: at(0),
      EndTime: at(5),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  assert.deepEqual(
    answer.Datapoints?.map(({ Sum }) => Sum),
    [55],
  );
});

test('values, counts and statistic sets of one minute are one datapoint', async () => {
  const common = { MetricName: 'Latency', Timestamp: at(1), Unit: 'Milliseconds' as const };
  await put('App', { ...common, Value: 5 });
  await put('App', { ...common, Values: [1, 10], Counts: [2, 4] });
  await put('App', { ...common, StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 3, Maximum: 3 } });
  const answer = await statistics({ Statistics: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] });
  assert.equal(answer.Label, 'Latency');
  assert.deepEqual(answer.Datapoints, [
    { Timestamp: at(1), SampleCount: 9, Average: 53 / 9, Sum: 53, Minimum: 1, Maximum: 10, Unit: 'Milliseconds' },
  ]);
});

test('extended statistics come by the names that were asked for', async () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  await put('Extended', { MetricName: 'N', Timestamp: at(0), Values: values });
  const names = ['p50', 'p99.9', 'TM(10%:90%)', 'PR(:25)', 'IQM', 'tc90'];
  const answer = await statistics({
    Namespace: 'Extended',
    MetricName: 'N',
    Statistics: undefined,
    ExtendedStatistics: names,
  });
  assert.deepEqual(answer.Datapoints![0]!.ExtendedStatistics, {
    p50: 50,
    'p99.9': 100,
    'TM(10%:90%)': 50.5,
    'PR(:25)': 25,
    IQM: 50.5,
    tc90: 90,
  });
});

test('periods begin with the start time, and the end time is excluded', async () => {
  for (const minute of [0, 1, 4, 5]) await put('Periods', { MetricName: 'N', Timestamp: at(minute), Value: 1 });
  const answer = await statistics({
    Namespace: 'Periods',
    MetricName: 'N',
    StartTime: at(1),
    EndTime: at(5),
    Period: 180,
  });
  assert.deepEqual(
    answer.Datapoints!.map(({ Timestamp, Sum }) => [Timestamp, Sum]),
    [
      [at(1), 1],
      [at(4), 1],
    ],
  );
});

test('high resolution values are told by the second', async () => {
  for (const second of [0, 1, 12]) {
    const Timestamp = new Date(base + second * 1000);
    await put('Fine', { MetricName: 'N', Timestamp, Value: second, StorageResolution: 1 });
  }
  const answer = await statistics({ Namespace: 'Fine', MetricName: 'N', EndTime: at(1), Period: 10 });
  assert.deepEqual(
    answer.Datapoints!.map(({ Timestamp, Sum }) => [Timestamp!.getTime() - base, Sum]),
    [
      [0, 1],
      [10_000, 12],
    ],
  );
});

test('dimensions are part of what a metric is', async () => {
  const Dimensions = [{ Name: 'Host', Value: 'a' }];
  await put('Dimensions', { MetricName: 'N', Timestamp: at(0), Value: 1, Dimensions });
  const found = await statistics({ Namespace: 'Dimensions', MetricName: 'N', Dimensions });
  assert.equal(found.Datapoints!.length, 1);
  const without = await statistics({ Namespace: 'Dimensions', MetricName: 'N' });
  assert.deepEqual(without.Datapoints, []);
});

test('each fault of a datum is told in the words of AWS', async () => {
  const good = { MetricName: 'N', Value: 1 };
  const cases: [cloudwatch.MetricDatum[], string, string][] = [
    [
      [{ MetricName: 'N', Value: 1, Values: [1] }],
      'InvalidParameterCombinationException',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    ],
    [
      [good, { MetricName: 'N', Values: [1, 10], Counts: [1] }],
      'InvalidParameterValueException',
      'The parameters MetricData.member.2.Values and MetricData.member.2.Counts must be of the same size.',
    ],
    [
      [
        { ...good, Timestamp: new Date(Date.now() - 15 * 86_400_000) },
        { ...good, Timestamp: new Date(Date.now() + 3 * 3_600_000) },
      ],
      'InvalidParameterValueException',
      'The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.\nThe parameter MetricData.member.2.Timestamp must specify a time within the past two weeks.',
    ],
    [
      [{ MetricName: 'N', Value: Number.NaN }],
      'InvalidParameterValueException',
      'The value NaN for parameter MetricData.member.1.Value is invalid.',
    ],
    [
      [{ ...good, Dimensions: [{ Name: 'A', Value: '' }] }],
      'MissingRequiredParameterException',
      'The parameter MetricData.member.1.Dimensions.member.1.Value is required.',
    ],
    [
      [{ ...good, Dimensions: Array.from({ length: 31 }, (_, index) => ({ Name: `D${index}`, Value: 'v' })) }],
      'InvalidParameterValueException',
      'The collection MetricData.member.1.Dimensions must not have a size greater than 30.',
    ],
    [
      [{ MetricName: 'N', Values: Array.from({ length: 151 }, () => 1) }],
      'InvalidParameterValueException',
      'The collection MetricData.member.1.Values must not have a size greater than 150.',
    ],
    [
      Array.from({ length: 1001 }, () => good),
      'InvalidParameterValueException',
      'The collection MetricData must not have a size greater than 1000.',
    ],
    [
      [{ MetricName: 'N', StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } }],
      'InvalidParameterValueException',
      'The parameter MetricData.member.1.StatisticValues.Maximum must be greater than MetricData.member.1.StatisticValues.Minimum.',
    ],
  ];
  for (const [metricData, name, message] of cases) {
    await assert.rejects(put('Faults', ...metricData), { name, message });
  }
  await assert.rejects(put('Faults', { MetricName: 'N' }), { name: 'MissingRequiredParameterException' });
  await assert.rejects(put('AWS/EC2', good), {
    name: 'InvalidParameterValueException',
    message: 'The value AWS/ for parameter Namespace is invalid.',
  });
  await assert.rejects(
    put('Faults', { ...good, Unit: 'Parsecs' as 'None' }),
    /must be a value in the set \[ Seconds, /,
  );
  const { Metrics } = await client.send(new cloudwatch.ListMetricsCommand({ Namespace: 'Faults' }));
  assert.deepEqual(Metrics, []);
});

test('a request holds up to 1,000 data of up to 150 values and 30 dimensions', async () => {
  const Dimensions = Array.from({ length: 30 }, (_, index) => ({ Name: `D${index}`, Value: 'v' }));
  const Values = Array.from({ length: 150 }, (_, index) => index);
  await put('Limits', { MetricName: 'Widest', Dimensions, Values });
  await put('Limits', ...Array.from({ length: 1000 }, (_, index) => ({ MetricName: `N${index}`, Value: 1 })));
  const pages: number[] = [];
  const names = new Set<string>();
  for await (const page of cloudwatch.paginateListMetrics({ client }, { Namespace: 'Limits' })) {
    pages.push(page.Metrics!.length);
    for (const { MetricName } of page.Metrics!) names.add(MetricName!);
  }
  assert.deepEqual(pages, [500, 500, 1]);
  assert.equal(names.size, 1001);
});

test('metrics are listed by namespace, name and dimensions', async () => {
  const listed = async (input: cloudwatch.ListMetricsCommandInput) => {
    const { Metrics } = await client.send(new cloudwatch.ListMetricsCommand({ Namespace: 'List', ...input }));
    return Metrics!.map(({ MetricName, Dimensions }) =>
      [MetricName, ...Dimensions!.map(({ Value }) => Value)].join(' '),
    );
  };
  const dims = (...values: string[]) => values.map((Value, index) => ({ Name: `D${index}`, Value }));
  await put(
    'List',
    { MetricName: 'A', Value: 1 },
    { MetricName: 'A', Value: 1, Dimensions: dims('x') },
    { MetricName: 'B', Value: 1, Dimensions: dims('x', 'y') },
    { MetricName: 'Old', Value: 1, Timestamp: new Date(Date.now() - 4 * 3_600_000) },
  );
  assert.deepEqual(await listed({}), ['A x', 'A', 'B x y', 'Old']);
  assert.deepEqual(await listed({ MetricName: 'A' }), ['A x', 'A']);
  assert.deepEqual(await listed({ Dimensions: [{ Name: 'D0' }] }), ['A x', 'B x y']);
  assert.deepEqual(
    await listed({
      Dimensions: [
        { Name: 'D0', Value: 'x' },
        { Name: 'D1', Value: 'y' },
      ],
    }),
    ['B x y'],
  );
  assert.deepEqual(await listed({ RecentlyActive: 'PT3H' }), ['A x', 'A', 'B x y']);
  const linked = await client.send(
    new cloudwatch.ListMetricsCommand({ Namespace: 'List', MetricName: 'B', IncludeLinkedAccounts: true }),
  );
  assert.deepEqual(linked.OwningAccounts, [account]);
  await assert.rejects(client.send(new cloudwatch.ListMetricsCommand({ NextToken: 'nonsense' })), {
    name: 'InvalidParameterValueException',
  });
});

test('faults of GetMetricStatistics are told in the words of AWS', async () => {
  await assert.rejects(statistics({ StartTime: at(5), EndTime: at(5) }), {
    name: 'InvalidParameterValueException',
    message: 'The parameter StartTime must be less than the parameter EndTime.',
  });
  await assert.rejects(statistics({ Period: 61 }), {
    name: 'InvalidParameterValueException',
    message: 'The parameter Period must be a multiple of 60.',
  });
  await assert.rejects(statistics({ StartTime: new Date(base - 86_400_000), EndTime: at(0), Period: 1 }), {
    name: 'InvalidParameterCombinationException',
    message:
      'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
  });
  await statistics({ StartTime: new Date(base - 86_400_000), EndTime: at(0) });
  await assert.rejects(statistics({ Statistics: undefined }), { name: 'InvalidParameterCombinationException' });
  await assert.rejects(statistics({ Statistics: undefined, ExtendedStatistics: ['p101'] }), {
    name: 'InvalidParameterValueException',
  });
});

test('metric math goes over several metrics', async () => {
  for (const [minute, errors, invocations] of [
    [0, 1, 10],
    [1, 0, 20],
    [3, 3, 4],
  ] as const) {
    await put(
      'Math',
      { MetricName: 'Errors', Value: errors, Timestamp: at(minute) },
      { MetricName: 'Invocations', Value: invocations, Timestamp: at(minute) },
    );
  }
  const answer = await data([
    { Id: 'errors', MetricStat: stat('Math', 'Errors'), ReturnData: false },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a dynamic label
    { Id: 'calls', MetricStat: stat('Math', 'Invocations'), Label: "calls ${SUM} in ${PROP('Namespace')}" },
    { Id: 'rate', Expression: '100 * errors / calls', Label: 'rate' },
    { Id: 'filled', Expression: 'FILL(calls, 0)' },
    { Id: 'total', Expression: 'SUM(METRICS())' },
    { Id: 'found', Expression: "SEARCH('{Math} MetricName=\"Errors\"', 'Sum', 60)" },
  ]);
  assert.deepEqual(answer.Messages, []);
  assert.deepEqual(
    answer.MetricDataResults!.map(({ Id, Label, Values, StatusCode }) => [Id, Label, Values, StatusCode]),
    [
      ['calls', 'calls 34 in Math', [10, 20, 4], 'Complete'],
      ['rate', 'rate', [10, 0, 75], 'Complete'],
      ['filled', 'filled', [10, 20, 0, 4, 0, 0, 0, 0, 0, 0], 'Complete'],
      ['total', 'total', [11, 20, 7], 'Complete'],
      ['found', 'Errors', [1, 0, 3], 'Complete'],
    ],
  );
  assert.deepEqual(answer.MetricDataResults![1]!.Timestamps, [at(0), at(1), at(3)]);
});

test('newest datapoints come first unless asked otherwise, and pages hold as many as asked for', async () => {
  for (let minute = 0; minute < 5; minute++)
    await put('Pages', { MetricName: 'N', Value: minute, Timestamp: at(minute) });
  const queries = [
    { Id: 'a', MetricStat: stat('Pages', 'N') },
    { Id: 'b', Expression: 'a * 10' },
  ];
  const whole = await data(queries, { ScanBy: undefined });
  assert.deepEqual(
    whole.MetricDataResults!.map(({ Values }) => Values),
    [
      [4, 3, 2, 1, 0],
      [40, 30, 20, 10, 0],
    ],
  );
  const seen: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const page = await data(queries, { MaxDatapoints: 4, NextToken });
    seen.push(page.MetricDataResults!.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(seen, [
    [
      ['a', [0, 1, 2, 3], 'PartialData'],
      ['b', [], 'PartialData'],
    ],
    [
      ['a', [4], 'Complete'],
      ['b', [0, 10, 20], 'PartialData'],
    ],
    [['b', [30, 40], 'Complete']],
  ]);
  await assert.rejects(data(queries, { NextToken: 'nonsense' }), { name: 'InvalidNextToken' });
});

test('labels tell what differs among the metrics of a request', async () => {
  const labels = async (...stats: [string, number][]) => {
    const answer = await data(
      stats.map(([name, period], index) => ({ Id: `q${index}`, MetricStat: stat('Labels', 'metric1', name, period) })),
    );
    return answer.MetricDataResults!.map(({ Label }) => Label);
  };
  assert.deepEqual(await labels(['Sum', 60]), ['metric1']);
  assert.deepEqual(await labels(['Sum', 60], ['Minimum', 60]), ['metric1 Sum', 'metric1 Minimum']);
  assert.deepEqual(await labels(['Sum', 60], ['Sum', 30]), ['metric1 60', 'metric1 30']);
  assert.deepEqual(await labels(['Sum', 60], ['Minimum', 30]), ['metric1 Sum 60', 'metric1 Minimum 30']);
});

test('values of several units are told of one of them, with a message', async () => {
  await put(
    'Units',
    { MetricName: 'N', Value: 60_000, Unit: 'Milliseconds', Timestamp: at(0) },
    { MetricName: 'N', Value: 60, Unit: 'Seconds', Timestamp: at(0) },
  );
  const { MetricDataResults } = await data([{ Id: 'm1', MetricStat: stat('Units', 'N') }]);
  assert.deepEqual(MetricDataResults![0]!.Values, [60_000]);
  assert.deepEqual(MetricDataResults![0]!.Messages, [
    { Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'" },
  ]);
});

test('faults of queries name the query', async () => {
  const metric = stat('Faults', 'N');
  const cases: [cloudwatch.MetricDataQuery[], RegExp][] = [
    [[{ Id: 'Upper', MetricStat: metric }], /MetricDataQueries\.member\.1\.Id is not matching the expected pattern/],
    [
      [
        { Id: 'a', MetricStat: metric },
        { Id: 'a', MetricStat: metric },
      ],
      /^The values for parameter id in MetricDataQueries are not unique\.$/,
    ],
    [[{ Id: 'a' }], /^The parameter MetricDataQueries\.member\.1\.MetricStat is required\.\n$/],
    [[{ Id: 'a', MetricStat: metric, Expression: '1' }], /are mutually exclusive and you have specified both\.$/],
    [
      [{ Id: 'a', MetricStat: metric, Period: 60 }],
      /MetricDataQueries\.member\.1\.Period and MetricDataQueries\.member\.1\.MetricStat are mutually exclusive/,
    ],
    [[{ Id: 'a', Expression: 'SUM(' }], /^Error in expression 'a': Invalid syntax$/],
    [[{ Id: 'a', Expression: '1 + 1' }], /^Error in expression 'a': /],
    [
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      /refers to itself/,
    ],
    [[{ Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(a1)' }], /ANOMALY_DETECTION_BAND is not supported/],
    [[{ Id: 'a', Expression: 'SELECT P99(x) FROM "AWS/EC2"' }], /^Error in expression 'a': The Metrics Insights query/],
  ];
  for (const [queries, message] of cases)
    await assert.rejects(data(queries), { name: /^Validation(Error|Exception)$/, message });
  await assert.rejects(data([{ Id: 'a', MetricStat: metric }], { StartTime: at(2), EndTime: at(1) }), {
    message: 'The parameter EndTime must be greater than StartTime.',
  });
});

test('accounts and regions do not see each other', async () => {
  await put('Apart', { MetricName: 'N', Value: 1 });
  const other = new cloudwatch.CloudWatchClient({
    endpoint: server.url,
    region: 'eu-west-2',
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
  });
  const { Metrics } = await other.send(new cloudwatch.ListMetricsCommand({ Namespace: 'Apart' }));
  other.destroy();
  assert.deepEqual(Metrics, []);
});

test('older clients put metrics by forms, compressed or not, and read them as XML', async () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0`;
  const send = async (form: Record<string, string>, compressed = false) => {
    const text = new URLSearchParams({ ...form, Version: '2010-08-01' }).toString();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        ...(compressed && { 'content-encoding': 'gzip' }),
      },
      body: compressed ? gzipSync(text) : text,
    });
    return { status: response.status, text: await response.text() };
  };
  const datum = { Action: 'PutMetricData', Namespace: 'Form', 'MetricData.member.1.MetricName': 'N' };
  const compressed = await send({ ...datum, 'MetricData.member.1.Value': '1' }, true);
  assert.equal(compressed.status, 200, compressed.text);
  assert.match(compressed.text, /<PutMetricDataResponse xmlns="http:\/\/monitoring.amazonaws.com\/doc\/2010-08-01\/">/);
  const listed = await send({ Action: 'ListMetrics', Namespace: 'Form' });
  assert.match(listed.text, /<member>\s*(?=[\s\S]*<MetricName>N<\/MetricName>)(?=[\s\S]*<Namespace>Form<\/Namespace>)/);
  const read = await send({
    Action: 'GetMetricData',
    StartTime: at(0).toISOString(),
    EndTime: new Date(Date.now() + 60_000).toISOString(),
    'MetricDataQueries.member.1.Id': 'm1',
    'MetricDataQueries.member.1.MetricStat.Metric.Namespace': 'Form',
    'MetricDataQueries.member.1.MetricStat.Metric.MetricName': 'N',
    'MetricDataQueries.member.1.MetricStat.Period': '60',
    'MetricDataQueries.member.1.MetricStat.Stat': 'Sum',
  });
  assert.match(read.text, /<StatusCode>Complete<\/StatusCode>/);
  assert.match(read.text, /<Values>\s*<member>1(\.0)?<\/member>/);
  const refused = await send({
    ...datum,
    'MetricData.member.1.Value': '1',
    'MetricData.member.1.Values.member.1': '1',
  });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /<Code>InvalidParameterCombination<\/Code>/);
});

test('JSON clients put and list metrics', async () => {
  const send = async (operation: string, body: object) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  const datum = { MetricName: 'N', Value: 1, Timestamp: at(0).getTime() / 1000 };
  assert.equal((await send('PutMetricData', { Namespace: 'Json', MetricData: [datum] })).status, 200);
  const listed = JSON.parse((await send('ListMetrics', { Namespace: 'Json' })).body);
  assert.deepEqual(listed.Metrics, [{ Namespace: 'Json', MetricName: 'N', Dimensions: [] }]);
  const refused = await send('PutMetricData', { Namespace: 'Json', MetricData: [{ ...datum, Values: [1] }] });
  assert.equal(refused.status, 400);
  assert.equal(refused.headers.get('x-amzn-query-error'), 'InvalidParameterCombination;Sender');
});

test('metrics that log events carry are metrics', async () => {
  const logs = new CloudWatchLogsClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
  });
  const stream = { logGroupName: '/emf', logStreamName: 's' };
  await logs.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName }));
  await logs.send(new CreateLogStreamCommand(stream));
  const event = {
    _aws: {
      Timestamp: at(2).getTime(),
      CloudWatchMetrics: [
        { Namespace: 'Embedded', Dimensions: [['service']], Metrics: [{ Name: 'latency', Unit: 'Milliseconds' }] },
      ],
    },
    service: 'web',
    latency: [10, 30],
  };
  const timestamp = Date.now();
  const logEvents = [
    { timestamp, message: 'plain' },
    { timestamp, message: JSON.stringify(event) },
  ];
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  logs.destroy();
  const answer = await statistics({
    Namespace: 'Embedded',
    MetricName: 'latency',
    Dimensions: [{ Name: 'service', Value: 'web' }],
    Statistics: ['Average', 'SampleCount'],
  });
  assert.deepEqual(answer.Datapoints, [{ Timestamp: at(2), Average: 20, SampleCount: 2, Unit: 'Milliseconds' }]);
});

test('Prometheus reads /metrics, and requests with AWS credentials go their own way', async () => {
  const response = await fetch(`${server.url}/metrics`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  assert.match(text, /^# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds \d/m);
  assert.match(text, /^lambent_environments \d+$/m);
  const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0`;
  const signed = await fetch(`${server.url}/metrics`, { headers: { authorization } });
  assert.notEqual(signed.headers.get('content-type'), response.headers.get('content-type'));
});

test('metrics survive a restart', async () => {
  await put('Kept', { MetricName: 'N', Value: 7, Timestamp: at(0) });
  client.destroy();
  await server.stop();
  await start();
  await put('Kept', { MetricName: 'N', Value: 1, Timestamp: at(0) });
  const answer = await statistics({ Namespace: 'Kept', MetricName: 'N' });
  assert.equal(answer.Datapoints![0]!.Sum, 8);
});

test('the SDK puts and reads metrics in each of its protocols', async () => {
  for (const [index, protocol] of [AwsQueryProtocol, AwsSmithyRpcV2CborProtocol, AwsJson1_0Protocol].entries()) {
    const other = new cloudwatch.CloudWatchClient({
      endpoint: server.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: account, secretAccessKey: 'any' },
      protocol,
      // Compressing CBOR, the SDK announces the length from before and never sends the rest.
      disableRequestCompression: protocol === AwsSmithyRpcV2CborProtocol,
      maxAttempts: 1,
    });
    const Namespace = `Protocol${index}`;
    // Enough for the SDK to compress it where it can.
    const many = Array.from({ length: 300 }, (_, n) => ({
      MetricName: `Metric${n}`,
      Value: n + 0.5,
      Timestamp: at(0),
    }));
    await other.send(new cloudwatch.PutMetricDataCommand({ Namespace, MetricData: many }));
    const input = {
      Namespace,
      MetricName: 'Metric7',
      StartTime: at(0),
      EndTime: at(1),
      Period: 60,
      Statistics: ['Average' as const],
    };
    const found = await other.send(new cloudwatch.GetMetricStatisticsCommand(input));
    assert.deepEqual(found.Datapoints, [{ Timestamp: at(0), Average: 7.5, Unit: 'None' }], protocol.name);
    const read = await other.send(
      new cloudwatch.GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'a', Expression: `SEARCH('{${Namespace}} MetricName="Metric7"', 'Sum', 60)` }],
        StartTime: at(0),
        EndTime: at(1),
      }),
    );
    assert.deepEqual(
      read.MetricDataResults!.map(({ Label, Values }) => [Label, Values]),
      [['Metric7', [7.5]]],
    );
    await assert.rejects(other.send(new cloudwatch.GetMetricStatisticsCommand({ ...input, Period: 61 })), {
      name: 'InvalidParameterValueException',
    });
    other.destroy();
  }
});
