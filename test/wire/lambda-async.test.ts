// Asynchronous invocation over the wire: taken in durably, run, retried, and told to those who are to know.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, handlerCode, invoke, lambdaClient, region } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let queues: sqs.SQSClient;
let watcher: logs.CloudWatchLogsClient;
const dataDir = mkdtempSync(join(tmpdir(), 'lambent-async-'));

const connect = () => {
  client = lambdaClient(server);
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  queues = new sqs.SQSClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
  watcher = new logs.CloudWatchLogsClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
};

const disconnect = () => {
  for (const each of [client, queues, watcher]) each.destroy();
};

before(async () => {
  server = await startTestServer({ dataDir });
  connect();
});
after(async () => {
  disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

async function createQueue(name: string): Promise<string> {
  return (await queues.send(new sqs.CreateQueueCommand({ QueueName: name }))).QueueUrl!;
}

/** Messages from a queue, until there are `count` of them. */
async function receive(name: string, count = 1): Promise<sqs.Message[]> {
  const QueueUrl = `${server.url}/${account}/${name}`;
  const received: sqs.Message[] = [];
  for (let attempt = 0; attempt < 60 && received.length < count; attempt++) {
    const input = { QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    received.push(...((await queues.send(new sqs.ReceiveMessageCommand(input))).Messages ?? []));
  }
  assert.equal(received.length, count, `messages in ${name}`);
  return received;
}

const send = (name: string, event: unknown, changes: Partial<lambda.InvokeCommandInput> = {}) =>
  client.send(
    new lambda.InvokeCommand({
      FunctionName: name,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
      ...changes,
    }),
  );

const configure = (name: string, changes: Partial<lambda.PutFunctionEventInvokeConfigCommandInput>) =>
  client.send(new lambda.PutFunctionEventInvokeConfigCommand({ FunctionName: name, ...changes }));

const onBoth = (name: string): lambda.DestinationConfig => ({
  OnSuccess: { Destination: queueArn(name) },
  OnFailure: { Destination: queueArn(name) },
});

/** Answers, or throws what the event says. */
const worker = handlerCode(
  'if (event.fail) throw new RangeError(event.fail); return { did: event, id: context.awsRequestId, trace: process.env._X_AMZN_TRACE_ID };',
);

test('an event is answered with 202 and nothing else, and its success is told', async () => {
  await createQueue('told');
  await create(client, 'succeeds', { Code: { ZipFile: worker } });
  await configure('succeeds', { DestinationConfig: onBoth('told') });
  const answer = await send('succeeds', { number: 1 });
  assert.deepEqual(
    [answer.StatusCode, answer.Payload?.length ?? 0, answer.ExecutedVersion, answer.FunctionError, answer.LogResult],
    [202, 0, undefined, undefined, undefined],
  );
  const [message] = await receive('told');
  const { timestamp, responsePayload, ...record } = JSON.parse(message!.Body!);
  const requestId = answer.$metadata.requestId!;
  assert.deepEqual(record, {
    version: '1.0',
    requestContext: {
      requestId,
      functionArn: arnOf('succeeds', '$LATEST'),
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { number: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
  });
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([responsePayload.did, responsePayload.id], [{ number: 1 }, requestId]);
  assert.match(
    responsePayload.trace,
    /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0$/,
  );
});

test('the answer has the trace header that the function is given, and no content', async () => {
  const path = `${server.url}/2015-03-31/functions/succeeds/invocations`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { authorization, 'x-amz-invocation-type': 'Event' };
  const answer = await fetch(path, { method: 'POST', headers, body: '{"raw":1}' });
  assert.equal(answer.status, 202);
  assert.equal(await answer.text(), '');
  assert.equal(answer.headers.get('x-amz-executed-version'), null);
  const [message] = await receive('told');
  assert.equal(answer.headers.get('x-amzn-trace-id'), JSON.parse(message!.Body!).responsePayload.trace);
});

test('the failure of a function is told to its destination and its dead-letter queue, once its retries are used up', async () => {
  await createQueue('failures');
  await createQueue('letters');
  const DeadLetterConfig = { TargetArn: queueArn('letters') };
  await create(client, 'fails', { Code: { ZipFile: worker }, DeadLetterConfig });
  await configure('fails', { MaximumRetryAttempts: 0, DestinationConfig: onBoth('failures') });
  const fail = 'é'.repeat(600);
  const answer = await send('fails', { fail, big: '12345678901234567890' });
  const [told] = await receive('failures');
  const { requestContext, responseContext, responsePayload } = JSON.parse(told!.Body!);
  assert.deepEqual(
    [requestContext.condition, requestContext.approximateInvokeCount, responseContext, responsePayload.errorType],
    ['RetriesExhausted', 1, { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' }, 'RangeError'],
  );
  const [letter] = await receive('letters');
  assert.deepEqual(JSON.parse(letter!.Body!), { fail, big: '12345678901234567890' });
  const attributes = Object.entries(letter!.MessageAttributes!).map(([name, { DataType, StringValue }]) => [
    name,
    DataType,
    StringValue,
  ]);
  assert.deepEqual(attributes.sort(), [
    ['ErrorCode', 'Number', '200'],
    ['ErrorMessage', 'String', 'é'.repeat(512)],
    ['RequestID', 'String', answer.$metadata.requestId],
  ]);
});

test('a retry that would be too late is given up at once', async () => {
  await create(client, 'ages', { Code: { ZipFile: worker } });
  await configure('ages', { MaximumEventAgeInSeconds: 60, DestinationConfig: onBoth('failures') });
  await send('ages', { fail: 'no' });
  const [told] = await receive('failures');
  const { requestContext } = JSON.parse(told!.Body!);
  assert.deepEqual([requestContext.condition, requestContext.approximateInvokeCount], ['EventAgeExceeded', 1]);
});

test('an event takes the config of the qualifier that it came by', async () => {
  await createQueue('by-alias');
  await create(client, 'qualified', { Code: { ZipFile: worker }, Publish: true });
  await client.send(new lambda.CreateAliasCommand({ FunctionName: 'qualified', Name: 'live', FunctionVersion: '1' }));
  await configure('qualified', { DestinationConfig: onBoth('told') });
  await configure('qualified', { Qualifier: 'live', DestinationConfig: onBoth('by-alias') });
  await send('qualified', {}, { Qualifier: 'live' });
  const [message] = await receive('by-alias');
  const { requestContext, responseContext } = JSON.parse(message!.Body!);
  assert.deepEqual([requestContext.functionArn, responseContext.executedVersion], [arnOf('qualified', 'live'), '1']);
});

test('a function is a destination: it is invoked with the record', async () => {
  await create(client, 'destination', { Code: { ZipFile: worker } });
  await configure('destination', { DestinationConfig: { OnSuccess: { Destination: queueArn('told') } } });
  await create(client, 'source', { Code: { ZipFile: worker } });
  await configure('source', { DestinationConfig: { OnSuccess: { Destination: arnOf('destination') } } });
  await send('source', { from: 'source' });
  const [message] = await receive('told');
  const { requestPayload } = JSON.parse(message!.Body!);
  assert.equal(requestPayload.requestContext.functionArn, arnOf('source', '$LATEST'));
  assert.deepEqual(requestPayload.requestPayload, { from: 'source' });
});

test('with a reserved concurrency of zero events are accepted, and told as failed without being run', async () => {
  await create(client, 'zero', { Code: { ZipFile: worker }, DeadLetterConfig: { TargetArn: queueArn('letters') } });
  await configure('zero', { DestinationConfig: onBoth('failures') });
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'zero', ReservedConcurrentExecutions: 0 }),
  );
  const answer = await send('zero', { a: 1 });
  assert.equal(answer.StatusCode, 202);
  const [told] = await receive('failures');
  const { requestContext, responseContext, responsePayload } = JSON.parse(told!.Body!);
  assert.deepEqual(
    [requestContext.condition, requestContext.approximateInvokeCount, responseContext, responsePayload],
    ['ZeroReservedConcurrency', 0, undefined, undefined],
  );
  const [letter] = await receive('letters');
  assert.deepEqual(Object.keys(letter!.MessageAttributes!).sort(), ['ErrorMessage', 'RequestID']);
});

test('events wait for room in a reservation, and all of them run', async () => {
  const wait = handlerCode('await new Promise((done) => setTimeout(done, 20)); return event;');
  await create(client, 'narrow', { Code: { ZipFile: wait } });
  await createQueue('narrow');
  await configure('narrow', { DestinationConfig: onBoth('narrow') });
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'narrow', ReservedConcurrentExecutions: 1 }),
  );
  await Promise.all(Array.from({ length: 20 }, (_, number) => send('narrow', { number })));
  const told = await receive('narrow', 20);
  const numbers = told.map(({ Body }) => JSON.parse(Body!).responsePayload.number).sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: 20 }, (_, number) => number),
  );
});

