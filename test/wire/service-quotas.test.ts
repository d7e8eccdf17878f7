// Service Quotas by AWS's own client: what is listed, asked for, granted or held, and then enforced.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GetAccountSettingsCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import * as quotas from '@aws-sdk/client-service-quotas';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, fails, lambdaClient, region } from './lambda-client.ts';

let server: TestServer;
let client: quotas.ServiceQuotasClient;
const clientOf = (to: TestServer, options: quotas.ServiceQuotasClientConfig = {}) =>
  new quotas.ServiceQuotasClient({
    endpoint: to.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
    maxAttempts: 1,
    ...options,
  });
before(async () => {
  server = await startTestServer();
  client = clientOf(server);
});
after(() => server.stop());

const concurrent = { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' };
const request = (DesiredValue: number, by = client, quota = concurrent) =>
  by.send(new quotas.RequestServiceQuotaIncreaseCommand({ ...quota, DesiredValue }));
const quotaOf = async (by = client, quota = concurrent) =>
  (await by.send(new quotas.GetServiceQuotaCommand(quota))).Quota!;
const changeOf = async (RequestId: string, by = client) =>
  (await by.send(new quotas.GetRequestedServiceQuotaChangeCommand({ RequestId }))).RequestedQuota!;

async function approved(id: string, by = client): Promise<quotas.RequestedServiceQuotaChange> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const change = await changeOf(id, by);
    if (change.Status === 'APPROVED') return change;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return assert.fail('the request is not granted');
}

test('services, and all quotas of Lambda with what an account has of them', async () => {
  const { Services } = await client.send(new quotas.ListServicesCommand({}));
  assert.deepEqual(Services, [{ ServiceCode: 'lambda', ServiceName: 'AWS Lambda' }]);
  const { Quotas, NextToken } = await client.send(new quotas.ListServiceQuotasCommand({ ServiceCode: 'lambda' }));
  assert.equal(NextToken, undefined);
  const values = Object.fromEntries(Quotas!.map((quota) => [quota.QuotaCode, [quota.Value, quota.Unit]]));
  assert.deepEqual(values, {
    'L-7C0F49F9': [1024, 'Kilobytes'],
    'L-B99A9384': [1000, 'None'],
    'L-75F48B05': [50, 'Megabytes'],
    'L-E49FF7B8': [250, 'Megabytes'],
    'L-9FEE3D26': [500, 'None'],
    'L-6581F036': [4, 'Kilobytes'],
    'L-2ACBD22F': [300, 'Gigabytes'],
    'L-01237738': [5, 'None'],
    'L-07A00131': [20, 'Kilobytes'],
    'L-9FEEFFC0': [900, 'Seconds'],
    'L-5C4B2C97': [6, 'Megabytes'],
  });
  const { Description, ...quota } = await quotaOf();
  assert.match(Description!, /^.{1,350}$/);
  assert.deepEqual(quota, {
    ServiceCode: 'lambda',
    ServiceName: 'AWS Lambda',
    QuotaArn: `arn:aws:servicequotas:${region}:${account}:lambda/L-B99A9384`,
    QuotaCode: 'L-B99A9384',
    QuotaName: 'Concurrent executions',
    Value: 1000,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
    UsageMetric: {
      MetricNamespace: 'AWS/Lambda',
      MetricName: 'ConcurrentExecutions',
      MetricDimensions: {},
      MetricStatisticRecommendation: 'Maximum',
    },
    QuotaAppliedAtLevel: 'ACCOUNT',
  });
  const { Quota } = await client.send(new quotas.GetAWSDefaultServiceQuotaCommand(concurrent));
  assert.equal(Quota!.QuotaArn, `arn:aws:servicequotas:${region}::lambda/L-B99A9384`);
});

test('lists come in pages, narrowed by what is asked', async () => {
  const codes: (string | undefined)[] = [];
  for await (const page of quotas.paginateListServiceQuotas({ client, pageSize: 4 }, { ServiceCode: 'lambda' })) {
    codes.push(...page.Quotas!.map((quota) => quota.QuotaCode));
  }
  const defaults: (string | undefined)[] = [];
  const list = quotas.paginateListAWSDefaultServiceQuotas({ client, pageSize: 11 }, { ServiceCode: 'lambda' });
  for await (const page of list) defaults.push(...page.Quotas!.map((quota) => quota.QuotaCode));
  assert.equal(new Set(codes).size, 11);
  assert.deepEqual(codes, defaults);
  const one = await client.send(new quotas.ListServiceQuotasCommand(concurrent));
  assert.deepEqual(
    one.Quotas!.map((quota) => quota.QuotaCode),
    ['L-B99A9384'],
  );
  const resources = new quotas.ListServiceQuotasCommand({ ServiceCode: 'lambda', QuotaAppliedAtLevel: 'RESOURCE' });
  assert.deepEqual((await client.send(resources)).Quotas, []);
});

