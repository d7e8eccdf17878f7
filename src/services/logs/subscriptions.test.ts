// Subscription filters: which destinations are refused, what is delivered, and what happens when that fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AwsError } from '../../core/errors.ts';
import type { InvokeFunction } from './index.ts';
import { account, region, startLogs, startOfTest } from './logs-under-test.ts';

const destinationArn = `arn:aws:lambda:${region}:${account}:function:shipper`;
const filter = { logGroupName: 'g', filterName: 'errors', filterPattern: 'ERROR', destinationArn };

/** A destination that keeps the records it was given; `failure` makes it refuse. */
class Destination {
  records: any[] = [];
  failure: Error | undefined;
  readonly invoke: InvokeFunction = async ({ functionArn, payload }) => {
    if (this.failure !== undefined) throw this.failure;
    assert.equal(functionArn, destinationArn);
    const { awslogs } = JSON.parse(Buffer.from(payload).toString());
    this.records.push(JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()));
  };
}

test('destinations that are not built or cannot be reached are refused, and no filter is stored', async (t) => {
  const destination = new Destination();
  const { call } = await startLogs(t, { invoke: destination.invoke });
  await call('CreateLogGroup', { logGroupName: 'g' });
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const unreachable =
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.';
  for (const [destinationArn, message] of [
    [arn('sqs', 'queue'), 'PutSubscriptionFilter operation cannot work with destinationArn for vendor sqs'],
    ['nonsense', /cannot work with destinationArn/],
    [arn('kinesis', 'stream/x'), 'destinationArn for vendor kinesis cannot be used without roleArn'],
    [arn('firehose', 'deliverystream/x'), 'destinationArn for vendor firehose cannot be used without roleArn'],
    [arn('lambda', 'layer:x'), unreachable],
    [`arn:aws:lambda:us-east-1:${account}:function:shipper`, unreachable],
  ] as const) {
    await assert.rejects(call('PutSubscriptionFilter', { ...filter, destinationArn }), {
      code: 'InvalidParameterException',
      message,
    });
  }
  const roleArn = 'arn:aws:iam::000000000000:role/r';
  for (const [destinationArn, message] of [
    [arn('kinesis', 'stream/x'), /^Could not deliver test message to specified Kinesis stream/],
    [arn('firehose', 'deliverystream/x'), /^Could not deliver test message to specified Firehose stream/],
  ] as const) {
    await assert.rejects(call('PutSubscriptionFilter', { ...filter, roleArn, destinationArn }), { message });
  }
  const elsewhere = `arn:aws:lambda:${region}:111111111111:function:shipper`;
  for (const logGroupName of ['g', 'no-group']) {
    await assert.rejects(call('PutSubscriptionFilter', { ...filter, logGroupName, destinationArn: elsewhere }), {
      code: 'AccessDeniedException',
      message:
        'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
    });
  }
  destination.failure = new AwsError('ResourceNotFoundException', 'Function not found', { status: 404 });
  await assert.rejects(call('PutSubscriptionFilter', filter), { message: unreachable });
  destination.failure = new AwsError('NotImplementedException', 'not built', { status: 501 });
  await assert.rejects(call('PutSubscriptionFilter', filter), {
    message: /destinationArn of a Lambda function is not supported/,
  });
  destination.failure = undefined;
  for (const [input, message] of [
    [{ filterPattern: '{ $.a' }, /must end with/],
    [{ roleArn: 'arn:aws:iam::000000000000:role/r' }, 'destinationArn for vendor lambda cannot be used with roleArn'],
    [{ distribution: 'Random' }, /distribution Random is not supported/],
    [{ applyOnTransformedLogs: true }, /applyOnTransformedLogs is not supported/],
  ] as const) {
    await assert.rejects(call('PutSubscriptionFilter', { ...filter, ...input }), {
      code: 'InvalidParameterException',
      message,
    });
  }
  assert.deepEqual(await call('DescribeSubscriptionFilters', { logGroupName: 'g' }), { subscriptionFilters: [] });
});

test('without asynchronous invocation a Lambda destination is refused by name', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g' });
  await assert.rejects(call('PutSubscriptionFilter', filter), {
    message: /destinationArn of a Lambda function is not supported/,
  });
});

test('a function cannot subscribe to its own logs', async (t) => {
  const { call } = await startLogs(t, { invoke: new Destination().invoke });
  await call('CreateLogGroup', { logGroupName: '/aws/lambda/shipper' });
  await assert.rejects(call('PutSubscriptionFilter', { ...filter, logGroupName: '/aws/lambda/shipper' }), {
    message: 'The log group provided is reserved for the function log of the destination function.',
  });
});

