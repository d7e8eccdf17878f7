// Layers: their versions, lists, content and policies, as clients of AWS see them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { account, fails, lambdaClient, region } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
const stranger = '999988887777';
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const zip = zipOf({ 'nodejs/node_modules/greeting/index.js': 'module.exports = "hello";' });
const sha256 = createHash('sha256').update(zip).digest('base64');
const arnOf = (name: string, version?: number) =>
  `arn:aws:lambda:${region}:${account}:layer:${name}${version === undefined ? '' : `:${version}`}`;

const publish = (LayerName: string, changes: Partial<lambda.PublishLayerVersionCommandInput> = {}) =>
  client.send(new lambda.PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zip }, ...changes }));
const get = (LayerName: string, VersionNumber: number, from = client) =>
  from.send(new lambda.GetLayerVersionCommand({ LayerName, VersionNumber }));
const remove = (LayerName: string, VersionNumber: number) =>
  client.send(new lambda.DeleteLayerVersionCommand({ LayerName, VersionNumber }));
const versions = (LayerName: string, changes: Partial<lambda.ListLayerVersionsCommandInput> = {}) =>
  client.send(new lambda.ListLayerVersionsCommand({ LayerName, ...changes }));
const bare = <T extends object>({ $metadata: _, ...rest }: T & { $metadata?: unknown }) => rest;

const invalid = 'InvalidParameterValueException';
const missing = 'ResourceNotFoundException';
const gone = 'The resource you requested does not exist.';

