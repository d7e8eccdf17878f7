// Published versions as the SDK's client sees them: when one is made, what it keeps, and how it is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf, create, fails, handlerCode, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const publish = (FunctionName: string, input: Partial<lambda.PublishVersionCommandInput> = {}) =>
  client.send(new lambda.PublishVersionCommand({ FunctionName, ...input }));
const describe = async (FunctionName: string, Description: string) => {
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Description }));
  return settled(client, FunctionName);
};

test('$LATEST, aliases and versions of another function cannot be deleted as versions', async () => {
  await create(client, 'keeper', { Publish: true });
  const remove = (Qualifier: string, FunctionName = 'keeper') =>
    client.send(new lambda.DeleteFunctionCommand({ FunctionName, Qualifier }));
  const code = 'InvalidParameterValueException';
  await fails(remove('$LATEST'), code, 400, '$LATEST version cannot be deleted without deleting the function.');
  await fails(
    remove('$LATEST', 'missing'),
    code,
    400,
    '$LATEST version cannot be deleted without deleting the function.',
  );
  await fails(remove('prod'), code, 400, 'Deletion of aliases is not currently supported.');
  await fails(remove('-1', 'missing'), code, 400, 'Deletion of aliases is not currently supported.');
  await fails(remove('1', 'missing'), 'ResourceNotFoundException', 404, `Function not found: ${arnOf('missing')}`);
  assert.equal((await settled(client, 'keeper', '1')).Version, '1');
});