test('an event whose function was deleted is told as failed', async () => {
  const hold = handlerCode('await new Promise((done) => setTimeout(done, 1_500));');
  await create(client, 'doomed', { Code: { ZipFile: hold }, DeadLetterConfig: { TargetArn: queueArn('letters') } });
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'doomed', ReservedConcurrentExecutions: 1 }),
  );
  await configure('doomed', { MaximumRetryAttempts: 0 });
  // The first has the only room, so that the second is still waiting when the function goes.
  await Promise.all([send('doomed', 1), send('doomed', 2)]);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'doomed' }));
  const [letter] = await receive('letters');
  const { ErrorCode, ErrorMessage } = letter!.MessageAttributes!;
  assert.deepEqual(
    [ErrorCode!.StringValue, ErrorMessage!.StringValue],
    ['404', `Function not found: ${arnOf('doomed', '$LATEST')}`],
  );
});

test('what is wrong with an event is told before it is accepted', async () => {
  await fails(
    send('missing', {}),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('missing', '$LATEST')}`,
  );
  const tooLarge = Buffer.from(JSON.stringify('x'.repeat(1_048_575)));
  await fails(
    send('succeeds', null, { Payload: tooLarge }),
    'RequestEntityTooLargeException',
    413,
    '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
  );
  await fails(
    send('succeeds', null, { Payload: Buffer.from('{') }),
    'InvalidRequestContentException',
    400,
    /^Could not parse request body into json/,
  );
});

test('a megabyte is accepted, and reaches the function', async () => {
  const largest = Buffer.from(JSON.stringify('x'.repeat(1_048_574)));
  await create(client, 'large', { Code: { ZipFile: handlerCode("console.log('length ' + event.length);") } });
  assert.equal((await send('large', null, { Payload: largest })).StatusCode, 202);
  const input = { logGroupName: '/aws/lambda/large', filterPattern: 'length' };
  for (let attempt = 0; ; attempt++) {
    const found = await watcher.send(new logs.FilterLogEventsCommand(input)).catch(() => undefined);
    const message = found?.events?.[0]?.message;
    if (message !== undefined) {
      assert.match(message, /length 1048574/);
      return;
    }
    assert.ok(attempt < 600, 'the function was not run');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('InvokeAsync does the same', async () => {
  const input = { FunctionName: 'succeeds', InvokeArgs: Buffer.from('{"old":true}') };
  const answer = await client.send(new lambda.InvokeAsyncCommand(input));
  assert.equal(answer.Status, 202);
  const [message] = await receive('told');
  assert.deepEqual(JSON.parse(message!.Body!).requestPayload, { old: true });
});

test('a function that invokes itself is stopped after sixteen times, and its last event is told as failed', async () => {
  const again = handlerCode(`
    const url = process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/' + context.functionName + '/invocations';
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/' + process.env.AWS_REGION + '/lambda/aws4_request';
    await fetch(url, { method: 'POST', body: JSON.stringify({ depth: event.depth + 1 }), headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=0',
      'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
      'x-amz-invocation-type': 'Event', 'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID } });`);
  await create(client, 'loops', { Code: { ZipFile: again } });
  await configure('loops', { DestinationConfig: { OnFailure: { Destination: queueArn('failures') } } });
  await send('loops', { depth: 1 });
  const [told] = await receive('failures');
  const { requestContext, requestPayload, responseContext } = JSON.parse(told!.Body!);
  assert.deepEqual(
    [requestContext.condition, requestPayload, responseContext],
    ['RecursiveInvocation', { depth: 17 }, { statusCode: 400, functionError: 'RecursiveInvocationException' }],
  );
});

test('a synchronous invocation at the end of a loop is refused, unless the function allows loops', async () => {
  await create(client, 'in-a-loop', { Code: { ZipFile: handlerCode('return process.env._X_AMZN_TRACE_ID;') } });
  const chained = (header: string) => {
    const by = lambdaClient(server);
    by.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amzn-trace-id'] = header;
        return next(args);
      },
      { step: 'build' },
    );
    return by;
  };
  const first = (await invoke(client, 'in-a-loop')).value as string;
  const last = chained(first.replace(/:0$/, ':14'));
  const lastTrace = (await invoke(last, 'in-a-loop')).value as string;
  assert.match(lastTrace, /;Lineage=2:[0-9a-f]{8}:15$/);
  const beyond = chained(lastTrace);
  await fails(
    beyond.send(new lambda.InvokeCommand({ FunctionName: 'in-a-loop' })),
    'RecursiveInvocationException',
    400,
    /^Lambda has detected your function being invoked in a recursive loop/,
  );
  await client.send(
    new lambda.PutFunctionRecursionConfigCommand({ FunctionName: 'in-a-loop', RecursiveLoop: 'Allow' }),
  );
  assert.match((await invoke(beyond, 'in-a-loop')).value, /;Lineage=3:[0-9a-f]{8}:16$/);
});

