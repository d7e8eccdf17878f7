// Tags of functions: added, replaced, removed, listed, and refused in AWS's words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  await create(client, 'tagged', { Tags: { key_a: 'value_a' } });
  await settled(client, 'tagged');
});
after(() => server.stop());

const tag = (Resource: string, Tags: Record<string, string>) =>
  client.send(new lambda.TagResourceCommand({ Resource, Tags }));
const untag = (Resource: string, TagKeys: string[]) =>
  client.send(new lambda.UntagResourceCommand({ Resource, TagKeys }));
const tagsOf = async (name: string) => (await client.send(new lambda.ListTagsCommand({ Resource: arnOf(name) }))).Tags;
const numbered = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${from + index}_key`, `${from + index}_value`]));
const invalid = 'InvalidParameterValueException';

test('what is no resource of Lambda, not there, or a version is refused', async () => {
  const missing = `Function not found: ${arnOf('missing')}`;
  await fails(
    tag('arn:aws:something', { a: 'b' }),
    'ValidationException',
    400,
    /^1 validation error detected: Value 'arn:aws:something' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:/,
  );
  await fails(
    tag('tagged', { a: 'b' }),
    'ValidationException',
    400,
    /^1 validation error detected: Value 'tagged' at 'resource'/,
  );
  await fails(tag(arnOf('missing'), { a: 'b' }), 'ResourceNotFoundException', 404, missing);
  await fails(untag(arnOf('missing'), ['a']), 'ResourceNotFoundException', 404, missing);
  await fails(
    client.send(new lambda.ListTagsCommand({ Resource: arnOf('missing') })),
    'ResourceNotFoundException',
    404,
    missing,
  );
  const versioned = 'Tags on function aliases and versions are not supported. Please specify a function ARN.';
  await fails(tag(arnOf('tagged', '1'), { a: 'b' }), invalid, 400, versioned);
  await fails(tag(arnOf('tagged', '$LATEST'), { a: 'b' }), invalid, 400, versioned);
  const lambdaArn = (resource: string) => `arn:aws:lambda:${region}:${account}:${resource}`;
  await fails(
    tag(lambdaArn('event-source-mapping:3f3f3f3f-3f3f-3f3f-3f3f-3f3f3f3f3f3f'), { a: 'b' }),
    'ResourceNotFoundException',
    404,
    'The resource you requested does not exist.',
  );
  const config = lambdaArn('code-signing-config:csc-0123456789abcdef0');
  await fails(
    tag(config, { a: 'b' }),
    'ResourceNotFoundException',
    404,
    `The Lambda code signing configuration ${config} can not be found.`,
  );
  await fails(
    tag(lambdaArn('capacity-provider:machines'), { a: 'b' }),
    invalid,
    400,
    /not supported by this release of Lambent\.$/,
  );
});

test('no tags, tags of the system and too many tags are refused, and nothing is changed', async () => {
  const resource = arnOf('tagged');
  await fails(tag(resource, {}), invalid, 400, 'An error occurred and the request cannot be processed.');
  await fails(tag(resource, { 'aws:x': '1' }), invalid, 400, 'System tags cannot be added/updated by requester.');
  await fails(tag(resource, numbered(51)), invalid, 400, 'Number of tags exceeds resource tag limit.');
  await fails(tag(resource, numbered(50)), invalid, 400, 'Number of tags exceeds resource tag limit.');
  await fails(
    untag(resource, []),
    'ValidationException',
    400,
    "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
  );
  await fails(
    tag(resource, { ['k'.repeat(129)]: 'v' }),
    'ValidationException',
    400,
    /at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: \[Member must have length less than or equal to 128, /,
  );
  await fails(
    create(client, 'overtagged', { Tags: numbered(51) }),
    invalid,
    400,
    'Number of tags exceeds resource tag limit.',
  );
  assert.deepEqual(await tagsOf('tagged'), { key_a: 'value_a' });
});

test('tags are added, replaced and removed, and each time the function is revised', async () => {
  const resource = arnOf('tagged');
  const revisions = [(await settled(client, 'tagged')).RevisionId];
  const revised = async () => revisions.push((await settled(client, 'tagged')).RevisionId);
  assert.equal((await tag(resource, { key_b: 'value_b', 'with space/é': '' })).$metadata.httpStatusCode, 204);
  await revised();
  assert.deepEqual(await tagsOf('tagged'), { key_a: 'value_a', key_b: 'value_b', 'with space/é': '' });
  await tag(resource, { key_b: 'value_x' });
  await revised();
  assert.equal((await untag(resource, ['key_a', 'with space/é', 'never there'])).$metadata.httpStatusCode, 204);
  await revised();
  assert.deepEqual(await tagsOf('tagged'), { key_b: 'value_x' });
  assert.deepEqual((await client.send(new lambda.GetFunctionCommand({ FunctionName: 'tagged' }))).Tags, {
    key_b: 'value_x',
  });
  await untag(resource, ['key_b']);
  await revised();
  assert.deepEqual(await tagsOf('tagged'), {});
  assert.equal((await client.send(new lambda.GetFunctionCommand({ FunctionName: 'tagged' }))).Tags, undefined);
  assert.equal(new Set(revisions).size, revisions.length);
});

test('fifty tags are as many as there may be, however they come together', async () => {
  await create(client, 'fifty', { Tags: numbered(49) });
  await tag(arnOf('fifty'), numbered(1, 49));
  await fails(tag(arnOf('fifty'), { onemore: '1' }), invalid, 400, 'Number of tags exceeds resource tag limit.');
  await tag(arnOf('fifty'), { '0_key': 'replaced' });
  assert.equal(Object.keys((await tagsOf('fifty'))!).length, 50);
});
