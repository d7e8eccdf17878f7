// Tenants: their ids are asked for, handed on, and never share an environment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { create, fails, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const TenancyConfig = { TenantIsolationMode: 'PER_TENANT' } as const;
const counting = zipOf({
  'index.mjs': `let calls = 0;
    export const handler = async (event, context) => ({ tenant: context.tenantId, calls: ++calls });`,
});

test('each tenant has environments of its own, which know whose they are', async () => {
  const created = await create(client, 'tenants', { Code: { ZipFile: counting }, TenancyConfig });
  assert.deepEqual(created.TenancyConfig, TenancyConfig);
  assert.deepEqual((await settled(client, 'tenants')).TenancyConfig, TenancyConfig);
  const call = async (TenantId: string) => (await invoke(client, 'tenants', { TenantId })).value;
  assert.deepEqual(await call('blue'), { tenant: 'blue', calls: 1 });
  assert.deepEqual(await call('blue'), { tenant: 'blue', calls: 2 });
  assert.deepEqual(await call('red/green'), { tenant: 'red/green', calls: 1 });
  assert.deepEqual(await call('blue'), { tenant: 'blue', calls: 3 });
});

test('a tenant is named exactly where the function tells tenants apart', async () => {
  await create(client, 'alone');
  await create(client, 'apart', { TenancyConfig });
  await fails(
    invoke(client, 'apart'),
    invalid,
    400,
    'The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again.',
  );
  await fails(
    invoke(client, 'alone', { TenantId: 'blue' }),
    invalid,
    400,
    'The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.',
  );
  await fails(
    invoke(client, 'apart', { TenantId: 't'.repeat(257) }),
    'ValidationException',
    400,
    /at 'tenantId' failed to satisfy constraint: Member must have length less than or equal to 256$/,
  );
});

test('SnapStart excludes tenants', async () => {
  await fails(
    create(client, 'both', { Runtime: 'java21', TenancyConfig, SnapStart: { ApplyOn: 'PublishedVersions' } }),
    invalid,
    400,
    'TenancyConfig is not supported for SnapStart enabled functions.',
  );
});

test('a function with tenants has no URL and no environments kept ready', async () => {
  await create(client, 'plain-tenants', { TenancyConfig, Publish: true });
  await settled(client, 'plain-tenants');
  const FunctionName = 'plain-tenants';
  await fails(
    client.send(new lambda.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' })),
    invalid,
    400,
    'Function URL is not supported for functions with tenancy configuration.',
  );
  const provision = (name: string) =>
    client.send(
      new lambda.PutProvisionedConcurrencyConfigCommand({
        FunctionName: name,
        Qualifier: '1',
        ProvisionedConcurrentExecutions: 1,
      }),
    );
  await fails(
    provision(FunctionName),
    invalid,
    400,
    'Provisioned Concurrency is not supported for functions with tenancy configuration.',
  );
  await create(client, 'snap', { Runtime: 'java21', SnapStart: { ApplyOn: 'PublishedVersions' }, Publish: true });
  await settled(client, 'snap');
  await fails(
    provision('snap'),
    invalid,
    400,
    'Provisioned Concurrency is not supported for SnapStart enabled functions.',
  );
});
