// Aliases as the SDK's client sees them: their members, their rules, what they resolve to, and what deletion leaves.
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

const invalid = 'InvalidParameterValueException';
const notFound = 'ResourceNotFoundException';

/** A function with versions 1 and 2. */
async function withTwoVersions(FunctionName: string): Promise<void> {
  await create(client, FunctionName, { Code: { ZipFile: handlerCode('return context.functionVersion') } });
  await settled(client, FunctionName);
  await client.send(new lambda.PublishVersionCommand({ FunctionName }));
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Description: 'second' }));
  await settled(client, FunctionName);
  await client.send(new lambda.PublishVersionCommand({ FunctionName }));
}
const alias = (FunctionName: string, Name: string, input: Partial<lambda.CreateAliasCommandInput> = {}) =>
  client.send(new lambda.CreateAliasCommand({ FunctionName, Name, FunctionVersion: '1', ...input }));
const update = (FunctionName: string, Name: string, input: Partial<lambda.UpdateAliasCommandInput> = {}) =>
  client.send(new lambda.UpdateAliasCommand({ FunctionName, Name, ...input }));
const get = (FunctionName: string, Name: string) => client.send(new lambda.GetAliasCommand({ FunctionName, Name }));
const routes = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });
const shown = ({ $metadata: _, ...rest }: lambda.GetAliasCommandOutput) => rest;

test('an alias is created, read, listed, changed and deleted with every member', async () => {
  await withTwoVersions('whole');
  const created = await alias('whole', 'live', { Description: 'custom', ...routes({ 2: 0.2 }) });
  assert.equal(created.$metadata.httpStatusCode, 201);
  assert.match(created.RevisionId!, /^[0-9a-f-]{36}$/);
  assert.deepEqual(shown(created), {
    AliasArn: arnOf('whole', 'live'),
    Name: 'live',
    FunctionVersion: '1',
    Description: 'custom',
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.2 } },
    RevisionId: created.RevisionId,
  });
  assert.deepEqual(shown(await get('whole', 'live')), shown(created));
  const plain = await alias('whole', 'plain', routes({}));
  assert.deepEqual(shown(plain), {
    AliasArn: arnOf('whole', 'plain'),
    Name: 'plain',
    FunctionVersion: '1',
    Description: '',
    RevisionId: plain.RevisionId,
  });
  const untouched = await update('whole', 'live');
  assert.notEqual(untouched.RevisionId, created.RevisionId, 'an update that changes nothing is a revision');
  assert.deepEqual({ ...shown(untouched), RevisionId: created.RevisionId }, shown(created));
  const unrouted = await update('whole', 'live', routes({}));
  assert.equal(unrouted.RoutingConfig, undefined);
  const moved = await update('whole', 'live', { FunctionVersion: '2', Description: 'moved', ...routes({ 1: 1 }) });
  assert.deepEqual(
    [moved.FunctionVersion, moved.Description, moved.RoutingConfig],
    ['2', 'moved', { AdditionalVersionWeights: { 1: 1 } }],
  );
  const gone = await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'whole', Name: 'live' }));
  assert.equal(gone.$metadata.httpStatusCode, 204);
  await fails(get('whole', 'live'), notFound, 404, `Cannot find alias arn: ${arnOf('whole', 'live')}`);
  const again = await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'whole', Name: 'live' }));
  assert.equal(again.$metadata.httpStatusCode, 204, 'deleting an alias that is not there is no error');
});

