// Runtime management: which build serves a function, by its ARN, and what may be asked for.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const put = (FunctionName: string, input: Partial<lambda.PutRuntimeManagementConfigCommandInput>) =>
  client.send(new lambda.PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Auto', ...input }));
const get = async (FunctionName: string, Qualifier?: string) => {
  const input = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
  const { $metadata: _, ...rest } = await client.send(new lambda.GetRuntimeManagementConfigCommand(input));
  return rest;
};
/** INIT_START of the function's first environment. */
async function firstLogLine(name: string): Promise<string> {
  const logs = new CloudWatchLogsClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
  });
  const input = { logGroupName: `/aws/lambda/${name}` };
  for (let attempt = 0; attempt < 100; attempt++) {
    const { events } = await logs.send(new FilterLogEventsCommand(input)).catch(() => ({ events: [] }));
    if (events?.[0] !== undefined) return events[0].message!;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`${name} has no logs`);
}

const other = `arn:aws:lambda:${region}::runtime:${'0'.repeat(64)}`;

test('a function follows its runtime until it is told otherwise', async () => {
  await create(client, 'managed');
  await settled(client, 'managed');
  assert.deepEqual(await get('managed'), { UpdateRuntimeOn: 'Auto', FunctionArn: arnOf('managed') });
  assert.deepEqual(await get('managed', '$LATEST'), {
    UpdateRuntimeOn: 'Auto',
    FunctionArn: arnOf('managed', '$LATEST'),
  });
  const { $metadata: _, ...answer } = await put('managed', { UpdateRuntimeOn: 'FunctionUpdate' });
  assert.deepEqual(answer, { UpdateRuntimeOn: 'FunctionUpdate', FunctionArn: arnOf('managed') });
  assert.deepEqual(await get('managed'), answer);
  assert.equal((await invoke(client, 'managed')).StatusCode, 200);
});

test('a build that is installed can be kept by the ARN that the function and its log tell', async () => {
  await create(client, 'kept');
  const { RuntimeVersionConfig } = await settled(client, 'kept');
  const RuntimeVersionArn = RuntimeVersionConfig!.RuntimeVersionArn!;
  const { $metadata: _, ...answer } = await put('kept', { UpdateRuntimeOn: 'Manual', RuntimeVersionArn });
  assert.deepEqual(answer, { UpdateRuntimeOn: 'Manual', RuntimeVersionArn, FunctionArn: arnOf('kept') });
  assert.deepEqual(await get('kept'), answer);
  await invoke(client, 'kept');
  assert.ok((await firstLogLine('kept')).includes(`Runtime Version ARN: ${RuntimeVersionArn}`));
  await fails(
    client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'kept', Runtime: 'nodejs22.x' })),
    invalid,
    400,
    /^The runtime cannot be changed to nodejs22.x/,
  );
  const published = await client.send(new lambda.PublishVersionCommand({ FunctionName: 'kept' }));
  assert.deepEqual(await get('kept', published.Version), { UpdateRuntimeOn: 'Auto', FunctionArn: arnOf('kept', '1') });
  await put('kept', { UpdateRuntimeOn: 'Manual', RuntimeVersionArn, Qualifier: '1' });
  await put('kept', { UpdateRuntimeOn: 'Auto' });
  assert.equal((await get('kept')).UpdateRuntimeOn, 'Auto');
  assert.equal((await get('kept', '1')).UpdateRuntimeOn, 'Manual');
  assert.equal((await invoke(client, 'kept', { Qualifier: '1' })).StatusCode, 200);
});

test('what cannot be kept is refused', async () => {
  await create(client, 'refused');
  await settled(client, 'refused');
  const manual = { UpdateRuntimeOn: 'Manual' } as const;
  for (const [input, message] of [
    [manual, 'RuntimeVersionArn is required for the update mode Manual.'],
    [
      { ...manual, RuntimeVersionArn: other },
      `The runtime version ${other} of nodejs24.x is not installed on this machine.`,
    ],
    [
      { ...manual, RuntimeVersionArn: other.replace(region, 'us-east-1') },
      `The runtime version ${other.replace(region, 'us-east-1')} is not one of this region ('${region}').`,
    ],
    [
      { UpdateRuntimeOn: 'Auto', RuntimeVersionArn: other },
      'RuntimeVersionArn is not supported for the update mode Auto.',
    ],
  ] as const) {
    await fails(put('refused', input), invalid, 400, message);
  }
  await fails(
    put('refused', { ...manual, RuntimeVersionArn: 'short' }),
    'ValidationException',
    400,
    /'runtimeVersionArn' failed to satisfy constraint/,
  );
  const missing = `Function not found: ${arnOf('nobody')}`;
  await fails(get('nobody'), 'ResourceNotFoundException', 404, missing);
  await fails(put('nobody', {}), 'ResourceNotFoundException', 404, missing);
});

test('functions that follow their runtime tell the version that serves them after a start', async () => {
  await create(client, 'follows');
  await create(client, 'stays');
  const { RuntimeVersionConfig } = await settled(client, 'follows');
  await settled(client, 'stays');
  const hash = RuntimeVersionConfig!.RuntimeVersionArn!.slice(-64);
  await put('stays', { UpdateRuntimeOn: 'FunctionUpdate' });
  // As if both had been made with a Node that is not there any more.
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  await ended;
  const database = new DatabaseSync(join(server.dataDir, 'lambent.sqlite'));
  database.prepare('UPDATE lambda_versions SET record = replace(record, ?, ?)').run(hash, '0'.repeat(64));
  database.close();
  server = await startTestServer({ dataDir: server.dataDir });
  client = lambdaClient(server);
  const told = async (name: string) =>
    (await settled(client, name)).RuntimeVersionConfig!.RuntimeVersionArn!.slice(-64);
  for (let attempt = 0; attempt < 100 && (await told('follows')) !== hash; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(await told('follows'), hash);
  assert.equal(await told('stays'), '0'.repeat(64));
  assert.equal((await invoke(client, 'stays')).StatusCode, 200);
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'stays', Description: 'updated' }));
  assert.equal(await told('stays'), hash);
});
