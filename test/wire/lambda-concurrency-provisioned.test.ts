// Provisioned concurrency as functions and callers see it: environments that are really there, before anyone invokes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, handlerCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

type State = lambda.GetProvisionedConcurrencyConfigCommandOutput;

const provision = (FunctionName: string, Qualifier: string, ProvisionedConcurrentExecutions: number) =>
  client.send(
    new lambda.PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
const unprovision = (FunctionName: string, Qualifier: string) =>
  client.send(new lambda.DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const publish = async (FunctionName: string) =>
  (await client.send(new lambda.PublishVersionCommand({ FunctionName }))).Version!;

async function until(name: string, qualifier: string, isReached: (state: State) => boolean): Promise<State> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const found = await client.send(
      new lambda.GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: qualifier }),
    );
    if (isReached(found)) return found;
    if (Date.now() > giveUpAt) assert.fail(`${name}:${qualifier} stays ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const ready = (name: string, qualifier: string) => until(name, qualifier, ({ Status }) => Status === 'READY');

/** Environments that the server has. */
async function environments(): Promise<number> {
  const health = (await (await fetch(`${server.url}/_lambent/health`)).json()) as any;
  return health.execution.environments;
}

async function whenEnvironments(count: number): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while ((await environments()) !== count) {
    if (Date.now() > giveUpAt) assert.fail(`there are ${await environments()} environments, and not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function logsOf(name: string, word: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
  });
  const { events } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: word }),
  );
  logs.destroy();
  return events!.map(({ message }) => message!);
}

/** Tells its type of initialisation, waits for as long as it is asked to, and fails to load under `broken`. */
const teller = (mark = '') =>
  handlerCode(
    `await new Promise((done) => setTimeout(done, event.ms ?? 0));
     return { type: process.env.AWS_LAMBDA_INITIALIZATION_TYPE, pid: process.pid, mark: '${mark}' }`,
  );
const payload = (event: object) => ({ Payload: Buffer.from(JSON.stringify(event)) });

test('environments are initialised before the first invocation, told in the log, and no part of its REPORT', async () => {
  await create(client, 'ahead', { Code: { ZipFile: teller() }, Publish: true });
  await settled(client, 'ahead');
  assert.equal((await provision('ahead', '1', 2)).AllocatedProvisionedConcurrentExecutions, 0);
  assert.equal((await ready('ahead', '1')).AvailableProvisionedConcurrentExecutions, 2);
  assert.equal(await environments(), 2);
  assert.equal((await logsOf('ahead', 'INIT_START')).length, 2);
  const first = await invoke(client, 'ahead', { Qualifier: '1', LogType: 'Tail' });
  assert.equal(first.value.type, 'provisioned-concurrency');
  assert.match(first.logs, /REPORT RequestId/);
  assert.doesNotMatch(first.logs, /Init Duration/);
  const onDemand = await invoke(client, 'ahead', { LogType: 'Tail' });
  assert.equal(onDemand.value.type, 'on-demand');
  assert.match(onDemand.logs, /Init Duration/);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'ahead' }));
  await whenEnvironments(0);
});

test('what goes beyond them is started on demand', async () => {
  await create(client, 'beyond', { Code: { ZipFile: teller() }, Publish: true, Timeout: 20 });
  await settled(client, 'beyond');
  await provision('beyond', '1', 1);
  await ready('beyond', '1');
  const both = await Promise.all([
    invoke(client, 'beyond', { Qualifier: '1', ...payload({ ms: 1_000 }) }),
    invoke(client, 'beyond', { Qualifier: '1', ...payload({ ms: 1_000 }) }),
  ]);
  assert.deepEqual(both.map(({ value }) => value.type).sort(), ['on-demand', 'provisioned-concurrency']);
  await unprovision('beyond', '1');
  const later = await invoke(client, 'beyond', { Qualifier: '1' });
  assert.equal(later.value.type, 'on-demand');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'beyond' }));
  await whenEnvironments(0);
});