test('a group has at most two filters; one of the same name is replaced', async (t) => {
  const { call } = await startLogs(t, { invoke: new Destination().invoke });
  await call('CreateLogGroup', { logGroupName: 'g' });
  for (const filterName of ['a', 'b', 'b']) await call('PutSubscriptionFilter', { ...filter, filterName });
  await assert.rejects(call('PutSubscriptionFilter', { ...filter, filterName: 'c' }), {
    code: 'LimitExceededException',
    message: 'Resource limit exceeded.',
  });
  const first = await call('DescribeSubscriptionFilters', { logGroupName: 'g', limit: 1 });
  const second = await call('DescribeSubscriptionFilters', { logGroupName: 'g', nextToken: first.nextToken });
  assert.deepEqual(
    [first, second].flatMap(({ subscriptionFilters }) => subscriptionFilters!.map(({ filterName }) => filterName)),
    ['a', 'b'],
  );
  await call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'a' });
  await assert.rejects(call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'a' }), {
    message: 'The specified subscription filter does not exist.',
  });
});

test('the control message comes first, then the events that match, with the ids that FilterLogEvents shows', async (t) => {
  const destination = new Destination();
  const { call, sink, clock } = await startLogs(t, { invoke: destination.invoke });
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('PutSubscriptionFilter', filter);
  assert.equal(destination.records[0].messageType, 'CONTROL_MESSAGE');
  for (const message of ['ERROR 1', 'fine', 'ERROR 2']) sink.append(account, region, 'g', 's', startOfTest, message);
  await clock.advance(200);
  const { events } = await call('FilterLogEvents', { logGroupName: 'g', filterPattern: 'ERROR' });
  assert.deepEqual(destination.records.slice(1), [
    {
      messageType: 'DATA_MESSAGE',
      owner: account,
      logGroup: 'g',
      logStream: 's',
      subscriptionFilters: ['errors'],
      logEvents: events!.map(({ eventId, message }) => ({ id: eventId, timestamp: startOfTest, message })),
    },
  ]);
});

test('fields of a space-delimited pattern are delivered too', async (t) => {
  const destination = new Destination();
  const { call, sink, clock } = await startLogs(t, { invoke: destination.invoke });
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('PutSubscriptionFilter', { ...filter, filterPattern: '[level, text]' });
  sink.append(account, region, 'g', 's', startOfTest, 'INFO "all is well"');
  await clock.advance(200);
  assert.deepEqual(destination.records[1].logEvents[0].extractedFields, { level: 'INFO', text: 'all is well' });
});

test('a delivery that fails is tried again, also after a restart, until a day has passed', async (t) => {
  const destination = new Destination();
  const logs = await startLogs(t, { invoke: destination.invoke });
  await logs.call('CreateLogGroup', { logGroupName: 'g' });
  await logs.call('PutSubscriptionFilter', filter);
  destination.records = [];
  destination.failure = new Error('busy');
  logs.sink.append(account, region, 'g', 's', startOfTest, 'ERROR 1');
  await logs.clock.advance(5_000);
  await logs.restart();
  await logs.clock.advance(5_000);
  assert.equal(destination.records.length, 0);
  destination.failure = undefined;
  await logs.clock.advance(20_000);
  assert.equal(destination.records.length, 1);
  destination.failure = new Error('busy');
  logs.sink.append(account, region, 'g', 's', startOfTest, 'ERROR 2');
  await logs.clock.advance(5_000);
  logs.clock.jump(86_400_000);
  await logs.clock.advance(300_000);
  destination.failure = undefined;
  await logs.clock.advance(600_000);
  assert.equal(destination.records.length, 1);
});

test('deleting a filter ends its deliveries', async (t) => {
  const destination = new Destination();
  const { call, sink, clock } = await startLogs(t, { invoke: destination.invoke });
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('PutSubscriptionFilter', filter);
  destination.records = [];
  destination.failure = new Error('busy');
  sink.append(account, region, 'g', 's', startOfTest, 'ERROR 1');
  await clock.advance(1_000);
  await call('DeleteSubscriptionFilter', { logGroupName: 'g', filterName: 'errors' });
  destination.failure = undefined;
  sink.append(account, region, 'g', 's', startOfTest, 'ERROR 2');
  await clock.advance(20_000);
  assert.deepEqual(destination.records, []);
});
