// Reserved and provisioned concurrency, and account settings: set, told, enforced, refused in AWS's words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf, create, echoCode, fails, handlerCode, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const missing = 'ResourceNotFoundException';
const inUse = 'ResourceConflictException';

const reserve = (FunctionName: string, ReservedConcurrentExecutions: number, by = client) =>
  by.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
const reserved = async (FunctionName: string) => {
  const { $metadata, ...rest } = await client.send(new lambda.GetFunctionConcurrencyCommand({ FunctionName }));
  return rest;
};
const unreserve = (FunctionName: string) => client.send(new lambda.DeleteFunctionConcurrencyCommand({ FunctionName }));
const provision = (FunctionName: string, Qualifier: string, ProvisionedConcurrentExecutions: number, by = client) =>
  by.send(
    new lambda.PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
const provisioned = (FunctionName: string, Qualifier: string) =>
  client.send(new lambda.GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const unprovision = (FunctionName: string, Qualifier: string) =>
  client.send(new lambda.DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const listProvisioned = (FunctionName: string, page: { Marker?: string; MaxItems?: number } = {}) =>
  client.send(new lambda.ListProvisionedConcurrencyConfigsCommand({ FunctionName, ...page }));
const accountSettings = async (by = client) => {
  const { $metadata, ...rest } = await by.send(new lambda.GetAccountSettingsCommand({}));
  return rest;
};
const publish = (FunctionName: string) => client.send(new lambda.PublishVersionCommand({ FunctionName }));
const createAlias = (FunctionName: string, Name: string, FunctionVersion: string) =>
  client.send(new lambda.CreateAliasCommand({ FunctionName, Name, FunctionVersion }));

/** A client of an account in which nothing was done yet. */
const clientOf = (accessKeyId: string) =>
  lambdaClient(server, { credentials: { accessKeyId, secretAccessKey: 'any' } });

async function ready(name: string, qualifier: string): Promise<lambda.GetProvisionedConcurrencyConfigCommandOutput> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await provisioned(name, qualifier);
    if (found.Status === 'READY') return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return assert.fail(`${name}:${qualifier} does not become ready`);
}

test('a reservation is set, told, shown by GetFunction, replaced and given back', async () => {
  await create(client, 'held');
  assert.deepEqual(await reserved('held'), {});
  const set = await reserve('held', 0);
  assert.equal(set.$metadata.httpStatusCode, 200);
  assert.equal(set.ReservedConcurrentExecutions, 0);
  assert.deepEqual(await reserved('held'), { ReservedConcurrentExecutions: 0 });
  assert.equal((await reserve(arnOf('held'), 1)).ReservedConcurrentExecutions, 1);
  assert.deepEqual(await reserved('held'), { ReservedConcurrentExecutions: 1 });
  const shown = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'held' }));
  assert.deepEqual(shown.Concurrency, { ReservedConcurrentExecutions: 1 });
  assert.equal((await unreserve('held')).$metadata.httpStatusCode, 204);
  assert.equal((await unreserve('held')).$metadata.httpStatusCode, 204);
  assert.deepEqual(await reserved('held'), {});
  assert.equal((await client.send(new lambda.GetFunctionCommand({ FunctionName: 'held' }))).Concurrency, undefined);
});

test('a reservation of what is missing, of a version, or of a wrong number is refused', async () => {
  const notFound = `Function not found: ${arnOf('nowhere', '$LATEST')}`;
  const error = await fails(reserve('nowhere', 1), missing, 404, notFound);
  assert.equal((error as lambda.ResourceNotFoundException).Type, 'User');
  await fails(reserve('nowhere', 1_000_000), missing, 404, notFound);
  await fails(unreserve('nowhere'), missing, 404, notFound);
  await fails(reserved('nowhere'), missing, 404, notFound);
  await create(client, 'qualified');
  await fails(
    reserve(arnOf('qualified', '1'), 1),
    invalid,
    400,
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );
  await fails(
    reserve('qualified', -1),
    'ValidationException',
    400,
    "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0",
  );
});