test('what is not there, not adjustable or no increase is refused', async () => {
  const noService = 'The request failed because the specified service does not exist.';
  const noSuch = 'NoSuchResourceException';
  const elsewhere = { ServiceCode: 'Lambda', QuotaCode: 'L-B99A9384' };
  await fails(client.send(new quotas.ListServiceQuotasCommand(elsewhere)), noSuch, 400, noService);
  await fails(client.send(new quotas.ListAWSDefaultServiceQuotasCommand(elsewhere)), noSuch, 400, noService);
  await fails(quotaOf(client, elsewhere), noSuch, 400, noService);
  await fails(request(2000, client, elsewhere), noSuch, 400, noService);
  const unknown = { ServiceCode: 'lambda', QuotaCode: 'L-00000000' };
  await fails(quotaOf(client, unknown), noSuch, 400, /quota does not exist/);
  await fails(client.send(new quotas.GetAWSDefaultServiceQuotaCommand(unknown)), noSuch, 400, /quota does not exist/);
  await fails(
    client.send(new quotas.GetServiceQuotaCommand({ ...concurrent, ContextId: 'x' })),
    noSuch,
    400,
    /context Id/,
  );
  await fails(changeOf('0000'), noSuch, 400, /request does not exist/);
  const notMore = 'You must provide a quota value greater than the current quota value';
  await fails(request(1000), 'IllegalArgumentException', 400, notMore);
  await fails(request(999), 'IllegalArgumentException', 400, notMore);
  const layers = { ServiceCode: 'lambda', QuotaCode: 'L-01237738' };
  await fails(request(6, client, layers), 'IllegalArgumentException', 400, /not adjustable/);
  await fails(
    client.send(new quotas.ListServicesCommand({ NextToken: 'aGVsbG8=' })),
    'InvalidPaginationTokenException',
    400,
    /./,
  );
  await fails(
    client.send(new quotas.ListServicesCommand({ MaxResults: 101 })),
    'ValidationException',
    400,
    /Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100$/,
  );
  await fails(
    client.send(new quotas.StopAutoManagementCommand({})),
    'NotImplementedException',
    501,
    /StopAutoManagement/,
  );
});

test('an increase is granted for its account and region alone, enforced, and kept over a restart', async () => {
  const owner = '310000000001';
  const credentials = { accessKeyId: owner, secretAccessKey: 'any' };
  let by = clientOf(server, { credentials });
  const { RequestedQuota } = await request(1500, by);
  const { Id, Created, LastUpdated, ...asked } = RequestedQuota!;
  assert.match(Id!, /^[0-9a-f]{40}$/);
  assert.deepEqual(Created, LastUpdated);
  assert.deepEqual(asked, {
    ServiceCode: 'lambda',
    ServiceName: 'AWS Lambda',
    QuotaCode: 'L-B99A9384',
    QuotaName: 'Concurrent executions',
    DesiredValue: 1500,
    Status: 'PENDING',
    Requester: JSON.stringify({ accountId: owner, callerArn: `arn:aws:iam::${owner}:root` }),
    QuotaArn: `arn:aws:servicequotas:${region}:${owner}:lambda/L-B99A9384`,
    GlobalQuota: false,
    Unit: 'None',
    QuotaRequestedAtLevel: 'ACCOUNT',
  });
  await approved(Id!, by);
  assert.equal((await quotaOf(by)).Value, 1500);
  assert.equal((await by.send(new quotas.GetAWSDefaultServiceQuotaCommand(concurrent))).Quota!.Value, 1000);
  assert.equal((await quotaOf(clientOf(server, { credentials, region: 'us-east-1' }))).Value, 1000);
  assert.equal((await quotaOf()).Value, 1000);
  await fails(changeOf(Id!), 'NoSuchResourceException', 400, /./);

  server = await server.restart('SIGTERM');
  client = clientOf(server);
  by = clientOf(server, { credentials });
  assert.equal((await quotaOf(by)).Value, 1500);
  const functions = lambdaClient(server, { credentials });
  const { AccountLimit } = await functions.send(new GetAccountSettingsCommand({}));
  assert.equal(AccountLimit!.ConcurrentExecutions, 1500);
  await create(functions, 'many', { Role: `arn:aws:iam::${owner}:role/r` });
  const reserve = (ReservedConcurrentExecutions: number) =>
    functions.send(new PutFunctionConcurrencyCommand({ FunctionName: 'many', ReservedConcurrentExecutions }));
  await fails(reserve(1401), 'InvalidParameterValueException', 400, /minimum value of \[100\]\.$/);
  assert.equal((await reserve(1400)).ReservedConcurrentExecutions, 1400);
});

