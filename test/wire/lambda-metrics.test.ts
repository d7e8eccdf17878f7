// What Lambda measures of invocations, read back from CloudWatch, and what the bill says of the same invocations.
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, fails, handlerCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let metrics: CloudWatchClient;

before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  metrics = new CloudWatchClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
});
after(() => server?.stop());

const code = { ZipFile: handlerCode("if (event.fail) throw new Error('no'); return 1;") };
const fail = { Payload: Buffer.from('{"fail":true}') };

/** `['FunctionName', 'f', 'Resource', 'f:1']` as CloudWatch writes dimensions. */
function dimensionsOf(names: string[]) {
  return Array.from({ length: names.length / 2 }, (_, at) => ({ Name: names[2 * at]!, Value: names[2 * at + 1]! }));
}

/** Everything that a metric measured in the last ten minutes; undefined when it measured nothing. */
async function statistics(MetricName: string, ...dimensions: string[]) {
  const now = Date.now();
  const { Datapoints = [] } = await metrics.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: dimensionsOf(dimensions),
      // An hour that ends with the next minute, so that it is all one point.
      StartTime: new Date(Math.ceil(now / 60_000) * 60_000 - 3_600_000),
      EndTime: new Date(Math.ceil(now / 60_000) * 60_000),
      Period: 3600,
      Statistics: ['Sum', 'SampleCount', 'Maximum', 'Minimum'],
    }),
  );
  assert.ok(Datapoints.length <= 1);
  const [point] = Datapoints;
  return (
    point && { unit: point.Unit, sum: point.Sum, count: point.SampleCount, max: point.Maximum, min: point.Minimum }
  );
}

/** Sums and counts of what is told of every invocation. */
async function told(...dimensions: string[]) {
  const names = ['Invocations', 'Errors', 'Throttles', 'Duration'];
  const found = await Promise.all(names.map((name) => statistics(name, ...dimensions)));
  const [invocations, errors, throttles, duration] = found.map((each) => each && [each.sum, each.count, each.unit]);
  return { invocations, errors, throttles, durations: duration?.slice(1) };
}

test('invocations are measured by every set of dimensions, with exact sums and counts', async () => {
  await create(client, 'measured', { Code: code });
  await settled(client, 'measured');
  await client.send(new lambda.PublishVersionCommand({ FunctionName: 'measured' }));
  await client.send(new lambda.CreateAliasCommand({ FunctionName: 'measured', Name: 'live', FunctionVersion: '1' }));
  await settled(client, 'measured', '1');
  for (let count = 0; count < 3; count++) await invoke(client, 'measured');
  await invoke(client, 'measured', fail);
  await invoke(client, 'measured', { Qualifier: '1' });
  await invoke(client, 'measured', { Qualifier: 'live' });
  await invoke(client, 'measured', { Qualifier: 'live', ...fail });

  const all = (invocations: number, errors: number) => ({
    invocations: [invocations, invocations, 'Count'],
    errors: [errors, invocations, 'Count'],
    throttles: [0, invocations, 'Count'],
    durations: [invocations, 'Milliseconds'],
  });
  const name = ['FunctionName', 'measured'];
  assert.deepEqual(await told(), all(7, 2));
  assert.deepEqual(await told(...name), all(7, 2));
  assert.deepEqual(await told(...name, 'Resource', 'measured'), all(4, 1));
  assert.deepEqual(await told(...name, 'Resource', 'measured:1'), all(1, 0));
  assert.deepEqual(await told(...name, 'Resource', 'measured:live'), all(2, 1));
  assert.deepEqual(await told(...name, 'Resource', 'measured:live', 'ExecutedVersion', '1'), all(2, 1));
  assert.deepEqual(await told('Resource', 'measured'), {
    invocations: undefined,
    errors: undefined,
    throttles: undefined,
    durations: undefined,
  });
});

test('durations are those of REPORT', async () => {
  await create(client, 'timed', { Code: code });
  await settled(client, 'timed');
  const reported: number[] = [];
  for (let count = 0; count < 3; count++) {
    const { logs } = await invoke(client, 'timed', { LogType: 'Tail' });
    reported.push(Number(/\tDuration: ([\d.]+) ms/.exec(logs)![1]));
  }
  const duration = await statistics('Duration', 'FunctionName', 'timed');
  assert.deepEqual([duration!.min, duration!.max], [Math.min(...reported), Math.max(...reported)]);
  assert.ok(Math.abs(duration!.sum! - reported.reduce((sum, each) => sum + each, 0)) < 1e-6);
});

test('what is throttled counts as that and as nothing else', async () => {
  await create(client, 'throttled', { Code: code });
  await settled(client, 'throttled');
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'throttled', ReservedConcurrentExecutions: 0 }),
  );
  for (let count = 0; count < 2; count++) {
    await fails(invoke(client, 'throttled'), 'TooManyRequestsException', 429, /^Rate Exceeded/);
  }
  const name = ['FunctionName', 'throttled'];
  const nothing = { invocations: undefined, errors: undefined, durations: undefined };
  assert.deepEqual(await told(...name), { ...nothing, throttles: [2, 2, 'Count'] });
  assert.deepEqual(await told(...name, 'Resource', 'throttled'), { ...nothing, throttles: [2, 2, 'Count'] });
  assert.equal(await statistics('ConcurrentExecutions', ...name), undefined);
});