test('one hundred stay unreserved, for all functions together', async () => {
  const other = clientOf('210000000001');
  await create(other, 'first', { Role: 'arn:aws:iam::210000000001:role/r' });
  await create(other, 'second', { Role: 'arn:aws:iam::210000000001:role/r' });
  const tooMuch =
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";
  const untyped = await fails(reserve('first', 901, other), invalid, 400, tooMuch);
  assert.equal((untyped as lambda.InvalidParameterValueException).Type, undefined);
  await reserve('first', 900, other);
  assert.equal((await accountSettings(other)).AccountLimit!.UnreservedConcurrentExecutions, 100);
  await fails(reserve('second', 1, other), invalid, 400, tooMuch);
  await reserve('second', 0, other);
  await reserve('first', 899, other);
  await reserve('second', 1, other);
  assert.equal((await accountSettings(other)).AccountLimit!.UnreservedConcurrentExecutions, 100);
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'first' }));
  assert.equal((await accountSettings(other)).AccountLimit!.UnreservedConcurrentExecutions, 999);
  await reserve('second', 900, other);
  // Other accounts and regions have concurrency of their own.
  assert.equal((await accountSettings(clientOf('210000000002'))).AccountLimit!.UnreservedConcurrentExecutions, 1000);
});

test('a function is held to its reservation, and runs again when there is none', async () => {
  await create(client, 'slow', {
    Code: { ZipFile: handlerCode('await new Promise((done) => setTimeout(done, event.ms)); return 1') },
    Timeout: 20,
  });
  await settled(client, 'slow');
  const run = (ms: number) => invoke(client, 'slow', { Payload: Buffer.from(JSON.stringify({ ms })) });
  await reserve('slow', 0);
  const blocked = await fails(run(0), 'TooManyRequestsException', 429, 'Rate Exceeded.');
  const { Reason, Type, retryAfterSeconds } = blocked as lambda.TooManyRequestsException;
  assert.deepEqual(
    { Reason, Type, retryAfterSeconds },
    { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User', retryAfterSeconds: undefined },
  );
  await reserve('slow', 1);
  const running = run(1_500);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await fails(run(0), 'TooManyRequestsException', 429, 'Rate Exceeded.');
  assert.equal((await running).value, 1);
  assert.equal((await run(0)).value, 1);
  await reserve('slow', 0);
  await fails(run(0), 'TooManyRequestsException', 429, 'Rate Exceeded.');
  await unreserve('slow');
  assert.equal((await run(0)).value, 1);
});

test('when all of a reservation is provisioned, only the provisioned version runs', async () => {
  await create(client, 'all-provisioned', { Publish: true });
  await settled(client, 'all-provisioned');
  await reserve('all-provisioned', 1);
  await provision('all-provisioned', '1', 1);
  await ready('all-provisioned', '1');
  const refused = await fails(invoke(client, 'all-provisioned'), 'TooManyRequestsException', 429, 'Rate Exceeded.');
  assert.equal(
    (refused as lambda.TooManyRequestsException).Reason,
    'ReservedFunctionConcurrentInvocationLimitExceeded',
  );
  assert.equal((await invoke(client, 'all-provisioned', { Qualifier: '1' })).ExecutedVersion, '1');
  // What is provisioned for an alias is its version's, however that is called.
  await unprovision('all-provisioned', '1');
  await createAlias('all-provisioned', 'live', '1');
  await provision('all-provisioned', 'live', 1);
  await ready('all-provisioned', 'live');
  assert.equal((await invoke(client, 'all-provisioned', { Qualifier: '1' })).ExecutedVersion, '1');
  assert.equal((await invoke(client, 'all-provisioned', { Qualifier: 'live' })).ExecutedVersion, '1');
  await reserve('all-provisioned', 2);
  assert.equal((await invoke(client, 'all-provisioned')).ExecutedVersion, '$LATEST');
});

test('provisioned concurrency of a version is asked for, allocated, told, listed and given back', async () => {
  await create(client, 'warm');
  await settled(client, 'warm');
  await publish('warm');
  assert.deepEqual((await listProvisioned('warm')).ProvisionedConcurrencyConfigs, []);
  const { $metadata, ...asked } = await provision('warm', '1', 2);
  assert.equal($metadata.httpStatusCode, 202);
  assert.match(asked.LastModified!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
  assert.deepEqual(asked, {
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    LastModified: asked.LastModified,
  });
  const { Status, AllocatedProvisionedConcurrentExecutions } = await provisioned('warm', '1');
  assert.deepEqual([Status, AllocatedProvisionedConcurrentExecutions], ['IN_PROGRESS', 0]);
  const { $metadata: _, ...told } = await ready('warm', '1');
  const settledConfig = {
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 2,
    AvailableProvisionedConcurrentExecutions: 2,
    Status: 'READY',
    LastModified: asked.LastModified,
  };
  assert.deepEqual(told, settledConfig);
  const listed = await listProvisioned(arnOf('warm'));
  assert.deepEqual(listed.ProvisionedConcurrencyConfigs, [{ FunctionArn: arnOf('warm', '1'), ...settledConfig }]);
  assert.equal(listed.NextMarker, undefined);
  // By a qualified ARN as well, and down as well as up.
  assert.equal((await provision(arnOf('warm', '1'), '1', 1)).RequestedProvisionedConcurrentExecutions, 1);
  assert.equal((await ready('warm', '1')).AllocatedProvisionedConcurrentExecutions, 1);
  assert.equal((await unprovision('warm', '1')).$metadata.httpStatusCode, 204);
  assert.equal((await unprovision('warm', '1')).$metadata.httpStatusCode, 204);
  const gone = await fails(
    provisioned('warm', '1'),
    'ProvisionedConcurrencyConfigNotFoundException',
    404,
    'No Provisioned Concurrency Config found for this function',
  );
  assert.equal((gone as lambda.ProvisionedConcurrencyConfigNotFoundException).Type, 'User');
});

test('provisioned concurrency of what is missing or unpublished is refused', async () => {
  await create(client, 'cold');
  await settled(client, 'cold');
  await publish('cold');
  const noAlias = (name: string) => `Cannot find alias arn: ${arnOf(name, 'noalias')}`;
  const noVersion = (name: string, version: string) => `Function not found: ${arnOf(name, version)}`;
  for (const call of [provisioned, unprovision, (name: string, by: string) => provision(name, by, 1)]) {
    await fails(call('nowhere', 'noalias'), missing, 404, noAlias('nowhere'));
    await fails(call('nowhere', '1'), missing, 404, noVersion('nowhere', '1'));
    await fails(call('cold', 'noalias'), missing, 404, noAlias('cold'));
    await fails(call('cold', '10'), missing, 404, noVersion('cold', '10'));
  }
  await fails(listProvisioned('nowhere'), missing, 404, `Function not found: ${arnOf('nowhere')}`);
  const unpublished = 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.';
  const noVersionOrAlias = 'The function resource provided must be an alias or a published version.';
  await fails(provision('cold', '$LATEST', 1), invalid, 400, unpublished);
  await fails(provisioned('cold', '$LATEST'), invalid, 400, noVersionOrAlias);
  await fails(unprovision('cold', '$LATEST'), invalid, 400, noVersionOrAlias);
  await createAlias('cold', 'newest', '$LATEST');
  await fails(provision('cold', 'newest', 1), invalid, 400, unpublished);
  await fails(
    provision('cold', '1', 0),
    'ValidationException',
    400,
    "1 validation error detected: Value '0' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  await fails(
    listProvisioned('cold', { MaxItems: 51 }),
    'ValidationException',
    400,
    "1 validation error detected: Value '51' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 50",
  );
});

test('only one of a version and its aliases has provisioned concurrency, and none that routes to two', async () => {
  await create(client, 'pointed');
  await settled(client, 'pointed');
  await publish('pointed');
  await createAlias('pointed', 'live', '1');
  await provision('pointed', '1', 1);
  await fails(
    provision('pointed', 'live', 1),
    inUse,
    409,
    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
  );
  await unprovision('pointed', '1');
  assert.equal((await provision('pointed', 'live', 1)).Status, 'IN_PROGRESS');
  await fails(provision('pointed', '1', 1), inUse, 409, 'Version is pointed by a Provisioned Concurrency alias');
  // What belongs to an alias goes with it.
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'pointed', Name: 'live' }));
  await fails(provisioned('pointed', 'live'), missing, 404, `Cannot find alias arn: ${arnOf('pointed', 'live')}`);
  assert.deepEqual((await listProvisioned('pointed')).ProvisionedConcurrencyConfigs, []);
  assert.equal((await provision('pointed', '1', 1)).Status, 'IN_PROGRESS');
  await unprovision('pointed', '1');
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'pointed', Description: 'second' }));
  await settled(client, 'pointed');
  await publish('pointed');
  await client.send(
    new lambda.CreateAliasCommand({
      FunctionName: 'pointed',
      Name: 'both',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    }),
  );
  await fails(
    provision('pointed', 'both', 1),
    invalid,
    400,
    'Alias with weights can not be used with Provisioned Concurrency',
  );
});