test('what an alias may not point to is refused as AWS words it', async () => {
  await withTwoVersions('rules');
  await fails(
    alias('rules', 'a', routes({ 1: 0.8, 2: 0.2 })),
    invalid,
    400,
    'Number of items in AdditionalVersionWeights cannot be greater than 1',
  );
  await fails(
    alias('rules', 'a', routes({ 1: 0.5 })),
    invalid,
    400,
    'Invalid function version 1. Function version 1 is already included in routing configuration.',
  );
  const latest = await fails(
    alias('rules', 'a', { FunctionVersion: '$LATEST', ...routes({ 1: 0.5 }) }),
    invalid,
    400,
    '$LATEST is not supported for an alias pointing to more than 1 version',
  );
  assert.equal((latest as lambda.InvalidParameterValueException).Type, undefined);
  const missing = `Function not found: ${arnOf('rules', '10')}`;
  await fails(alias('rules', 'a', { FunctionVersion: '10', ...routes({ 2: 0.5 }) }), notFound, 404, missing);
  await fails(alias('rules', 'a', routes({ 10: 0.5 })), notFound, 404, missing);
  for (const odd of ['0', '01', '9'.repeat(1024)]) {
    await fails(
      alias('rules', 'a', { FunctionVersion: odd }),
      notFound,
      404,
      `Function not found: ${arnOf('rules', odd)}`,
    );
    await fails(
      alias('rules', 'a', routes({ [odd]: 0.5 })),
      notFound,
      404,
      `Function not found: ${arnOf('rules', odd)}`,
    );
  }
  await fails(alias('nobody', 'a', routes({ 2: 0.5 })), notFound, 404, `Function not found: ${arnOf('nobody', '1')}`);
  await fails(
    alias('rules', 'a', routes({ 2: 2 })),
    'ValidationException',
    400,
    "1 validation error detected: Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
  );
  await fails(
    alias('rules', 'a', routes({ $LATEST: 0.5 })),
    'ValidationException',
    400,
    "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]",
  );
  await fails(
    alias('rules', '2024'),
    'ValidationException',
    400,
    "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
  );
  await fails(
    alias('rules', 'a', { FunctionVersion: '$LATEST.PUBLISHED' }),
    invalid,
    400,
    'FunctionVersion $LATEST.PUBLISHED is not supported by this release of Lambent.',
  );
  await fails(alias('rules:1', 'a'), invalid, 400, /permitted on Lambda functions only/);
  await alias('rules', 'both', routes({ 2: 0 }));
  await fails(
    update('rules', 'both', { FunctionVersion: '2' }),
    invalid,
    400,
    'Invalid function version 2. Function version 2 is already included in routing configuration.',
  );
  const taken = await fails(
    alias('rules', 'both'),
    'ResourceConflictException',
    409,
    `Alias already exists: ${arnOf('rules', 'both')}`,
  );
  assert.equal((taken as lambda.ResourceConflictException).Type, 'User');
  await alias('rules', 'a'.repeat(128));
  await fails(alias('rules', 'a'.repeat(129)), 'ValidationException', 400, /less than or equal to 128/);
});

test('an update needs the latest revision when it names one', async () => {
  await withTwoVersions('revised');
  const latest = await settled(client, 'revised');
  const { RevisionId } = await alias('revised', 'live');
  assert.equal((await settled(client, 'revised')).RevisionId, latest.RevisionId, 'the function is not revised');
  await fails(
    update('revised', 'live', { RevisionId: 'wrong' }),
    'PreconditionFailedException',
    412,
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
  const next = await update('revised', 'live', { RevisionId: RevisionId!, Description: 'something changed' });
  assert.notEqual(next.RevisionId, RevisionId);
  await fails(update('revised', 'none'), notFound, 404, `Alias not found: ${arnOf('revised', 'none')}`);
  await fails(update('nobody', 'none'), notFound, 404, `Alias not found: ${arnOf('nobody', 'none')}`);
  await fails(
    client.send(new lambda.DeleteAliasCommand({ FunctionName: 'nobody', Name: 'none' })),
    notFound,
    404,
    `Function not found: ${arnOf('nobody')}`,
  );
});

test('of two updates of one revision exactly one is made', async () => {
  await withTwoVersions('raced');
  for (let round = 0; round < 5; round++) {
    const { RevisionId } = round === 0 ? await alias('raced', 'live') : await get('raced', 'live');
    const both = await Promise.allSettled(
      ['1', '2'].map((FunctionVersion) =>
        update('raced', 'live', { FunctionVersion, Description: FunctionVersion, RevisionId: RevisionId! }),
      ),
    );
    const lost = both.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.name);
    assert.deepEqual(lost, ['PreconditionFailedException']);
    const { FunctionVersion, Description } = await get('raced', 'live');
    assert.equal(FunctionVersion, Description, 'never a mixture of both');
  }
});