test('one that crashed is replaced', async () => {
  const code = handlerCode('if (event.exit) process.exit(3); return process.pid');
  await create(client, 'crashing', { Code: { ZipFile: code }, Publish: true });
  await settled(client, 'crashing');
  await provision('crashing', '1', 1);
  await ready('crashing', '1');
  const crashed = await invoke(client, 'crashing', { Qualifier: '1', ...payload({ exit: true }) });
  assert.equal(crashed.FunctionError, 'Unhandled');
  const state = await until('crashing', '1', ({ AvailableProvisionedConcurrentExecutions: n }) => n === 1);
  assert.deepEqual([state.Status, state.AllocatedProvisionedConcurrentExecutions], ['READY', 1]);
  assert.equal((await invoke(client, 'crashing', { Qualifier: '1' })).FunctionError, undefined);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'crashing' }));
  await whenEnvironments(0);
});

test('a function that cannot be initialised fails, and says so', async () => {
  await create(client, 'broken', { Handler: 'missing.handler', Publish: true });
  await settled(client, 'broken');
  await provision('broken', '1', 2);
  const failed = await until('broken', '1', ({ Status }) => Status === 'FAILED');
  const { $metadata, LastModified, ...state } = failed;
  assert.deepEqual(state, {
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
    Status: 'FAILED',
    StatusReason: 'FUNCTION_ERROR_INIT_FAILURE',
  });
  const { ProvisionedConcurrencyConfigs } = await client.send(
    new lambda.ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'broken' }),
  );
  assert.equal(ProvisionedConcurrencyConfigs![0]!.StatusReason, 'FUNCTION_ERROR_INIT_FAILURE');
  assert.equal((await provision('broken', '1', 1)).Status, 'IN_PROGRESS');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'broken' }));
  await whenEnvironments(0);
});

test('an alias that moves takes its provisioned concurrency along, and one with weights shares it', async () => {
  await create(client, 'moving', { Code: { ZipFile: teller('one') }, Publish: true });
  await settled(client, 'moving');
  await client.send(new lambda.CreateAliasCommand({ FunctionName: 'moving', Name: 'live', FunctionVersion: '1' }));
  await provision('moving', 'live', 2);
  await ready('moving', 'live');
  const before = (await invoke(client, 'moving', { Qualifier: 'live' })).value;
  assert.deepEqual([before.type, before.mark], ['provisioned-concurrency', 'one']);
  await client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: 'moving', ZipFile: teller('two') }));
  await settled(client, 'moving');
  await publish('moving');
  const update = (input: Partial<lambda.UpdateAliasCommandInput>) =>
    client.send(new lambda.UpdateAliasCommand({ FunctionName: 'moving', Name: 'live', ...input }));
  await update({ RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } });
  await typesOf('1', 'provisioned-concurrency');
  await typesOf('2', 'provisioned-concurrency');
  await update({ FunctionVersion: '2', RoutingConfig: {} });
  await typesOf('1', 'on-demand');
  await ready('moving', 'live');
  const after = (await invoke(client, 'moving', { Qualifier: 'live' })).value;
  assert.deepEqual([after.type, after.mark], ['provisioned-concurrency', 'two']);
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'moving', Name: 'live' }));
  await typesOf('2', 'on-demand');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'moving' }));
  await whenEnvironments(0);
});

/** Waits until a version of `moving` is served by environments of this type. */
async function typesOf(version: string, type: string): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while ((await invoke(client, 'moving', { Qualifier: version })).value.type !== type) {
    if (Date.now() > giveUpAt) assert.fail(`version ${version} is never ${type}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('after a kill of the server they are there again, without an invocation', async () => {
  await create(client, 'again', { Code: { ZipFile: teller() }, Publish: true });
  await settled(client, 'again');
  await provision('again', '1', 1);
  await ready('again', '1');
  server = await server.restart('SIGKILL');
  client = lambdaClient(server);
  await whenEnvironments(1);
  await ready('again', '1');
  assert.equal((await invoke(client, 'again', { Qualifier: '1' })).value.type, 'provisioned-concurrency');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'again' }));
  await whenEnvironments(0);
});