test('provisioned concurrency lies within the reservation of the function, or within what the account has', async () => {
  const other = clientOf('210000000003');
  await create(other, 'both', { Role: 'arn:aws:iam::210000000003:role/r', Publish: true });
  await fails(
    provision('both', '1', 1001, other),
    invalid,
    400,
    "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].",
  );
  await fails(
    provision('both', '1', 901, other),
    invalid,
    400,
    "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
  await provision('both', '1', 900, other);
  await provision('both', '1', 2, other);
  const untyped = await fails(
    reserve('both', 1, other),
    invalid,
    400,
    " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2].",
  );
  assert.equal((untyped as lambda.InvalidParameterValueException).Type, undefined);
  await reserve('both', 2, other);
  await fails(
    provision('both', '1', 3, other),
    invalid,
    400,
    'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
  );
  assert.equal((await accountSettings(other)).AccountLimit!.UnreservedConcurrentExecutions, 998);
});

test('lists of provisioned concurrency come in pages', async () => {
  await create(client, 'paged');
  for (const number of [1, 2, 3]) {
    await settled(client, 'paged');
    await client.send(
      new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'paged', Description: `${number}` }),
    );
    await settled(client, 'paged');
    await publish('paged');
    await provision('paged', `${number}`, 1);
  }
  const arns: (string | undefined)[] = [];
  let pages = 0;
  let marker: string | undefined;
  do {
    const page = await listProvisioned('paged', { MaxItems: 2, ...(marker === undefined ? {} : { Marker: marker }) });
    arns.push(...page.ProvisionedConcurrencyConfigs!.map((each) => each.FunctionArn));
    marker = page.NextMarker;
    pages += 1;
  } while (marker !== undefined);
  assert.equal(pages, 2);
  assert.deepEqual(arns, [arnOf('paged', '1'), arnOf('paged', '2'), arnOf('paged', '3')]);
});

