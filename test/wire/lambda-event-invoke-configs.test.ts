// Event invoke configs as the SDK's client sees them.
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
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const notFound = 'ResourceNotFoundException';
const noFunction = "The function doesn't exist.";
const none = (name: string, qualifier = '$LATEST') =>
  `The function ${arnOf(name, qualifier)} doesn't have an EventInvokeConfig`;
type Input = Partial<lambda.PutFunctionEventInvokeConfigCommandInput>;
const put = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.PutFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const update = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.UpdateFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const get = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.GetFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const remove = (FunctionName: string, input: Input = {}) =>
  client.send(new lambda.DeleteFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
const list = (FunctionName: string, input: Partial<lambda.ListFunctionEventInvokeConfigsCommandInput> = {}) =>
  client.send(new lambda.ListFunctionEventInvokeConfigsCommand({ FunctionName, ...input }));
const shown = ({ $metadata: _, LastModified, ...rest }: lambda.GetFunctionEventInvokeConfigCommandOutput) => {
  assert.ok(LastModified instanceof Date && Math.abs(Date.now() - LastModified.getTime()) < 60_000);
  return rest;
};
const noDestinations = { DestinationConfig: { OnSuccess: {}, OnFailure: {} } };

async function withAlias(FunctionName: string): Promise<void> {
  await create(client, FunctionName, { Publish: true });
  await settled(client, FunctionName);
  await client.send(new lambda.CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
}

test('put replaces everything, update only what it names', async () => {
  await create(client, 'whole');
  const FunctionArn = arnOf('whole', '$LATEST');
  const first = await put('whole', { MaximumRetryAttempts: 0 });
  assert.equal(first.$metadata.httpStatusCode, 200);
  assert.deepEqual(shown(first), { FunctionArn, MaximumRetryAttempts: 0, ...noDestinations });
  const second = shown(await put('whole', { MaximumEventAgeInSeconds: 60, Qualifier: '$LATEST' }));
  assert.deepEqual(second, { FunctionArn, MaximumEventAgeInSeconds: 60, ...noDestinations });
  const third = shown(await update('whole', { MaximumRetryAttempts: 2 }));
  assert.deepEqual(third, { FunctionArn, MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2, ...noDestinations });
  assert.deepEqual(shown(await get('whole')), third);
  assert.deepEqual(shown(await get('whole:$LATEST')), third);
  assert.equal((await remove('whole')).$metadata.httpStatusCode, 204);
  await fails(get('whole'), notFound, 404, none('whole'));
  await put('whole', { MaximumEventAgeInSeconds: 21_600 });
  await fails(
    put('whole', { MaximumEventAgeInSeconds: 21_601, MaximumRetryAttempts: 3 }),
    'ValidationException',
    400,
    /^2 validation errors detected: /,
  );
});

test('destinations are functions, queues, topics, event buses, and buckets for failures', async () => {
  await create(client, 'from');
  await create(client, 'to');
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const to = (DestinationConfig: lambda.DestinationConfig) => put('from', { DestinationConfig });
  const config = { OnSuccess: { Destination: arnOf('to') }, OnFailure: { Destination: arn('sqs', 'queue') } };
  assert.deepEqual(shown(await to(config)).DestinationConfig, config);
  assert.deepEqual(shown(await update('from', { MaximumRetryAttempts: 1 })).DestinationConfig, config);
  const OnFailure = { Destination: 'arn:aws:s3:::bucket' };
  const replaced = shown(await update('from', { DestinationConfig: { OnFailure } })).DestinationConfig;
  assert.deepEqual(replaced, { OnSuccess: {}, OnFailure });
  for (const Destination of [arn('sns', 'topic'), arn('events', 'event-bus/default'), arnOf('to', '$LATEST')]) {
    assert.deepEqual((await to({ OnSuccess: { Destination } })).DestinationConfig!.OnSuccess, { Destination });
  }
  for (const empty of [{ OnSuccess: {} }, { OnFailure: {} }]) {
    assert.deepEqual(shown(await to(empty)).DestinationConfig, noDestinations.DestinationConfig);
  }
  for (const wrong of [
    arnOf('nobody'),
    arn('lambda', 'layer:to'),
    arn('sqs', 'queue.fifo'),
    arn('sns', 'topic.fifo'),
  ]) {
    await fails(to({ OnSuccess: { Destination: wrong } }), invalid, 400, `The destination ARN ${wrong} is invalid.`);
  }
  for (const own of [arnOf('from'), arnOf('from', 'live')]) {
    await fails(
      to({ OnFailure: { Destination: own } }),
      invalid,
      400,
      "You can't specify the function as a destination for itself.",
    );
  }
  const wrong = arn('iam', 'function:from');
  await fails(
    to({ OnSuccess: { Destination: wrong } }),
    invalid,
    400,
    `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${wrong}), onFailure=null) is invalid.`,
  );
  await fails(to({ OnSuccess: OnFailure }), invalid, 400, /OnSuccess\(destination=arn:aws:s3:::bucket\)/);
  await fails(to({ OnFailure: { Destination: 'kafka://topic' } }), invalid, 400, /onSuccess=null, onFailure=OnFailure/);
  await fails(
    to({ OnFailure: { Destination: arnOf('to').replace(':lambda:', ':_-/!lambda:') } }),
    'ValidationException',
    400,
    /at 'destinationConfig\.onFailure\.destination' failed to satisfy constraint/,
  );
});

test('what is missing or contradicts itself is refused as AWS words it', async () => {
  await withAlias('errors');
  const MaximumRetryAttempts = 1;
  for (const name of ['nobody', arnOf('nobody'), 'errors:none', 'errors:9']) {
    await fails(put(name, { MaximumRetryAttempts }), notFound, 404, noFunction);
    await fails(update(name, { MaximumRetryAttempts }), notFound, 404, noFunction);
  }
  for (const call of [put, update]) {
    await fails(
      call('nobody'),
      invalid,
      400,
      'You must specify at least one of error handling or destination setting.',
    );
    for (const [name, Qualifier] of [
      ['errors:1', '$LATEST'],
      ['errors:$LATEST', '1'],
      ['errors:1', 'live'],
      [arnOf('errors', 'live'), 'other'],
    ]) {
      await fails(
        call(name!, { Qualifier: Qualifier!, MaximumRetryAttempts }),
        invalid,
        400,
        'The derived qualifier from the function name does not match the specified qualifier.',
      );
    }
  }
  await fails(list('nobody'), notFound, 404, noFunction);
  await fails(
    get(arnOf('errors').replace(region, 'us-east-1')),
    notFound,
    404,
    `Functions from 'us-east-1' are not reachable in this region ('${region}')`,
  );
  for (const call of [get, remove]) {
    await fails(call('nobody'), notFound, 404, none('nobody'));
    await fails(call('errors', { Qualifier: 'none' }), notFound, 404, none('errors', 'none'));
    await fails(call('errors', { Qualifier: 'live' }), notFound, 404, none('errors', 'live'));
  }
  await fails(update('errors', { MaximumRetryAttempts }), notFound, 404, none('errors'));
  await fails(update('errors:live', { MaximumRetryAttempts }), notFound, 404, none('errors', 'live'));
});

test('the configs of a function are listed in pages, and go with what they belong to', async () => {
  await withAlias('listed');
  const MaximumRetryAttempts = 1;
  for (const name of ['listed:live', 'listed', 'listed:1']) await put(name, { MaximumRetryAttempts });
  const arns = ({ FunctionEventInvokeConfigs }: lambda.ListFunctionEventInvokeConfigsCommandOutput) =>
    FunctionEventInvokeConfigs!.map(({ FunctionArn }) => FunctionArn);
  const expected = ['$LATEST', '1', 'live'].map((qualifier) => arnOf('listed', qualifier));
  const all = await list('listed');
  assert.deepEqual([arns(all), all.NextMarker], [expected, undefined]);
  assert.deepEqual(shown({ ...all.FunctionEventInvokeConfigs![2]!, $metadata: {} }), {
    FunctionArn: arnOf('listed', 'live'),
    MaximumRetryAttempts,
    ...noDestinations,
  });
  const page = await list('listed', { MaxItems: 2 });
  const rest = await list('listed', { Marker: page.NextMarker! });
  assert.deepEqual([[...arns(page), ...arns(rest)], rest.NextMarker], [expected, undefined]);
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'listed', Name: 'live' }));
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'listed', Qualifier: '1' }));
  assert.deepEqual(arns(await list('listed')), [arnOf('listed', '$LATEST')]);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'listed' }));
  await create(client, 'listed');
  assert.deepEqual(arns(await list('listed')), []);
});