test('code other than the one asked for is not published', async () => {
  const { CodeSha256 } = await create(client, 'hashed');
  await settled(client, 'hashed');
  await fails(
    publish('hashed', { CodeSha256: 'somenonexistentsha256' }),
    'InvalidParameterValueException',
    400,
    `CodeSHA256 (somenonexistentsha256) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
  );
  assert.equal((await publish('hashed', { CodeSha256: CodeSha256! })).Version, '1');
});

test('a function published at creation tells its version under an unqualified ARN, and both settle', async () => {
  const created = await create(client, 'born', { Publish: true });
  assert.deepEqual([created.Version, created.FunctionArn, created.State], ['1', arnOf('born'), 'Pending']);
  const [latest, first] = [await settled(client, 'born'), await settled(client, 'born', '1')];
  assert.deepEqual([latest.Version, latest.FunctionArn], ['$LATEST', arnOf('born')]);
  assert.deepEqual([first.Version, first.FunctionArn], ['1', arnOf('born', '1')]);
  assert.notEqual(first.RevisionId, latest.RevisionId);
  const again = await publish('born');
  assert.equal(again.$metadata.httpStatusCode, 201);
  assert.deepEqual([again.Version, again.RevisionId], ['1', first.RevisionId]);
  assert.equal((await settled(client, 'born')).RevisionId, latest.RevisionId, 'nothing was published');
});

test('publishing settled code makes an active version at once, and revises $LATEST', async () => {
  await create(client, 'steady', { Description: 'No version :(' });
  const before = await describe('steady', 'First version :)');
  const first = await publish('steady', { Description: 'First version description :)' });
  assert.equal(first.$metadata.httpStatusCode, 201);
  const { Version, FunctionArn, State, StateReason, LastUpdateStatus, Description } = first;
  assert.deepEqual(
    { Version, FunctionArn, State, StateReason, LastUpdateStatus, Description },
    {
      Version: '1',
      FunctionArn: arnOf('steady', '1'),
      State: 'Active',
      StateReason: undefined,
      LastUpdateStatus: 'Successful',
      Description: 'First version description :)',
    },
  );
  const latest = await settled(client, 'steady');
  assert.notEqual(latest.RevisionId, before.RevisionId);
  assert.equal(latest.Description, 'First version :)');
});

test('nothing new is published while nothing changed, whatever the description given', async () => {
  await create(client, 'same');
  await settled(client, 'same');
  const first = await publish('same', { Description: 'one' });
  const again = await publish('same', { Description: 'two' });
  assert.deepEqual([again.Version, again.Description, again.RevisionId], ['1', 'one', first.RevisionId]);
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'same', Timeout: 3 }));
  await settled(client, 'same');
  assert.equal((await publish('same')).Version, '1', 'an update that changes nothing is no change');
  await describe('same', 'a description of its own');
  const second = await publish('same');
  assert.deepEqual([second.Version, second.Description], ['2', 'a description of its own']);
});

test('code that is published with its update is a version still being created', async () => {
  await create(client, 'fresh', { Description: 'of latest' });
  await settled(client, 'fresh');
  const ZipFile = handlerCode('return "second"');
  const answer = await client.send(
    new lambda.UpdateFunctionCodeCommand({ FunctionName: 'fresh', ZipFile, Publish: true }),
  );
  assert.equal(answer.$metadata.httpStatusCode, 200);
  const { Version, FunctionArn, Description, State, StateReason, StateReasonCode, LastUpdateStatus } = answer;
  assert.deepEqual(
    { Version, FunctionArn, Description, State, StateReason, StateReasonCode, LastUpdateStatus },
    {
      Version: '1',
      FunctionArn: arnOf('fresh', '1'),
      Description: 'of latest',
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
      LastUpdateStatus: undefined,
    },
  );
  assert.equal((await settled(client, 'fresh', '1')).CodeSha256, (await settled(client, 'fresh')).CodeSha256);
  assert.equal((await invoke(client, 'fresh:1')).value, 'second');
});

test('a version keeps its code and settings whatever becomes of $LATEST', async () => {
  const says = 'return [process.env.SAY, context.functionVersion, context.invokedFunctionArn]';
  await create(client, 'frozen', { Code: { ZipFile: handlerCode(says) }, Environment: { Variables: { SAY: 'one' } } });
  await settled(client, 'frozen');
  await publish('frozen');
  const before = await settled(client, 'frozen', '1');
  await client.send(
    new lambda.UpdateFunctionConfigurationCommand({
      FunctionName: 'frozen',
      Environment: { Variables: { SAY: 'two' } },
    }),
  );
  await settled(client, 'frozen');
  await client.send(
    new lambda.UpdateFunctionCodeCommand({ FunctionName: 'frozen', ZipFile: handlerCode('return "new"') }),
  );
  await settled(client, 'frozen');
  assert.equal((await invoke(client, 'frozen')).value, 'new');
  const old = await invoke(client, 'frozen', { Qualifier: '1' });
  assert.equal(old.ExecutedVersion, '1');
  assert.deepEqual(old.value, ['one', '1', arnOf('frozen', '1')]);
  const { $metadata: _, ...unchanged } = await settled(client, 'frozen', '1');
  assert.deepEqual({ ...unchanged, $metadata: before.$metadata }, before);
});

test('versions are listed after $LATEST in the order of their numbers, page by page', async () => {
  await create(client, 'many');
  await settled(client, 'many');
  for (const text of ['a', 'b', 'c']) {
    await describe('many', text);
    await publish('many');
  }
  const list = (input: object) =>
    client.send(new lambda.ListVersionsByFunctionCommand({ FunctionName: 'many', ...input }));
  const first = await list({ MaxItems: 3 });
  assert.deepEqual(
    first.Versions!.map((v) => v.FunctionArn),
    [arnOf('many', '$LATEST'), arnOf('many', '1'), arnOf('many', '2')],
  );
  for (const version of first.Versions!) {
    assert.deepEqual(
      [version.State, version.LastUpdateStatus, version.RuntimeVersionConfig],
      [undefined, undefined, undefined],
    );
  }
  const rest = await list({ Marker: first.NextMarker });
  assert.deepEqual([rest.Versions!.map((v) => v.Version), rest.NextMarker], [['3'], undefined]);
});

test('numbers of deleted versions are not given again, and deleting twice is no error', async () => {
  await create(client, 'counted', { Publish: true });
  await settled(client, 'counted', '1');
  for (let time = 0; time < 2; time++) {
    const answer = await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'counted', Qualifier: '1' }));
    assert.equal(answer.$metadata.httpStatusCode, 204);
  }
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: 'counted:1' })),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('counted', '1')}`,
  );
  assert.equal((await publish('counted')).Version, '2');
  assert.equal((await invoke(client, 'counted:2')).ExecutedVersion, '2');
});