test('storage is raised in gigabytes, and told in bytes', async () => {
  const credentials = { accessKeyId: '310000000002', secretAccessKey: 'any' };
  const by = clientOf(server, { credentials });
  const { RequestedQuota } = await request(301, by, { ServiceCode: 'lambda', QuotaCode: 'L-2ACBD22F' });
  await approved(RequestedQuota!.Id!, by);
  const { AccountLimit } = await lambdaClient(server, { credentials }).send(new GetAccountSettingsCommand({}));
  assert.equal(AccountLimit!.TotalCodeSize, 301 * 1024 ** 3);
});

test('the history tells all requests of an account, the newest first, in pages', async () => {
  const by = clientOf(server, { credentials: { accessKeyId: '310000000003', secretAccessKey: 'any' } });
  for (const value of [1001, 1002, 1003]) await approved((await request(value, by)).RequestedQuota!.Id!, by);
  const storage = { ServiceCode: 'lambda', QuotaCode: 'L-2ACBD22F' };
  await approved((await request(400, by, storage)).RequestedQuota!.Id!, by);
  const values: (number | undefined)[] = [];
  for await (const page of quotas.paginateListRequestedServiceQuotaChangeHistory({ client: by, pageSize: 3 }, {})) {
    values.push(...page.RequestedQuotas!.map((change) => change.DesiredValue));
  }
  assert.deepEqual(values, [400, 1003, 1002, 1001]);
  const ofQuota = await by.send(new quotas.ListRequestedServiceQuotaChangeHistoryByQuotaCommand(concurrent));
  assert.deepEqual(
    ofQuota.RequestedQuotas!.map((change) => change.DesiredValue),
    [1003, 1002, 1001],
  );
  const filtered = (input: quotas.ListRequestedServiceQuotaChangeHistoryCommandInput) =>
    by.send(new quotas.ListRequestedServiceQuotaChangeHistoryCommand(input));
  assert.equal((await filtered({ Status: 'APPROVED', ServiceCode: 'lambda' })).RequestedQuotas!.length, 4);
  assert.deepEqual((await filtered({ Status: 'DENIED' })).RequestedQuotas, []);
  assert.deepEqual((await filtered({ QuotaRequestedAtLevel: 'RESOURCE' })).RequestedQuotas, []);
  await fails(filtered({ ServiceCode: 'ec2' }), 'NoSuchResourceException', 400, /service does not exist/);
});

test('a server that holds requests keeps them pending, one for each quota, until one grants them', async () => {
  const holding = await startTestServer({ flags: ['--quota-policy', 'hold'] });
  let granting: TestServer | undefined;
  try {
    const by = clientOf(holding);
    const { Id } = (await request(2000, by)).RequestedQuota!;
    await fails(
      request(3000, by),
      'ResourceAlreadyExistsException',
      400,
      'Only one open service quota increase request is allowed per quota.',
    );
    assert.equal((await changeOf(Id!, by)).Status, 'PENDING');
    assert.equal((await quotaOf(by)).Value, 1000);
    holding.process.kill('SIGTERM');
    await new Promise((resolve) => holding.process.once('exit', resolve));
    granting = await startTestServer({ dataDir: holding.dataDir });
    assert.equal((await changeOf(Id!, clientOf(granting))).Status, 'APPROVED');
    assert.equal((await quotaOf(clientOf(granting))).Value, 2000);
  } finally {
    await (granting ?? holding).stop();
  }
});
