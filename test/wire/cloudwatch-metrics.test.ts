// CloudWatch's metrics over the wire: putting and listing them, in every protocol and from logs, Prometheus, and restarts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { account, at, client, put, restart, server, statistics } from './cloudwatch-server.ts';

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
  await restart();
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