test('account settings tell AWS’s limits, and what functions, versions and layers take', async () => {
  const other = clientOf('210000000004');
  const Role = 'arn:aws:iam::210000000004:role/r';
  const size = echoCode.length;
  const usage = async () => (await accountSettings(other)).AccountUsage;
  assert.deepEqual(await accountSettings(other), {
    AccountLimit: {
      TotalCodeSize: 322_122_547_200,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: 1000,
    },
    AccountUsage: { TotalCodeSize: 0, FunctionCount: 0 },
  });
  await create(other, 'one', { Role });
  assert.deepEqual(await usage(), { TotalCodeSize: size, FunctionCount: 1 });
  await create(other, 'two', { Role, Publish: true });
  assert.deepEqual(await usage(), { TotalCodeSize: 3 * size, FunctionCount: 2 });
  const bigger = handlerCode(`return '${'x'.repeat(2_000)}'`);
  await settled(other, 'one');
  await other.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: 'one', ZipFile: bigger }));
  assert.deepEqual(await usage(), { TotalCodeSize: 2 * size + bigger.length, FunctionCount: 2 });
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'two', Qualifier: '1' }));
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'two', Qualifier: '1' }));
  assert.deepEqual(await usage(), { TotalCodeSize: size + bigger.length, FunctionCount: 2 });
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'one' }));
  assert.deepEqual(await usage(), { TotalCodeSize: size, FunctionCount: 1 });
  const layer = await other.send(
    new lambda.PublishLayerVersionCommand({ LayerName: 'shared', Content: { ZipFile: bigger } }),
  );
  assert.deepEqual(await usage(), { TotalCodeSize: size + bigger.length, FunctionCount: 1 });
  await other.send(new lambda.DeleteLayerVersionCommand({ LayerName: 'shared', VersionNumber: layer.Version }));
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'two' }));
  assert.deepEqual(await usage(), { TotalCodeSize: 0, FunctionCount: 0 });
});

test('reservations, allocations and usage survive a kill of the server', async () => {
  await create(client, 'lasting', { Publish: true });
  await reserve('lasting', 3);
  await provision('lasting', '1', 2);
  const before = await accountSettings();
  server = await server.restart('SIGKILL');
  client = lambdaClient(server);
  assert.deepEqual(await reserved('lasting'), { ReservedConcurrentExecutions: 3 });
  assert.equal((await ready('lasting', '1')).AllocatedProvisionedConcurrentExecutions, 2);
  assert.deepEqual(await accountSettings(), before);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'lasting' }));
  await create(client, 'lasting', { Publish: true });
  assert.deepEqual(await reserved('lasting'), {});
  assert.deepEqual((await listProvisioned('lasting')).ProvisionedConcurrencyConfigs, []);
});
