// Permissions as the SDK's client sees them: statements, policies of each qualifier, revisions, limits and errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const notFound = 'ResourceNotFoundException';
const bucket = 'arn:aws:s3:::test-bucket';
const stale =
  'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id';

const add = (FunctionName: string, input: Partial<lambda.AddPermissionCommandInput> = {}) =>
  client.send(
    new lambda.AddPermissionCommand({
      FunctionName,
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      ...input,
    }),
  );
const remove = (FunctionName: string, input: Partial<lambda.RemovePermissionCommandInput> = {}) =>
  client.send(new lambda.RemovePermissionCommand({ FunctionName, StatementId: 's3', ...input }));
const policyOf = (FunctionName: string, Qualifier?: string) =>
  client.send(new lambda.GetPolicyCommand({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }));
const revisionOf = async (name: string, qualifier?: string) => (await settled(client, name, qualifier)).RevisionId;
const s3Statement = (resource: string, condition: string) =>
  `{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${resource}"${condition}}`;

/** A function with version 1 and the alias `live`. */
async function withAlias(FunctionName: string): Promise<void> {
  await create(client, FunctionName, { Publish: true });
  await settled(client, FunctionName);
  await settled(client, FunctionName, '1');
  await client.send(new lambda.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
}

test('a statement is answered and told in the policy as AWS writes it, to the letter', async () => {
  await create(client, 'letters');
  await settled(client, 'letters');
  const added = await add('letters', { SourceArn: bucket, SourceAccount: account });
  assert.equal(added.$metadata.httpStatusCode, 201);
  const condition = `,"Condition":{"StringEquals":{"AWS:SourceAccount":"${account}"},"ArnLike":{"AWS:SourceArn":"${bucket}"}}`;
  assert.equal(added.Statement, s3Statement(arnOf('letters'), condition));
  const { Policy, RevisionId } = await policyOf('letters');
  assert.equal(Policy, `{"Version":"2012-10-17","Id":"default","Statement":[${added.Statement}]}`);
  assert.equal(RevisionId, await revisionOf('letters'), "a function's policy is revised with it");
  assert.equal((await remove('letters')).$metadata.httpStatusCode, 204);
  assert.notEqual(await revisionOf('letters'), RevisionId);
  await fails(policyOf('letters'), notFound, 404, 'The resource you requested does not exist.');
});

test('principals and conditions of every kind make the statements that AWS makes of them', async () => {
  await create(client, 'kinds');
  await settled(client, 'kinds');
  const made = async (StatementId: string, input: Partial<lambda.AddPermissionCommandInput>) => {
    const {
      Sid: _,
      Effect,
      Resource,
      ...rest
    } = JSON.parse((await add('kinds', { StatementId, ...input })).Statement!);
    assert.deepEqual([Effect, Resource], ['Allow', arnOf('kinds')]);
    return rest;
  };
  const Action = 'lambda:InvokeFunction';
  assert.deepEqual(await made('account', { Principal: account }), {
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action,
  });
  const user = `arn:aws:iam::${account}:user/tester`;
  assert.deepEqual(await made('user', { Principal: user }), { Principal: { AWS: user }, Action });
  assert.deepEqual(await made('alexa', { Principal: '*', EventSourceToken: 'amzn1.ask.skill.x' }), {
    Principal: '*',
    Action,
    Condition: { StringEquals: { 'lambda:EventSourceToken': 'amzn1.ask.skill.x' } },
  });
  const url = { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' as const };
  assert.deepEqual(await made('url', { ...url, PrincipalOrgID: 'o-1234567890', SourceArn: bucket }), {
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Condition: {
      StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE', 'aws:PrincipalOrgID': 'o-1234567890' },
      ArnLike: { 'AWS:SourceArn': bucket },
    },
  });
  assert.deepEqual(await made('through', { Principal: '*', InvokedViaFunctionUrl: true }), {
    Principal: '*',
    Action,
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  });
  const { Statement } = JSON.parse((await policyOf('kinds')).Policy!);
  assert.deepEqual(
    Statement.map(({ Sid }: { Sid: string }) => Sid),
    ['account', 'user', 'alexa', 'url', 'through'],
  );
});

test('functions, versions and aliases have policies and revisions of their own', async () => {
  await withAlias('each');
  const before = { latest: await revisionOf('each'), version: await revisionOf('each', '1') };
  await add('each');
  const base = await policyOf('each');
  await fails(policyOf('each', '1'), notFound, 404, 'The resource you requested does not exist.');
  await add('each:1', { Qualifier: '1' });
  await fails(add('each', { Qualifier: 'live', RevisionId: 'wrong' }), 'PreconditionFailedException', 412, stale);
  const alias = await client.send(new lambda.GetAliasCommand({ FunctionName: 'each', Name: 'live' }));
  await add(arnOf('each', 'live'), { RevisionId: alias.RevisionId! });
  const [ofVersion, ofAlias] = [await policyOf('each', '1'), await policyOf('each', 'live')];
  assert.equal(JSON.parse(ofVersion.Policy!).Statement[0].Resource, arnOf('each', '1'));
  assert.equal(JSON.parse(ofAlias.Policy!).Statement[0].Resource, arnOf('each', 'live'));
  assert.equal(ofVersion.RevisionId, await revisionOf('each', '1'));
  assert.notEqual(ofVersion.RevisionId, before.version);
  assert.notEqual(ofAlias.RevisionId, alias.RevisionId);
  assert.deepEqual([(await policyOf('each')).RevisionId, base.RevisionId !== before.latest], [base.RevisionId, true]);
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'each', Name: 'live' }));
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'each', Qualifier: '1' }));
  await client.send(new lambda.CreateAliasCommand({ FunctionName: 'each', Name: 'live', FunctionVersion: '$LATEST' }));
  for (const gone of ['live', '1']) {
    await fails(policyOf('each', gone), notFound, 404, 'The resource you requested does not exist.');
  }
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'each' }));
  await create(client, 'each');
  await fails(policyOf('each'), notFound, 404, 'The resource you requested does not exist.');
});