test('concurrency is measured for functions, and for the account with what is claimed of it', async () => {
  const holding = handlerCode('await new Promise((done) => setTimeout(done, 300)); return 1;');
  await create(client, 'concurrent', { Code: { ZipFile: holding } });
  await settled(client, 'concurrent');
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'throttled', ReservedConcurrentExecutions: 40 }),
  );
  await Promise.all([invoke(client, 'concurrent'), invoke(client, 'concurrent'), invoke(client, 'concurrent')]);
  const byName = ['FunctionName', 'concurrent'];
  for (const dimensions of [[], byName, [...byName, 'Resource', 'concurrent']]) {
    const running = await statistics('ConcurrentExecutions', ...dimensions);
    assert.deepEqual([running!.unit, running!.min, running!.max], ['Count', 1, 3]);
  }
  assert.equal((await statistics('UnreservedConcurrentExecutions'))!.max, 3);
  assert.equal((await statistics('ClaimedAccountConcurrency'))!.max, 43);
  assert.equal(await statistics('ClaimedAccountConcurrency', 'FunctionName', 'concurrent'), undefined);
});

test('what provisioned concurrency serves is measured by itself, and how much of it is in use', async () => {
  await create(client, 'ready', { Code: code });
  await settled(client, 'ready');
  await client.send(new lambda.PublishVersionCommand({ FunctionName: 'ready' }));
  await settled(client, 'ready', '1');
  const key = { FunctionName: 'ready', Qualifier: '1' };
  const putting = new lambda.PutProvisionedConcurrencyConfigCommand({ ...key, ProvisionedConcurrentExecutions: 2 });
  await client.send(putting);
  const deadline = Date.now() + 15_000;
  for (;;) {
    const { Status } = await client.send(new lambda.GetProvisionedConcurrencyConfigCommand(key));
    if (Status === 'READY') break;
    assert.ok(Date.now() < deadline, `provisioned concurrency stays ${Status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (let count = 0; count < 3; count++) await invoke(client, 'ready', { Qualifier: '1' });
  const byVersion = ['FunctionName', 'ready', 'Resource', 'ready:1'];
  for (const dimensions of [byVersion, byVersion.slice(0, 2)]) {
    const served = await statistics('ProvisionedConcurrencyInvocations', ...dimensions);
    assert.deepEqual([served!.sum, served!.count, served!.unit], [3, 3, 'Count']);
    assert.equal((await statistics('ProvisionedConcurrentExecutions', ...dimensions))!.max, 1);
  }
  assert.equal((await statistics('ProvisionedConcurrencyUtilization', ...byVersion))!.max, 0.5);
  assert.equal(await statistics('ProvisionedConcurrencySpilloverInvocations', ...byVersion), undefined);
  const { accounts } = await bills();
  const ready = accounts[0].functions.find((each: any) => each.functionName === 'ready');
  const used = Object.fromEntries(ready.lines.map(({ item, usage }: any) => [item, Number(usage)]));
  // Two of 128 MB for a begun period of five minutes.
  assert.deepEqual([used.requests, used['provisioned-concurrency'], used.duration], [3, 75, undefined]);
  assert.ok(used['provisioned-duration'] > 0);
  await client.send(new lambda.DeleteProvisionedConcurrencyConfigCommand(key));
});

test('GetMetricData and ListMetrics find them as well', async () => {
  const now = Date.now();
  const { MetricDataResults } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        {
          Id: 'sum',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Invocations',
              Dimensions: dimensionsOf([
                'FunctionName',
                'measured',
                'Resource',
                'measured:live',
                'ExecutedVersion',
                '1',
              ]),
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  assert.equal(
    MetricDataResults![0]!.Values!.reduce((sum, each) => sum + each, 0),
    2,
  );
  const { Metrics = [] } = await metrics.send(
    new ListMetricsCommand({ Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'Resource', Value: 'measured:live' }] }),
  );
  assert.deepEqual(Metrics.map(({ MetricName, Dimensions }) => `${MetricName} ${Dimensions!.length}`).sort(), [
    'ConcurrentExecutions 2',
    'Duration 2',
    'Duration 3',
    'Errors 2',
    'Errors 3',
    'Invocations 2',
    'Invocations 3',
    'Throttles 2',
    'Throttles 3',
  ]);
});

test('asynchronous events are measured when they are received, and by their age when they have run', async () => {
  await create(client, 'later', { Code: code });
  await settled(client, 'later');
  for (let count = 0; count < 2; count++) await invoke(client, 'later', { InvocationType: 'Event' });
  const name = ['FunctionName', 'later'];
  for (const dimensions of [name, [...name, 'Resource', 'later']]) {
    const received = await statistics('AsyncEventsReceived', ...dimensions);
    assert.deepEqual([received!.sum, received!.count, received!.unit], [2, 2, 'Count']);
    const deadline = Date.now() + 15_000;
    for (;;) {
      const age = await statistics('AsyncEventAge', ...dimensions);
      if (age?.count === 2) {
        assert.equal(age.unit, 'Milliseconds');
        break;
      }
      assert.ok(Date.now() < deadline, 'both events run');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual((await told(...dimensions)).invocations, [2, 2, 'Count']);
  }
  assert.equal(await statistics('AsyncEventsDropped', ...name), undefined);
});

async function bills(): Promise<any> {
  return (await fetch(`${server.url}/_lambent/bill?account=${account}`)).json();
}

test('the bill has what was invoked, errors included and throttles not, each function by itself', async () => {
  const { accounts } = await bills();
  const requests = accounts[0].functions.map(({ functionName, requests }: any) => [functionName, requests]);
  assert.deepEqual(requests, [
    ['concurrent', '3'],
    ['later', '2'],
    ['measured', '7'],
    ['ready', '3'],
    ['timed', '3'],
  ]);
});