test('aliases are listed in pages, and by the version they point to', async () => {
  await withTwoVersions('listed');
  for (const name of ['c', 'a', 'b']) await alias('listed', name);
  await alias('listed', 'd', { FunctionVersion: '2' });
  await alias('listed', 'e', { FunctionVersion: '$LATEST' });
  const list = (input: Partial<lambda.ListAliasesCommandInput>) =>
    client.send(new lambda.ListAliasesCommand({ FunctionName: 'listed', ...input }));
  const names = ({ Aliases }: lambda.ListAliasesCommandOutput) => Aliases!.map(({ Name }) => Name);
  const whole = await list({});
  assert.deepEqual([names(whole), whole.NextMarker], [['a', 'b', 'c', 'd', 'e'], undefined]);
  const first = await list({ MaxItems: 2, FunctionVersion: '1' });
  assert.deepEqual(names(first), ['a', 'b']);
  const second = await list({ MaxItems: 2, FunctionVersion: '1', Marker: first.NextMarker! });
  assert.deepEqual([names(second), second.NextMarker], [['c'], undefined]);
  const page = await list({ MaxItems: 4 });
  assert.deepEqual(names(await list({ Marker: page.NextMarker! })), ['e']);
  assert.deepEqual(names(await list({ FunctionVersion: '$LATEST' })), ['e']);
  assert.deepEqual(names(await list({ FunctionVersion: '9' })), []);
  await fails(list({ FunctionName: 'nobody' }), notFound, 404, `Function not found: ${arnOf('nobody')}`);
  for (let n = 0; n < 46; n++) await alias('listed', `more-${n}`);
  const full = await list({ MaxItems: 10_000 });
  assert.deepEqual([full.Aliases!.length, (await list({ Marker: full.NextMarker! })).Aliases!.length], [50, 1]);
});

test('an alias stands for its version, by weight for its second one', async () => {
  await withTwoVersions('used');
  await alias('used', 'live');
  const found = await client.send(new lambda.GetFunctionCommand({ FunctionName: arnOf('used', 'live') }));
  assert.deepEqual([found.Configuration!.FunctionArn, found.Configuration!.Version], [arnOf('used', 'live'), '1']);
  const first = await settled(client, 'used', '1');
  assert.equal((await settled(client, 'used', 'live')).RevisionId, first.RevisionId);
  assert.deepEqual((await invoke(client, 'used:live')).value, '1');
  await update('used', 'live', routes({ 2: 1 }));
  const routed = await invoke(client, 'used', { Qualifier: 'live' });
  assert.deepEqual([routed.value, routed.ExecutedVersion], ['2', '2']);
  assert.equal((await settled(client, 'used', 'live')).Version, '1');
  await fails(settled(client, 'used', 'none'), notFound, 404, `Function not found: ${arnOf('used', 'none')}`);
});

test('a version that an alias uses cannot be deleted, and deleting the function deletes its aliases', async () => {
  await withTwoVersions('kept');
  await alias('kept', 'live', routes({ 2: 0.1 }));
  await alias('kept', 'also', { FunctionVersion: '2' });
  const remove = (Qualifier?: string) =>
    client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'kept', ...(Qualifier && { Qualifier }) }));
  const text = 'Unable to delete version because the following aliases reference it: ';
  await fails(remove('1'), 'ResourceConflictException', 409, `${text}[live]`);
  await fails(remove('2'), 'ResourceConflictException', 409, `${text}[also, live]`);
  await update('kept', 'live', { FunctionVersion: '2', ...routes({}) });
  await remove('1');
  await fails(update('kept', 'live', { FunctionVersion: '1' }), notFound, 404, /:1$/);
  await remove();
  await withTwoVersions('kept');
  await fails(get('kept', 'live'), notFound, 404, `Cannot find alias arn: ${arnOf('kept', 'live')}`);
});