test('a permission is changed only under the latest revision, where one is named', async () => {
  await create(client, 'revised');
  const { RevisionId } = await settled(client, 'revised');
  await fails(add('revised', { RevisionId: 'wrong' }), 'PreconditionFailedException', 412, stale);
  await add('revised', { RevisionId: RevisionId! });
  await fails(remove('revised', { RevisionId: RevisionId! }), 'PreconditionFailedException', 412, stale);
  await remove('revised', { RevisionId: (await policyOf('revised')).RevisionId! });
});

test('what is missing, taken or no qualifier is refused as AWS words it', async () => {
  await withAlias('errors');
  await fails(
    add('errors', { StatementId: 'example.com' }),
    'ValidationException',
    400,
    "1 validation error detected: Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
  );
  await fails(
    add('errors:alias-not-42', { Qualifier: '42' }),
    invalid,
    400,
    'The derived qualifier from the function name does not match the specified qualifier.',
  );
  await fails(
    add('errors:$LATEST', { Qualifier: '$LATEST' }),
    invalid,
    400,
    'We currently do not support adding policies for $LATEST.',
  );
  await fails(
    add('errors', { Principal: 'invalid.nonaws.com' }),
    invalid,
    400,
    'The provided principal was invalid. Please check the principal and try again.',
  );
  await fails(
    add('errors', { FunctionUrlAuthType: 'NONE' }),
    invalid,
    400,
    'FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action',
  );
  await fails(
    add('errors', { InvokedViaFunctionUrl: true, Action: 'lambda:InvokeFunctionUrl' }),
    invalid,
    400,
    'InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action',
  );
  const cannotFind = `Cannot find alias arn: ${arnOf('errors', 'none')}`;
  const functionNotFound = (name: string, qualifier?: string) => `Function not found: ${arnOf(name, qualifier)}`;
  await fails(policyOf('nobody'), notFound, 404, functionNotFound('nobody'));
  await fails(policyOf('errors', '77'), notFound, 404, 'The resource you requested does not exist.');
  await fails(add('nobody'), notFound, 404, functionNotFound('nobody'));
  await fails(add('errors:none'), notFound, 404, cannotFind);
  await fails(add('errors', { Qualifier: '42' }), notFound, 404, functionNotFound('errors', '42'));
  await fails(add('errors', { Qualifier: 'with-$' }), notFound, 404, functionNotFound('errors', 'with-$'));
  await fails(remove('errors'), notFound, 404, 'No policy is associated with the given resource.');
  await fails(remove('nobody'), notFound, 404, `No policy found for: ${arnOf('nobody')}`);
  await add('errors');
  const taken = await fails(
    add('errors'),
    'ResourceConflictException',
    409,
    'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.',
  );
  assert.equal((taken as lambda.ResourceConflictException).Type, 'User');
  await fails(
    remove('errors', { StatementId: 'non-existent' }),
    notFound,
    404,
    'Statement non-existent is not found in resource policy.',
  );
  await fails(remove('errors', { Qualifier: 'none' }), notFound, 404, cannotFind);
});

