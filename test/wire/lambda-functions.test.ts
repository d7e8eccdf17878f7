// Functions from creation to deletion as the SDK's client sees them: every member of every answer, names, pages, states.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import {
  account,
  arnOf,
  create,
  echoCode,
  fails,
  handlerCode,
  invoke,
  lambdaClient,
  newFunction,
  region,
  role,
  settled,
} from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64');

/** The members that every answer about a fresh function has, but for those that differ each time. */
function expected(name: string, changes: object = {}) {
  return {
    FunctionName: name,
    FunctionArn: arnOf(name),
    Runtime: 'nodejs24.x',
    Role: role,
    Handler: 'index.handler',
    CodeSize: echoCode.length,
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    CodeSha256: sha256(echoCode),
    Version: '$LATEST',
    TracingConfig: { Mode: 'PassThrough' },
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    ...changes,
  };
}

const pending = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
};
const active = { State: 'Active', LastUpdateStatus: 'Successful' };
const updating = {
  State: 'Active',
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
  LastUpdateStatusReasonCode: 'Creating',
};

/** The configuration without what differs each time, which is checked here. */
function fixed(configuration: lambda.FunctionConfiguration, brief = false): object {
  const { RevisionId, LastModified, RuntimeVersionConfig, ...rest } = configuration;
  delete (rest as any).$metadata;
  assert.match(RevisionId!, uuid);
  assert.match(LastModified!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  if (brief) assert.equal(RuntimeVersionConfig, undefined);
  else
    assert.match(
      RuntimeVersionConfig!.RuntimeVersionArn!,
      new RegExp(`^arn:aws:lambda:${region}::runtime:[0-9a-f]{64}$`),
    );
  return rest;
}

test('a second function of the same name is refused and changes nothing', async () => {
  await create(client, 'twice');
  const before = await settled(client, 'twice');
  await fails(
    create(client, 'twice', { Description: 'other' }),
    'ResourceConflictException',
    409,
    'Function already exist: twice',
  );
  const { $metadata: _, ...unchanged } = await settled(client, 'twice');
  assert.deepEqual({ ...unchanged, $metadata: before.$metadata }, before);
});

test('every operation on a function that is not there names its ARN', async () => {
  const missing = `Function not found: ${arnOf('missing')}`;
  const FunctionName = 'missing';
  const notFound = (call: Promise<unknown>, message = missing) =>
    fails(call, 'ResourceNotFoundException', 404, message);
  await notFound(client.send(new lambda.GetFunctionCommand({ FunctionName })));
  await notFound(client.send(new lambda.GetFunctionConfigurationCommand({ FunctionName })));
  await notFound(client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile: echoCode })));
  await notFound(client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4 })));
  await notFound(client.send(new lambda.PublishVersionCommand({ FunctionName })));
  await notFound(client.send(new lambda.ListVersionsByFunctionCommand({ FunctionName })));
  await notFound(client.send(new lambda.DeleteFunctionCommand({ FunctionName })));
  await notFound(client.send(new lambda.DeleteFunctionCommand({ FunctionName, Qualifier: '7' })));
  await notFound(client.send(new lambda.DeleteFunctionCommand({ FunctionName, Qualifier: '$latest' })));
  await notFound(client.send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: '7' })), `${missing}:7`);
  await notFound(
    client.send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: '$LATEST' })),
    `${missing}:$LATEST`,
  );
  await notFound(
    client.send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: '$latest' })),
    `${missing}:$latest`,
  );
  await notFound(client.send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: '-1' })), `${missing}:-1`);
  await notFound(client.send(new lambda.InvokeCommand({ FunctionName })), `${missing}:$LATEST`);
  await notFound(client.send(new lambda.InvokeCommand({ FunctionName, Qualifier: 'prod' })), `${missing}:prod`);
});