test('a subscription filter invokes its function with what it matched', async () => {
  const names = { logGroupName: 'watched', logStreamName: 'stream' };
  await watcher.send(new logs.CreateLogGroupCommand({ logGroupName: 'watched' }));
  await watcher.send(new logs.CreateLogStreamCommand(names));
  await watcher.send(
    new logs.PutSubscriptionFilterCommand({
      logGroupName: 'watched',
      filterName: 'errors',
      filterPattern: 'ERROR',
      destinationArn: arnOf('succeeds'),
    }),
  );
  const logEvents = [{ timestamp: Date.now(), message: 'ERROR here' }];
  await watcher.send(new logs.PutLogEventsCommand({ ...names, logEvents }));
  // The first is the message by which CloudWatch Logs tries the destination.
  const told = await receive('told', 2);
  for (const { Body } of told) assert.ok(JSON.parse(Body!).requestPayload.awslogs.data);
});

test('kill -9 in the middle loses no event', async () => {
  await createQueue('survivors');
  const slow = handlerCode('await new Promise((done) => setTimeout(done, 5)); return event.number;');
  await create(client, 'survives', { Code: { ZipFile: slow } });
  await configure('survives', { DestinationConfig: { OnSuccess: { Destination: queueArn('survivors') } } });
  const ids = new Map<string, number>();
  for (let number = 0; number < 300; number += 50) {
    const answers = Array.from({ length: 50 }, async (_, index) => {
      const answer = await send('survives', { number: number + index });
      ids.set(answer.$metadata.requestId!, number + index);
    });
    await Promise.all(answers);
  }
  disconnect();
  server = await server.restart('SIGKILL');
  connect();
  const QueueUrl = `${server.url}/${account}/survivors`;
  const told = new Set<number>();
  for (let attempt = 0; attempt < 200 && told.size < 300; attempt++) {
    const input = { QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 };
    for (const { Body, ReceiptHandle } of (await queues.send(new sqs.ReceiveMessageCommand(input))).Messages ?? []) {
      const { requestContext, responsePayload } = JSON.parse(Body!);
      assert.equal(ids.get(requestContext.requestId), responsePayload);
      told.add(responsePayload);
      await queues.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  assert.equal(told.size, 300);
});
