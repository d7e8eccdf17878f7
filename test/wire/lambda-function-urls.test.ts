// Function URL configs as the SDK's client sees them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf, create, fails, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const notFound = 'ResourceNotFoundException';
const noResource = 'The resource you requested does not exist.';
type Input = Partial<lambda.CreateFunctionUrlConfigCommandInput>;
const make = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', ...input }));
const update = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.UpdateFunctionUrlConfigCommand({ FunctionName, ...input }));
const get = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.GetFunctionUrlConfigCommand({ FunctionName, ...input }));
const remove = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.DeleteFunctionUrlConfigCommand({ FunctionName, ...input }));
const list = (FunctionName: string, input: Partial<lambda.ListFunctionUrlConfigsCommandInput> = {}) =>
  client.send(new lambda.ListFunctionUrlConfigsCommand({ FunctionName, ...input }));

async function withAlias(FunctionName: string): Promise<void> {
  await create(client, FunctionName, { Publish: true });
  await settled(client, FunctionName);
  await client.send(new lambda.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
}

test('a URL is made, read, changed and deleted with every member', async () => {
  await create(client, 'whole');
  const { $metadata, ...created } = await make('whole');
  assert.equal($metadata.httpStatusCode, 201);
  const { FunctionUrl, CreationTime } = created;
  assert.match(FunctionUrl!, new RegExp(`^http://[a-z2-7]{32}\\.lambda-url\\.${region}\\.localhost:${server.port}/$`));
  assert.match(CreationTime!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.deepEqual(created, { FunctionUrl, FunctionArn: arnOf('whole'), AuthType: 'NONE', CreationTime });
  await fails(
    make('whole'),
    'ResourceConflictException',
    409,
    `Failed to create function url config for [functionArn = ${arnOf('whole')}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  );
  const { $metadata: _, ...found } = await get('whole');
  assert.deepEqual(found, { ...created, LastModifiedTime: CreationTime, InvokeMode: 'BUFFERED' });
  const Cors = {
    AllowCredentials: true,
    AllowHeaders: ['x-a'],
    AllowMethods: ['GET', 'POST'],
    AllowOrigins: ['https://example.com'],
    ExposeHeaders: ['x-b'],
    MaxAge: 86_400,
  };
  const { $metadata: updated, ...changed } = await update('whole', { AuthType: 'AWS_IAM', Cors });
  assert.equal(updated.httpStatusCode, 200);
  const { LastModifiedTime } = changed;
  assert.ok(LastModifiedTime! >= CreationTime!);
  assert.deepEqual(changed, { ...created, AuthType: 'AWS_IAM', Cors, LastModifiedTime });
  const streaming = await update('whole', { InvokeMode: 'RESPONSE_STREAM', Cors: {} });
  assert.deepEqual(
    [streaming.InvokeMode, streaming.Cors, streaming.AuthType],
    ['RESPONSE_STREAM', undefined, 'AWS_IAM'],
  );
  assert.equal((await get('whole')).InvokeMode, 'RESPONSE_STREAM');
  assert.equal((await update('whole')).InvokeMode, 'RESPONSE_STREAM', 'what was chosen once is told from then on');
  assert.equal((await remove('whole')).$metadata.httpStatusCode, 204);
  await fails(get('whole'), notFound, 404, noResource);
  const streamed = await make('whole', { InvokeMode: 'RESPONSE_STREAM', Cors });
  assert.deepEqual([streamed.InvokeMode, streamed.Cors], ['RESPONSE_STREAM', Cors]);
  assert.notEqual(streamed.FunctionUrl, FunctionUrl, 'a URL is never given out again');
});

test('URLs of functions and aliases that are not there are refused as AWS words it', async () => {
  await withAlias('errors');
  for (const name of ['nobody', arnOf('nobody'), 'errors:none']) {
    await fails(make(name), notFound, 404, 'Function does not exist');
    await fails(update(name), notFound, 404, 'Function does not exist');
    await fails(get(name), notFound, 404, noResource);
    await fails(remove(name), notFound, 404, noResource);
  }
  for (const call of [get, remove, update]) await fails(call('errors'), notFound, 404, noResource);
  await fails(
    get(arnOf('errors').replace(region, 'us-east-1')),
    notFound,
    404,
    `Functions from 'us-east-1' are not reachable in this region ('${region}')`,
  );
  for (const call of [make, get, remove, update]) {
    for (const Qualifier of ['1', '$LATEST']) {
      await fails(
        call('errors', { Qualifier }),
        'ValidationException',
        400,
        `1 validation error detected: Value '${Qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
      );
    }
    await fails(
      call('errors:other', { Qualifier: 'live' }),
      'InvalidParameterValueException',
      400,
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  for (const call of [make, update]) {
    await fails(
      call('errors', { InvokeMode: 'UNKNOWN' as lambda.InvokeMode }),
      'ValidationException',
      400,
      "1 validation error detected: Value 'UNKNOWN' at 'invokeMode' failed to satisfy constraint: Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]",
    );
  }
  await fails(make('errors', { Cors: { MaxAge: 86_401 } }), 'ValidationException', 400, /less than or equal to 86400/);
  const AllowMethods = ['GET', 'PUT', 'HEAD', 'POST', 'PATCH', 'DELETE', '*'];
  await fails(make('errors', { Cors: { AllowMethods } }), 'ValidationException', 400, /length less than or equal to 6/);
});

test('the URLs of a function are listed in pages, outlive their alias, and go with their function', async () => {
  await withAlias('listed');
  await fails(list('nobody'), notFound, 404, 'Function does not exist');
  assert.deepEqual((await list('listed')).FunctionUrlConfigs, []);
  await make('listed:live', { Qualifier: 'live' });
  await make('listed');
  const arns = ({ FunctionUrlConfigs }: lambda.ListFunctionUrlConfigsCommandOutput) =>
    FunctionUrlConfigs!.map(({ FunctionArn }) => FunctionArn);
  const all = await list('listed');
  assert.deepEqual([arns(all), all.NextMarker], [[arnOf('listed'), arnOf('listed', 'live')], undefined]);
  const { $metadata: _, ...first } = await get('listed');
  assert.deepEqual(all.FunctionUrlConfigs![0], first);
  const page = await list('listed', { MaxItems: 1 });
  const rest = await list('listed', { MaxItems: 1, Marker: page.NextMarker! });
  assert.deepEqual(
    [arns(page), arns(rest), rest.NextMarker],
    [[arnOf('listed')], [arnOf('listed', 'live')], undefined],
  );
  await fails(list('listed', { MaxItems: 51 }), 'ValidationException', 400, /less than or equal to 50/);
  await fails(list('listed', { Marker: 'x' }), 'InvalidParameterValueException', 400, 'Invalid Marker');
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'listed', Name: 'live' }));
  assert.deepEqual(arns(await list('listed')), [arnOf('listed'), arnOf('listed', 'live')]);
  await fails(update('listed', { Qualifier: 'live' }), notFound, 404, 'Function does not exist');
  await remove('listed', { Qualifier: 'live' });
  assert.deepEqual(arns(await list('listed')), [arnOf('listed')]);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'listed' }));
  await create(client, 'listed');
  assert.deepEqual(arns(await list('listed')), []);
});