test('functions of other regions and accounts are out of reach', async () => {
  const elsewhere = `arn:aws:lambda:us-west-2:${account}:function:f`;
  const message = "Functions from 'us-west-2' are not reachable in this region ('eu-west-1')";
  const calls = [
    client.send(new lambda.GetFunctionCommand({ FunctionName: elsewhere })),
    client.send(new lambda.DeleteFunctionCommand({ FunctionName: elsewhere })),
    client.send(new lambda.InvokeCommand({ FunctionName: elsewhere })),
    client.send(new lambda.CreateFunctionCommand(newFunction(elsewhere))),
  ];
  await Promise.all(calls.map((call) => fails(call, 'ResourceNotFoundException', 404, message)));
  const foreign = `arn:aws:lambda:${region}:999999999999:function:f`;
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: foreign })),
    'AccessDeniedException',
    403,
    `User: arn:aws:iam::${account}:root is not authorized to perform: lambda:GetFunction on resource: ${foreign} because no resource-based policy allows the lambda:GetFunction action`,
  );
  const raw = await fetch(`${server.url}/2015-03-31/functions`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/lambda/aws4_request` },
    body: JSON.stringify({ ...newFunction(foreign), Code: { ZipFile: echoCode.toString('base64') } }),
  });
  assert.equal(raw.status, 403);
  assert.equal(raw.headers.get('x-amzn-errortype'), 'AccessDeniedException');
  assert.equal(await raw.text(), '{"Message":null}');
});

test('a function is Pending when created and Active when looked at later, under another revision', async () => {
  const created = await create(client, 'plain');
  assert.equal(created.$metadata.httpStatusCode, 201);
  assert.deepEqual(fixed(created), expected('plain', pending));
  const later = await settled(client, 'plain');
  assert.deepEqual(fixed(later), expected('plain', active));
  assert.notEqual(later.RevisionId, created.RevisionId);
});

test('GetFunction tells the configuration, where the code is, and tags only where there are some', async () => {
  await create(client, 'with-code');
  await settled(client, 'with-code');
  const { Configuration, Code, Tags, Concurrency } = await client.send(
    new lambda.GetFunctionCommand({ FunctionName: 'with-code' }),
  );
  assert.deepEqual(fixed(Configuration!), expected('with-code', active));
  assert.equal(Tags, undefined);
  assert.equal(Concurrency, undefined);
  assert.deepEqual(Object.keys(Code!).sort(), ['Location', 'RepositoryType']);
  assert.equal(Code!.RepositoryType, 'S3');
  const download = await fetch(Code!.Location!);
  assert.equal(download.status, 200);
  assert.deepEqual(Buffer.from(await download.arrayBuffer()), echoCode);
});

test('a download link that was altered is worth nothing', async () => {
  await create(client, 'linked');
  const { Code } = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'linked' }));
  const link = new URL(Code!.Location!);
  const later = new URL(link);
  later.searchParams.set('X-Amz-Expires', String(Number(link.searchParams.get('X-Amz-Expires')) + 1));
  assert.equal((await fetch(later)).status, 403);
  const bare = new URL(link);
  bare.search = '';
  assert.equal((await fetch(bare)).status, 403);
  const other = new URL(link.href.replace(/packages\/[0-9a-f]{4}/, 'packages/0000'));
  assert.equal((await fetch(other)).status, 403);
});

test('what is given at creation is what is told', async () => {
  const given = {
    Description: 'does things',
    Timeout: 17,
    MemorySize: 513,
    EphemeralStorage: { Size: 1024 },
    Environment: { Variables: { GREETING: 'grüße', B2: '' } },
    LoggingConfig: { LogFormat: 'JSON' as const, LogGroup: 'my/own.group' },
  };
  const created = await create(client, 'full', { ...given, Tags: { team: 'a', empty: '' } });
  const LoggingConfig = { ...given.LoggingConfig, ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' };
  assert.deepEqual(fixed(created), expected('full', { ...pending, ...given, LoggingConfig }));
  const { Tags } = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'full' }));
  assert.deepEqual(Tags, { team: 'a', empty: '' });
});

test('an environment is told back even when it is empty, and left out when none was given', async () => {
  assert.deepEqual((await create(client, 'empty-env', { Environment: { Variables: {} } })).Environment, {
    Variables: {},
  });
  assert.deepEqual((await create(client, 'bare-env', { Environment: {} })).Environment, { Variables: {} });
  assert.equal((await create(client, 'no-env')).Environment, undefined);
});

test('every form of a name leads to the function, and the ARN told is qualified as the request was', async () => {
  await create(client, 'named', { Publish: true });
  await settled(client, 'named', '1');
  const forms: [string, string | undefined, string][] = [
    ['named', undefined, arnOf('named')],
    ['function:named', undefined, arnOf('named')],
    [`${account}:function:named`, undefined, arnOf('named')],
    [`${account}:named`, undefined, arnOf('named')],
    [`${region}:${account}:function:named`, undefined, arnOf('named')],
    [arnOf('named'), undefined, arnOf('named')],
    ['named:1', undefined, arnOf('named', '1')],
    ['named', '1', arnOf('named', '1')],
    ['named:1', '1', arnOf('named', '1')],
    [arnOf('named', '1'), undefined, arnOf('named', '1')],
    [arnOf('named', '$LATEST'), undefined, arnOf('named', '$LATEST')],
    ['named', '$LATEST', arnOf('named', '$LATEST')],
    [`${account}:function:named:1`, undefined, arnOf('named', '1')],
  ];
  for (const [FunctionName, Qualifier, arn] of forms) {
    const input = Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier };
    const configuration = await client.send(new lambda.GetFunctionConfigurationCommand(input));
    assert.equal(configuration.FunctionArn, arn, `${FunctionName} ${Qualifier}`);
    assert.equal(configuration.Version, arn.endsWith(':1') ? '1' : '$LATEST');
    const { Configuration } = await client.send(new lambda.GetFunctionCommand(input));
    assert.equal(Configuration!.FunctionArn, arn);
    const invoked = await invoke(client, FunctionName, Qualifier === undefined ? {} : { Qualifier });
    assert.equal(invoked.value.arn, arn);
  }
  const byArn = await create(client, arnOf('created-by-arn'));
  assert.equal(byArn.FunctionName, 'created-by-arn');
  assert.equal((await create(client, `${account}:function:created-by-part`)).FunctionArn, arnOf('created-by-part'));
});

test('a qualifier in the name that differs from the one beside it is refused before anything is looked up', async () => {
  const message = 'The derived qualifier from the function name does not match the specified qualifier.';
  const input = { FunctionName: `${arnOf('nowhere')}:1`, Qualifier: '2' };
  const calls = [
    client.send(new lambda.GetFunctionCommand(input)),
    client.send(new lambda.GetFunctionConfigurationCommand(input)),
    client.send(new lambda.DeleteFunctionCommand(input)),
    client.send(new lambda.InvokeCommand(input)),
  ];
  await Promise.all(calls.map((call) => fails(call, 'InvalidParameterValueException', 400, message)));
});

test('versions cannot be created, updated or published as if they were functions', async () => {
  await create(client, 'only-functions', { Publish: true });
  const message =
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.';
  const FunctionName = 'only-functions:1';
  const calls = [
    client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile: echoCode })),
    client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 })),
    client.send(new lambda.PublishVersionCommand({ FunctionName })),
    create(client, 'another:1'),
  ];
  await Promise.all(calls.map((call) => fails(call, 'InvalidParameterValueException', 400, message)));
});

test('settings change one by one; what a request leaves out stays', async () => {
  await create(client, 'changing', { Description: 'kept', Environment: { Variables: { AB: '1' } } });
  const before = await settled(client, 'changing');
  const answer = await client.send(
    new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'changing', Timeout: 9, MemorySize: 256 }),
  );
  const common = { Description: 'kept', Environment: { Variables: { AB: '1' } }, Timeout: 9, MemorySize: 256 };
  assert.deepEqual(fixed(answer), expected('changing', { ...common, ...updating }));
  const afterwards = await settled(client, 'changing');
  assert.deepEqual(fixed(afterwards), expected('changing', { ...common, ...active }));
  assert.equal(new Set([before.RevisionId, answer.RevisionId, afterwards.RevisionId]).size, 3);
  await client.send(
    new lambda.UpdateFunctionConfigurationCommand({
      FunctionName: 'changing',
      Description: '',
      Environment: { Variables: {} },
      Handler: 'index.other',
      Runtime: 'python3.12',
      Role: `${role}2`,
    }),
  );
  const last = await settled(client, 'changing');
  const { Description, Environment, Handler, Runtime, Role, Timeout } = last;
  assert.deepEqual(
    { Description, Environment, Handler, Runtime, Role, Timeout },
    {
      Description: '',
      Environment: { Variables: {} },
      Handler: 'index.other',
      Runtime: 'python3.12',
      Role: `${role}2`,
      Timeout: 9,
    },
  );
  assert.notEqual(
    last.RuntimeVersionConfig!.RuntimeVersionArn,
    before.RuntimeVersionConfig!.RuntimeVersionArn,
    'another runtime has another version ARN',
  );
});

test('an update that changes nothing is an update all the same', async () => {
  await create(client, 'idle-update');
  const before = await settled(client, 'idle-update');
  const update = { FunctionName: 'idle-update', Description: '' };
  const answer = await client.send(new lambda.UpdateFunctionConfigurationCommand(update));
  assert.equal(answer.LastUpdateStatus, 'InProgress');
  const afterwards = await settled(client, 'idle-update');
  assert.equal(new Set([before.RevisionId, answer.RevisionId, afterwards.RevisionId]).size, 3);
});

test('logging settings: levels need JSON, come with their defaults, and go with it', async () => {
  await create(client, 'logging');
  await settled(client, 'logging');
  const update = async (LoggingConfig: lambda.LoggingConfig) => {
    await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'logging', LoggingConfig }));
    return (await settled(client, 'logging')).LoggingConfig;
  };
  const LogGroup = '/aws/lambda/logging';
  await fails(
    update({ ApplicationLogLevel: 'DEBUG' }),
    'InvalidParameterValueException',
    400,
    /must use the JSON log format/,
  );
  assert.deepEqual(await update({ LogFormat: 'JSON' }), {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'INFO',
    SystemLogLevel: 'INFO',
    LogGroup,
  });
  assert.deepEqual(await update({ SystemLogLevel: 'DEBUG' }), {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'INFO',
    SystemLogLevel: 'DEBUG',
    LogGroup,
  });
  assert.deepEqual(await update({ LogFormat: 'Text' }), { LogFormat: 'Text', LogGroup });
  assert.deepEqual(await update({ LogGroup: 'cool_lambda' }), { LogFormat: 'Text', LogGroup: 'cool_lambda' });
});

test('new code has its own hash and size, and runs at the next invocation', async () => {
  await create(client, 'recoded', { Code: { ZipFile: handlerCode('return 1') } });
  assert.equal((await invoke(client, 'recoded')).value, 1);
  await settled(client, 'recoded');
  const code = handlerCode('return 2');
  const answer = await client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: 'recoded', ZipFile: code }));
  const told = { CodeSha256: sha256(code), CodeSize: code.length };
  assert.deepEqual(fixed(answer), expected('recoded', { ...told, ...updating }));
  assert.equal((await invoke(client, 'recoded')).value, 2);
  assert.deepEqual(fixed(await settled(client, 'recoded')), expected('recoded', { ...told, ...active }));
});

test('a dry run tells what new code would be, and changes nothing', async () => {
  await create(client, 'dry');
  const before = await settled(client, 'dry');
  const code = handlerCode('return "dry"');
  const run = (input: object) =>
    client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: 'dry', DryRun: true, ZipFile: code, ...input }));
  await fails(
    run({ ZipFile: Buffer.from('no zip') }),
    'InvalidParameterValueException',
    400,
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );
  await fails(
    run({ RevisionId: 'deadbeef' }),
    'PreconditionFailedException',
    412,
    /^The Revision Id provided does not match/,
  );
  const answer = await run({ Publish: true, RevisionId: before.RevisionId });
  assert.equal(answer.CodeSha256, sha256(code));
  assert.equal(answer.CodeSize, code.length);
  const afterwards = await settled(client, 'dry');
  assert.equal(afterwards.RevisionId, before.RevisionId);
  assert.equal(afterwards.CodeSha256, before.CodeSha256);
});

test('an update under an outdated revision is refused', async () => {
  const { RevisionId } = await create(client, 'revised');
  await settled(client, 'revised');
  const message =
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id';
  const FunctionName = 'revised';
  const calls = [
    client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, RevisionId, ZipFile: echoCode })),
    client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, RevisionId, Timeout: 5 })),
    client.send(new lambda.PublishVersionCommand({ FunctionName, RevisionId })),
  ];
  await Promise.all(calls.map((call) => fails(call, 'PreconditionFailedException', 412, message)));
  const current = (await settled(client, 'revised')).RevisionId;
  const update = { FunctionName, RevisionId: current, Timeout: 5 };
  assert.equal((await client.send(new lambda.UpdateFunctionConfigurationCommand(update))).Timeout, 5);
});

test('of updates at the same moment one wins, and the others are told so', async () => {
  await create(client, 'contended');
  await settled(client, 'contended');
  const updates = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'contended', Timeout: index + 1 })),
    ),
  );
  const refused = updates.flatMap((update) => (update.status === 'rejected' ? [update.reason] : []));
  assert.ok(refused.length < updates.length);
  for (const { name, message, $metadata } of refused) {
    assert.deepEqual([name, $metadata.httpStatusCode], ['ResourceConflictException', 409]);
    assert.equal(
      message,
      `The operation cannot be performed at this time. An update is in progress for resource: ${arnOf('contended')}`,
    );
  }
  await settled(client, 'contended');
});

test('of creations at the same moment one wins', async () => {
  const creations = await Promise.allSettled(Array.from({ length: 6 }, () => create(client, 'raced')));
  const won = creations.filter(({ status }) => status === 'fulfilled');
  assert.equal(won.length, 1);
  for (const creation of creations) {
    if (creation.status === 'rejected') assert.equal(creation.reason.message, 'Function already exist: raced');
  }
});

test('listing pages through all functions in the order of their names, without states and runtime versions', async () => {
  const own = lambdaClient(server, { region: 'ap-south-1' });
  for (const name of ['b', 'a', 'd', 'c']) await create(own, name, name === 'a' ? { Publish: true } : {});
  await settled(own, 'a', '1');
  const first = await own.send(new lambda.ListFunctionsCommand({ MaxItems: 3 }));
  assert.deepEqual(
    first.Functions!.map((f) => f.FunctionName),
    ['a', 'b', 'c'],
  );
  const arn = `arn:aws:lambda:ap-south-1:${account}:function:a`;
  assert.deepEqual(fixed(first.Functions![0]!, true), expected('a', { FunctionArn: arn }));
  const second = await own.send(new lambda.ListFunctionsCommand({ MaxItems: 3, Marker: first.NextMarker }));
  assert.deepEqual(
    second.Functions!.map((f) => f.FunctionName),
    ['d'],
  );
  assert.equal(second.NextMarker, undefined);

  const arns: string[] = [];
  for await (const page of lambda.paginateListFunctions({ client: own, pageSize: 2 }, { FunctionVersion: 'ALL' })) {
    arns.push(...page.Functions!.map((f) => f.FunctionArn!.split(':function:')[1]!));
  }
  assert.deepEqual(arns, ['a:$LATEST', 'a:1', 'b:$LATEST', 'c:$LATEST', 'd:$LATEST']);
  await fails(
    own.send(new lambda.ListFunctionsCommand({ Marker: 'nonsense' })),
    'InvalidParameterValueException',
    400,
    'Invalid Marker',
  );
});

test('another region and another account have functions of their own', async () => {
  await create(client, 'here');
  const elsewhere = lambdaClient(server, { region: 'us-east-2' });
  assert.deepEqual((await elsewhere.send(new lambda.ListFunctionsCommand({}))).Functions, []);
  const other = lambdaClient(server, { credentials: { accessKeyId: '210987654321', secretAccessKey: 'x' } });
  await create(other, 'here');
  await other.send(new lambda.DeleteFunctionCommand({ FunctionName: 'here' }));
  assert.equal((await settled(client, 'here')).FunctionName, 'here');
});

test('a deleted function is gone with its versions, its environments and its code', async () => {
  const code = handlerCode('return "unique to the deleted"');
  await create(client, 'doomed', { Publish: true, Code: { ZipFile: code } });
  await invoke(client, 'doomed');
  await invoke(client, 'doomed', { Qualifier: '1' });
  const { Code } = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'doomed' }));
  const answer = await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'doomed' }));
  assert.equal(answer.$metadata.httpStatusCode, 204);
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: 'doomed', Qualifier: '1' })),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('doomed', '1')}`,
  );
  await fails(invoke(client, 'doomed'), 'ResourceNotFoundException', 404, /:\$LATEST$/);
  for (let attempt = 0; (await fetch(Code!.Location!)).status !== 403; attempt++) {
    assert.ok(attempt < 100, 'the package is still there');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const again = await create(client, 'doomed', { Publish: true });
  assert.equal(again.Version, '1');
});

test('code that two functions share outlives the first of them', async () => {
  const code = { ZipFile: handlerCode('return "shared"') };
  await create(client, 'sharer-one', { Code: code });
  await create(client, 'sharer-two', { Code: code });
  await Promise.all([
    client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'sharer-one' })),
    create(client, 'sharer-three', { Code: code }),
  ]);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'sharer-two' }));
  assert.equal((await invoke(client, 'sharer-three')).value, 'shared');
});
