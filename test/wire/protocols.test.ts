// What unmodified SDK clients make of our answers, above all of our errors, over every protocol.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, GetLogEventsCommand, StartLiveTailCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { loadContract, type ServiceName } from '../../src/contracts/index.ts';
import { AwsError } from '../../src/core/errors.ts';
import { startWireServer, type WireCall, type WireServer } from './wire-server.ts';

let server: WireServer;
before(async () => {
  server = await startWireServer(loadContract('lambda'));
});
after(() => server.close());

const config = () => ({
  endpoint: server.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 1,
  disableHostPrefix: true,
});

function answers(service: ServiceName, answer: (call: WireCall) => object): void {
  server.contract = loadContract(service);
  server.answer = answer;
}

function fails(service: ServiceName, error: AwsError): void {
  answers(service, () => {
    throw error;
  });
}

test('lambda: a throttled invocation says why, and when to try again', async () => {
  const members = { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', retryAfterSeconds: '7' };
  fails('lambda', new AwsError('TooManyRequestsException', 'Rate Exceeded.', { members }));
  await assert.rejects(new LambdaClient(config()).send(new InvokeCommand({ FunctionName: 'f' })), {
    name: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    Type: 'User',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    retryAfterSeconds: '7',
  });
});

test('lambda: an error that is not modelled keeps its name and message', async () => {
  fails('lambda', new AwsError('ValidationException', "1 validation error detected: Value 'x'"));
  await assert.rejects(new LambdaClient(config()).send(new ListFunctionsCommand({})), (error: any) => {
    assert.equal(error.name, 'ValidationException');
    assert.equal(error.message, "1 validation error detected: Value 'x'");
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.equal(error.$metadata.requestId, 'request-id');
    return true;
  });
});

test('lambda: payloads are bytes, whatever they hold', async () => {
  const payload = Buffer.from([0, 1, 2, 128, 255]);
  answers('lambda', ({ input }) => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload: input['Payload'] }));
  const answer = await new LambdaClient(config()).send(new InvokeCommand({ FunctionName: 'f', Payload: payload }));
  assert.deepEqual(Buffer.from(answer.Payload!), payload);
  assert.equal(answer.FunctionError, 'Unhandled');
});

test('lambda: a response stream arrives chunk by chunk, while the rest is still to come', async () => {
  const { promise: seen, resolve: sawFirst } = Promise.withResolvers<void>();
  answers('lambda', () => ({
    StatusCode: 200,
    EventStream: (async function* () {
      yield { PayloadChunk: { Payload: Buffer.from('first') } };
      await seen;
      yield { InvokeComplete: { ErrorCode: 'Unhandled', ErrorDetails: 'x' } };
    })(),
  }));
  const { EventStream } = await new LambdaClient(config()).send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'f' }),
  );
  const kinds: string[] = [];
  for await (const event of EventStream!) {
    kinds.push(Object.keys(event)[0]!);
    if (event.PayloadChunk) {
      assert.equal(Buffer.from(event.PayloadChunk.Payload!).toString(), 'first');
      sawFirst();
    }
  }
  assert.deepEqual(kinds, ['PayloadChunk', 'InvokeComplete']);
});

test('logs: an error of json 1.1', async () => {
  fails('logs', new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'));
  const command = new GetLogEventsCommand({ logGroupName: 'g', logStreamName: 's' });
  await assert.rejects(new CloudWatchLogsClient(config()).send(command), {
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('logs: a live tail starts, and ends in a modelled exception', async () => {
  answers('logs', () => ({
    responseStream: (async function* () {
      yield { sessionStart: { requestId: 'r', logGroupIdentifiers: ['g'] } };
      throw new AwsError('SessionTimeoutException', 'The session is over.');
    })(),
  }));
  const command = new StartLiveTailCommand({ logGroupIdentifiers: ['g'] });
  const { responseStream } = await new CloudWatchLogsClient(config()).send(command);
  const events = responseStream![Symbol.asyncIterator]();
  assert.equal((await events.next()).value?.sessionStart?.requestId, 'r');
  await assert.rejects(events.next(), { name: 'SessionTimeoutException' });
});

test('dynamodb: an error of json 1.0 with further members', async () => {
  const members = { Item: { id: { S: '1' } } };
  fails('dynamodb', new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { members }));
  const command = new PutItemCommand({ TableName: 't', Item: { id: { S: '1' } } });
  await assert.rejects(new DynamoDBClient(config()).send(command), {
    name: 'ConditionalCheckFailedException',
    ...members,
  });
});

test('sqs: an error keeps the code that older clients know', async () => {
  fails('sqs', new AwsError('QueueDoesNotExist', 'The specified queue does not exist.'));
  const command = new SendMessageCommand({ QueueUrl: `${server.url}/000000000000/q`, MessageBody: 'm' });
  await assert.rejects(new SQSClient(config()).send(command), {
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    message: 'The specified queue does not exist.',
  });
});

test('iam: an error of the query protocol', async () => {
  fails('iam', new AwsError('NoSuchEntityException', 'The role with name r <&> cannot be found.'));
  await assert.rejects(new IAMClient(config()).send(new GetRoleCommand({ RoleName: 'r' })), (error: any) => {
    assert.equal(error.name, 'NoSuchEntityException');
    assert.equal(error.message, 'The role with name r <&> cannot be found.');
    assert.equal(error.Error.Type, 'Sender');
    assert.equal(error.$metadata.httpStatusCode, 404);
    return true;
  });
});

test('sts: the answer that every tool asks for first', async () => {
  const identity = { UserId: 'AIDA', Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root' };
  answers('sts', () => identity);
  const { $metadata, ...answer } = await new STSClient(config()).send(new GetCallerIdentityCommand({}));
  assert.deepEqual(answer, identity);
  assert.equal($metadata.requestId, 'request-id');
});

test('s3: errors with and without a body', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  fails('s3', new AwsError('NoSuchKey', 'The specified key does not exist.', { members: { Key: 'k' } }));
  const key = { Bucket: 'bucket', Key: 'k' };
  await assert.rejects(client.send(new GetObjectCommand(key)), {
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
    Key: 'k',
  });
  await assert.rejects(client.send(new HeadObjectCommand(key)), { name: 'NotFound' });
});

test('s3: a stream of unknown length arrives whole, in chunks as the client frames them', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  let body: unknown;
  answers('s3', ({ input }) => {
    body = input['Body'];
    return {};
  });
  const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.from('b')]);
  await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body, ContentLength: 70_001 }));
  assert.equal(String(body), `${'a'.repeat(70_000)}b`);
});

test('cloudwatch: an error of rpc-v2-cbor', async () => {
  fails('cloudwatch', new AwsError('DashboardNotFoundError', 'Dashboard d does not exist'));
  const client = new CloudWatchClient({ ...config(), protocol: AwsSmithyRpcV2CborProtocol });
  await assert.rejects(client.send(new GetDashboardCommand({ DashboardName: 'd' })), (error: any) => {
    // The code of the older protocol, which services that left it still send.
    assert.equal(error.name, 'ResourceNotFound');
    assert.equal(error.message, 'Dashboard d does not exist');
    assert.equal(error.$metadata.httpStatusCode, 404);
    return true;
  });
});