test('a policy that would grow beyond its limit stays as it was', async () => {
  await create(client, 'long');
  await settled(client, 'long');
  const text = s3Statement(arnOf('long'), `,"Condition":{"ArnLike":{"AWS:SourceArn":"${bucket}"}}`);
  const shell = '{"Version":"2012-10-17","Id":"default","Statement":[]}';
  // Two statements of 9,000 and one that fills the rest, each with a comma between.
  const filler = (size: number) => `${bucket}${'x'.repeat(size - text.length)}`;
  const rest = 20_480 - shell.length - 18_000 - 2;
  await add('long', { StatementId: 's1', SourceArn: filler(9_000) });
  await add('long', { StatementId: 's2', SourceArn: filler(9_000) });
  await fails(
    add('long', { StatementId: 's3', SourceArn: filler(rest + 1) }),
    'PolicyLengthExceededException',
    400,
    'The final policy size (20481) is bigger than the limit (20480).',
  );
  await add('long', { StatementId: 's3', SourceArn: filler(rest) });
  assert.equal((await policyOf('long')).Policy!.length, 20_480);
});

test('a whole policy is put, read and deleted by ARN, and AddPermission adds to it', async () => {
  await withAlias('put');
  const ResourceArn = arnOf('put', 'live');
  const statement = { Sid: 'a', Effect: 'Deny', Principal: '*', Action: 'lambda:*', Resource: ResourceArn };
  const put = (input: Partial<lambda.PutResourcePolicyCommandInput> = {}) => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    return client.send(new lambda.PutResourcePolicyCommand({ ResourceArn, Policy, ...input }));
  };
  const read = () => client.send(new lambda.GetResourcePolicyCommand({ ResourceArn }));
  const drop = (input: Partial<lambda.DeleteResourcePolicyCommandInput> = {}) =>
    client.send(new lambda.DeleteResourcePolicyCommand({ ResourceArn, ...input }));
  await fails(read(), notFound, 404, 'The resource you requested does not exist.');
  await fails(drop(), notFound, 404, 'No policy is associated with the given resource.');
  const first = await put();
  assert.deepEqual(JSON.parse(first.Policy!).Statement, [statement]);
  const found = await read();
  assert.deepEqual([found.Policy, found.RevisionId], [first.Policy, first.RevisionId]);
  await add('put', { Qualifier: 'live' });
  assert.equal(JSON.parse((await read()).Policy!).Statement.length, 2);
  const RevisionId = first.RevisionId!;
  await fails(put({ RevisionId }), 'PreconditionFailedException', 412, stale);
  await fails(drop({ RevisionId }), 'PreconditionFailedException', 412, stale);
  await fails(put({ Policy: '{}' }), invalid, 400, /^The provided policy document is invalid: /);
  await fails(
    put({ ResourceArn: arnOf('put', 'none'), Policy: first.Policy!.replaceAll(':live', ':none') }),
    notFound,
    404,
    `Cannot find alias arn: ${arnOf('put', 'none')}`,
  );
  await fails(
    put({ ResourceArn: `arn:aws:lambda:eu-west-1:${account}:runtime/abc` }),
    invalid,
    400,
    'The policy of a runtime is not supported by this release of Lambent.',
  );
  assert.equal((await drop()).$metadata.httpStatusCode, 204);
  await fails(policyOf('put', 'live'), notFound, 404, 'The resource you requested does not exist.');
});