test('a version is published with all that it is told, and read back the same way by name and by ARN', async () => {
  const published = await publish('whole', {
    Description: 'says hello',
    LicenseInfo: 'MIT',
    CompatibleRuntimes: ['nodejs24.x', 'nodejs22.x'],
    CompatibleArchitectures: ['x86_64', 'arm64'],
  });
  assert.equal(published.$metadata.httpStatusCode, 201);
  const { Content, CreatedDate, ...rest } = bare(published);
  assert.deepEqual(rest, {
    LayerArn: arnOf('whole'),
    LayerVersionArn: arnOf('whole', 1),
    Description: 'says hello',
    Version: 1,
    CompatibleRuntimes: ['nodejs24.x', 'nodejs22.x'],
    CompatibleArchitectures: ['x86_64', 'arm64'],
    LicenseInfo: 'MIT',
  });
  assert.match(CreatedDate!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  assert.equal(Content!.CodeSha256, sha256);
  assert.equal(Content!.CodeSize, zip.length);
  const byName = await get('whole', 1);
  const byNameArn = await get(arnOf('whole'), 1);
  const byArn = await client.send(new lambda.GetLayerVersionByArnCommand({ Arn: arnOf('whole', 1) }));
  for (const found of [byName, byNameArn, byArn]) {
    const { Location, ...content } = found.Content!;
    assert.deepEqual({ ...bare(found), Content: content }, { ...rest, CreatedDate, Content: omitLocation(Content!) });
    assert.match(Location!, /^http/);
  }
});

function omitLocation({ Location: _, ...rest }: lambda.LayerVersionContentOutput) {
  return rest;
}

test('lists of compatibility are told as they were given: absent, or empty', async () => {
  const without = bare(await publish('plain'));
  assert.equal(without.Description, '');
  for (const member of ['CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo']) {
    assert.equal(member in without && (without as any)[member] !== undefined, false, member);
  }
  const empty = await publish('empty-lists', { CompatibleRuntimes: [], CompatibleArchitectures: [] });
  assert.deepEqual([empty.CompatibleRuntimes, empty.CompatibleArchitectures], [[], []]);
});

test('content downloads by its link until the version is gone, and by no other link', async () => {
  const { Content } = await publish('content', {
    Content: { ZipFile: zipOf({ 'only-here.txt': 'of this layer' }) },
  });
  const link = Content!.Location!;
  const answer = await fetch(link);
  assert.equal(answer.status, 200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(createHash('sha256').update(bytes).digest('base64'), Content!.CodeSha256);
  const head = await fetch(link, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(Content!.CodeSize)]);
  for (const changed of [link.replace(/Signature=.{4}/, 'Signature=0000'), link.replace(/Expires=\d/, 'Expires=9')]) {
    assert.notEqual(changed, link);
    assert.equal((await fetch(changed)).status, 403);
  }
  await remove('content', 1);
  for (let attempt = 0; (await fetch(link)).status !== 403; attempt++) {
    assert.ok(attempt < 300, 'the content is not cleared away');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

test('numbers go on where they were, whatever was deleted', async () => {
  for (const number of [1, 2]) assert.equal((await publish('counted')).Version, number);
  assert.equal((await remove('counted', 2)).$metadata.httpStatusCode, 204);
  assert.deepEqual(
    (await versions('counted')).LayerVersions!.map(({ Version }) => Version),
    [1],
  );
  await remove('counted', 1);
  assert.deepEqual((await versions('counted')).LayerVersions, []);
  const { Layers } = await client.send(new lambda.ListLayersCommand({}));
  assert.equal(
    Layers!.some(({ LayerName }) => LayerName === 'counted'),
    false,
    'without versions it is not listed',
  );
  assert.equal((await publish('counted')).Version, 3);
  const both = await Promise.all([publish('counted'), publish('counted')]);
  assert.deepEqual(both.map(({ Version }) => Version).sort(), [4, 5]);
});

test('what is not there cannot be read, and can be deleted', async () => {
  await publish('few');
  await fails(get('nowhere', 1), missing, 404, gone);
  await fails(get('few', 2), missing, 404, gone);
  const byArn = (Arn: string) => client.send(new lambda.GetLayerVersionByArnCommand({ Arn }));
  await fails(byArn(arnOf('few', 2)), missing, 404, gone);
  const error = await fails(get('few', 0), invalid, 400, 'Layer Version Cannot be less than 1');
  assert.equal((error as any).Type, 'User');
  await fails(get('few', -1), invalid, 400, 'Layer Version Cannot be less than 1');
  await fails(remove('few', -1), invalid, 400, 'Layer Version Cannot be less than 1');
  await fails(
    byArn(arnOf('few')),
    'ValidationException',
    400,
    /^1 validation error detected: Value 'arn:aws:lambda:eu-west-1:123456789012:layer:few' at 'arn' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
  );
  for (const [name, number] of [
    ['nowhere', 1],
    ['few', 9],
    ['few', 1],
    ['few', 1],
  ] as const) {
    assert.equal((await remove(name, number)).$metadata.httpStatusCode, 204);
  }
});

test('content is judged like code', async () => {
  const content = (Content: lambda.LayerVersionContentInput) => publish('bad', { Content });
  const unzip = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
  await fails(content({ ZipFile: Buffer.from('no zip') }), invalid, 400, unzip);
  await fails(content({ ZipFile: Buffer.alloc(0) }), invalid, 400, 'Uploaded file must be a non-empty zip');
  await fails(content({}), invalid, 400, /^Please provide a source/);
  const large = zipOf({ big: Buffer.alloc(262_144_001) });
  await fails(content({ ZipFile: large }), invalid, 400, 'Unzipped size must be smaller than 262144000 bytes');
  assert.deepEqual((await versions('bad')).LayerVersions, []);
  assert.equal((await publish('bad')).Version, 1, 'a failure uses no number up');
});

test('unknown runtimes and architectures are named together', async () => {
  await fails(
    publish('odd', {
      CompatibleRuntimes: ['invalidruntime', 'nodejs20.x'] as any,
      CompatibleArchitectures: ['invalidarch', 'x86_64'] as any,
    }),
    'ValidationException',
    400,
    /^2 validation errors detected: Value '\[invalidruntime, nodejs20\.x\]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs20\.x, [^\]]+\]; Value '\[invalidarch, x86_64\]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[x86_64, arm64\]\]$/,
  );
  const fifteen = Array.from({ length: 15 }, () => 'nodejs24.x' as const);
  assert.equal((await publish('odd', { CompatibleRuntimes: fifteen })).CompatibleRuntimes!.length, 15);
  await fails(
    publish('odd', { CompatibleRuntimes: [...fifteen, 'nodejs24.x'] }),
    'ValidationException',
    400,
    /at 'compatibleRuntimes' failed to satisfy constraint: Member must have length less than or equal to 15$/,
  );
  await fails(publish('a'.repeat(141)), 'ValidationException', 400, /at 'layerName' failed/);
  assert.equal((await publish('a'.repeat(140))).Version, 1);
});

test('lists are filtered and paged', async () => {
  const runtimes = [['python3.12'], ['python3.13', 'nodejs24.x'], undefined] as const;
  for (const layer of ['page-a', 'page-b', 'page-c']) {
    for (const CompatibleRuntimes of runtimes) {
      const compatible = CompatibleRuntimes === undefined ? {} : { CompatibleRuntimes: [...CompatibleRuntimes] };
      await publish(layer, { ...compatible, CompatibleArchitectures: [layer === 'page-b' ? 'arm64' : 'x86_64'] });
    }
  }
  const names = async (input: lambda.ListLayersCommandInput) => {
    const found: string[] = [];
    for await (const { Layers } of lambda.paginateListLayers({ client, pageSize: 1 }, input)) {
      assert.ok(Layers!.length <= 1);
      for (const { LayerName, LayerArn, LatestMatchingVersion } of Layers!) {
        assert.equal(LayerArn, arnOf(LayerName!));
        if (LayerName!.startsWith('page-')) found.push(`${LayerName}:${LatestMatchingVersion!.Version}`);
      }
    }
    return found;
  };
  assert.deepEqual(await names({}), ['page-a:3', 'page-b:3', 'page-c:3']);
  assert.deepEqual(await names({ CompatibleRuntime: 'python3.12' }), ['page-a:1', 'page-b:1', 'page-c:1']);
  const both = { CompatibleRuntime: 'nodejs24.x', CompatibleArchitecture: 'arm64' } as const;
  assert.deepEqual(await names(both), ['page-b:2']);
  assert.deepEqual(await names({ CompatibleRuntime: 'ruby3.4' }), []);

  const numbers: number[] = [];
  for await (const { LayerVersions } of lambda.paginateListLayerVersions(
    { client, pageSize: 2 },
    { LayerName: 'page-a' },
  )) {
    numbers.push(...LayerVersions!.map(({ Version }) => Version!));
  }
  assert.deepEqual(numbers, [3, 2, 1]);
  const matching = await versions(arnOf('page-a'), { CompatibleRuntime: 'python3.13' });
  assert.deepEqual(
    matching.LayerVersions!.map(({ LayerVersionArn }) => LayerVersionArn),
    [arnOf('page-a', 2)],
  );
  assert.equal(matching.NextMarker, undefined);
  assert.equal('Content' in matching.LayerVersions![0]!, false);
  assert.deepEqual((await versions('never-made')).LayerVersions, []);
});

test('what lists are asked for is judged', async () => {
  await fails(
    client.send(new lambda.ListLayersCommand({ CompatibleRuntime: 'runtimedoesnotexist' as any })),
    'ValidationException',
    400,
    /^1 validation error detected: Value 'runtimedoesnotexist' at 'compatibleRuntime' failed to satisfy constraint: Member must satisfy enum value set: \[ruby2\.6, dotnetcore1\.0, .*nodejs24\.x/,
  );
  await fails(
    versions('few', { CompatibleArchitecture: 'archdoesnotexist' as any }),
    'ValidationException',
    400,
    "1 validation error detected: Value 'archdoesnotexist' at 'compatibleArchitecture' failed to satisfy constraint: Member must satisfy enum value set: [x86_64, arm64]",
  );
  for (const MaxItems of [0, 51]) {
    await fails(client.send(new lambda.ListLayersCommand({ MaxItems })), 'ValidationException', 400, /at 'maxItems'/);
  }
  await client.send(new lambda.ListLayersCommand({ MaxItems: 50 }));
  await fails(client.send(new lambda.ListLayersCommand({ Marker: 'x' })), invalid, 400, 'Invalid Marker');
});

const permit = (name: string, changes: Partial<lambda.AddLayerVersionPermissionCommandInput> = {}) =>
  client.send(
    new lambda.AddLayerVersionPermissionCommand({
      LayerName: name,
      VersionNumber: 1,
      StatementId: 's1',
      Action: 'lambda:GetLayerVersion',
      Principal: '*',
      ...changes,
    }),
  );
const forbid = (name: string, StatementId: string, changes: object = {}) =>
  client.send(
    new lambda.RemoveLayerVersionPermissionCommand({ LayerName: name, VersionNumber: 1, StatementId, ...changes }),
  );
const policyOf = (LayerName: string, VersionNumber = 1) =>
  client.send(new lambda.GetLayerVersionPolicyCommand({ LayerName, VersionNumber }));

test('a policy grows and shrinks by statements, under a new revision each time', async () => {
  await publish('shared');
  const none = 'No policy is associated with the given resource.';
  await fails(policyOf('shared'), missing, 404, none);
  const first = await permit('shared');
  assert.equal(first.$metadata.httpStatusCode, 201);
  const everyone = {
    Sid: 's1',
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:GetLayerVersion',
    Resource: arnOf('shared', 1),
  };
  assert.equal(first.Statement, JSON.stringify(everyone));
  const told = await policyOf('shared');
  assert.equal(told.Policy, JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [everyone] }));
  assert.equal(told.RevisionId, first.RevisionId);
  const second = await permit('shared', { StatementId: 's2', Principal: stranger, RevisionId: first.RevisionId });
  assert.deepEqual(JSON.parse(second.Statement!).Principal, { AWS: `arn:aws:iam::${stranger}:root` });
  const third = await permit('shared', { StatementId: 's3', OrganizationId: 'o-abcdefghij' });
  assert.deepEqual(JSON.parse(third.Statement!).Condition, { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } });
  assert.equal((await forbid('shared', 's2')).$metadata.httpStatusCode, 204);
  const left = await policyOf('shared');
  assert.deepEqual(
    JSON.parse(left.Policy!).Statement.map(({ Sid }: { Sid: string }) => Sid),
    ['s1', 's3'],
  );
  assert.equal(new Set([first, second, third, left].map(({ RevisionId }) => RevisionId)).size, 4);
  for (const sid of ['s1', 's3']) await forbid('shared', sid);
  await fails(policyOf('shared'), missing, 404, none);
});

test('what cannot be permitted is refused as AWS does', async () => {
  await publish('guarded');
  await permit('guarded');
  await fails(
    permit('guarded', { StatementId: 's2', Action: '*' }),
    'ValidationException',
    400,
    "1 validation error detected: Value '*' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: lambda:GetLayerVersion",
  );
  await fails(
    permit('guarded'),
    'ResourceConflictException',
    409,
    'The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement.',
  );
  const revised =
    'The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id';
  const failed = 'PreconditionFailedException';
  await fails(permit('guarded', { StatementId: 's2', RevisionId: 'wrong' }), failed, 412, revised);
  await fails(forbid('guarded', 's1', { RevisionId: 'wrong' }), failed, 412, revised);
  const absent = (name: string, number: number) => `Layer version ${arnOf(name, number)} does not exist.`;
  for (const [name, VersionNumber] of [
    ['guarded-not', 1],
    ['guarded', 2],
  ] as const) {
    await fails(permit(name, { VersionNumber }), missing, 404, absent(name, VersionNumber));
    await fails(policyOf(name, VersionNumber), missing, 404, absent(name, VersionNumber));
    await fails(forbid(name, 's1', { VersionNumber }), missing, 404, absent(name, VersionNumber));
  }
  const unknown = 'Statement doesnotexist is not found in resource policy.';
  await fails(forbid('guarded', 'doesnotexist'), missing, 404, unknown);
  await fails(permit('guarded', { Principal: 'nobody' }), 'ValidationException', 400, /at 'principal'/);
  await remove('guarded', 1);
  await fails(policyOf('guarded'), missing, 404, absent('guarded', 1));
});

test('another account sees what it was let see, and changes nothing', async () => {
  const other = lambdaClient(server, { credentials: { accessKeyId: stranger, secretAccessKey: 'any' } });
  await publish('lent');
  const denied = (action: string, resource: string) =>
    `User: arn:aws:iam::${stranger}:root is not authorized to perform: lambda:${action} on resource: ${resource} because no resource-based policy allows the lambda:${action} action`;
  const refused = (call: Promise<unknown>, action: string, resource: string) =>
    fails(call, 'AccessDeniedException', 403, denied(action, resource));
  await refused(get(arnOf('lent'), 1, other), 'GetLayerVersion', arnOf('lent', 1));
  await permit('lent', { StatementId: 'org', OrganizationId: 'o-abcdefghij' });
  await refused(get(arnOf('lent'), 1, other), 'GetLayerVersion', arnOf('lent', 1));
  for (const Principal of [stranger, `arn:aws:iam::${stranger}:root`, '*']) {
    await permit('lent', { Principal });
    assert.equal((await get(arnOf('lent'), 1, other)).LayerVersionArn, arnOf('lent', 1));
    await forbid('lent', 's1');
  }
  await permit('lent', { Principal: '111122223333' });
  await refused(get(arnOf('lent'), 1, other), 'GetLayerVersion', arnOf('lent', 1));
  await refused(get(arnOf('lent'), 7, other), 'GetLayerVersion', arnOf('lent', 7));
  const theirs = { LayerName: arnOf('lent') };
  await refused(
    other.send(new lambda.PublishLayerVersionCommand({ ...theirs, Content: { ZipFile: zip } })),
    'PublishLayerVersion',
    arnOf('lent'),
  );
  await refused(
    other.send(new lambda.DeleteLayerVersionCommand({ ...theirs, VersionNumber: 1 })),
    'DeleteLayerVersion',
    arnOf('lent', 1),
  );
  await refused(other.send(new lambda.ListLayerVersionsCommand(theirs)), 'ListLayerVersions', arnOf('lent'));
  await fails(get('lent', 1, other), missing, 404, gone);
  const elsewhere = lambdaClient(server, { region: 'us-east-1' });
  await fails(get('lent', 1, elsewhere), missing, 404, gone);
});

test('layer versions count as stored code', async () => {
  const used = async () => (await client.send(new lambda.GetAccountSettingsCommand({}))).AccountUsage!.TotalCodeSize!;
  const start = await used();
  await publish('weighed');
  assert.equal(await used(), start + zip.length);
  await publish('weighed');
  await permit('weighed');
  assert.equal(await used(), start + 2 * zip.length);
  await remove('weighed', 1);
  await remove('weighed', 1);
  assert.equal(await used(), start + zip.length);
});