test('a policy opens a function to another account, for what it names and while it names it', async () => {
  const other = '000000000002';
  const foreign = lambdaClient(server, { credentials: { accessKeyId: other, secretAccessKey: 'any' } });
  await create(client, 'shared');
  await settled(client, 'shared');
  const FunctionName = arnOf('shared');
  const read = () => foreign.send(new lambda.GetFunctionCommand({ FunctionName }));
  const refusal = (action: string) =>
    `User: arn:aws:iam::${other}:root is not authorized to perform: lambda:${action} on resource: ${FunctionName} because no resource-based policy allows the lambda:${action} action`;
  await fails(read(), 'AccessDeniedException', 403, refusal('GetFunction'));
  await add('shared', { StatementId: 'invoke', Principal: other });
  await fails(read(), 'AccessDeniedException', 403, refusal('GetFunction'));
  assert.equal((await invoke(foreign, FunctionName)).value.arn, FunctionName);
  await remove('shared', { StatementId: 'invoke' });
  await fails(invoke(foreign, FunctionName), 'AccessDeniedException', 403, refusal('InvokeFunction'));
  await add('shared', { StatementId: 'all', Principal: other, Action: 'lambda:*' });
  assert.equal((await read()).Configuration?.FunctionArn, FunctionName);
  // A qualifier has a policy of its own.
  await fails(
    foreign.send(new lambda.GetFunctionCommand({ FunctionName, Qualifier: '1' })),
    'AccessDeniedException',
    403,
    /^User: /,
  );
  await foreign.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
  await foreign.send(new lambda.DeleteFunctionConcurrencyCommand({ FunctionName }));
  const Name = 'theirs';
  await foreign.send(new lambda.CreateAliasCommand({ FunctionName, Name, FunctionVersion: '$LATEST' }));
  await foreign.send(new lambda.UpdateAliasCommand({ FunctionName, Name, Description: 'told' }));
  assert.equal((await foreign.send(new lambda.GetAliasCommand({ FunctionName, Name }))).Description, 'told');
  assert.equal((await foreign.send(new lambda.ListAliasesCommand({ FunctionName }))).Aliases?.length, 1);
  await foreign.send(new lambda.DeleteAliasCommand({ FunctionName, Name }));
  await foreign.send(new lambda.TagResourceCommand({ Resource: FunctionName, Tags: { a: 'b' } }));
  assert.deepEqual((await foreign.send(new lambda.ListTagsCommand({ Resource: FunctionName }))).Tags, { a: 'b' });
  await settled(client, 'shared');
  assert.equal((await foreign.send(new lambda.PublishVersionCommand({ FunctionName }))).Version, '1');
  // Not everything can be shared.
  await fails(
    foreign.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4 })),
    'AccessDeniedException',
    403,
    refusal('UpdateFunctionConfiguration'),
  );
  await foreign.send(new lambda.DeleteFunctionCommand({ FunctionName }));
  await fails(policyOf('shared'), notFound, 404, /./);
});
