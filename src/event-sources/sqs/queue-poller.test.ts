// Polling a queue: batches, windows, filters, failures, scaling and back-off, with time that the test sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsError } from '../../core/errors.ts';
import { turns } from '../../core/testing/manual-clock.ts';
import { FakeAws, queueArn, role } from '../testing/fake-calls.ts';
import { pollQueue } from './index.ts';

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`);
const throttle = new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });

test('a message wakes the mapping, is handed over as AWS does, and is deleted', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping(), aws.parts);
  await turns();
  assert.equal(aws.waiting, 1);
  await aws.send({
    id: 'm1',
    body: 'hello',
    attributes: { AWSTraceHeader: 'Root=1-2-3' },
    messageAttributes: {
      a: { DataType: 'String', StringValue: 'x' },
      b: { DataType: 'Binary', BinaryValue: Buffer.from('y') },
    },
  });
  const [invocation] = aws.invocations;
  assert.deepEqual(invocation!.event, {
    Records: [
      {
        messageId: 'm1',
        receiptHandle: 'm1#1',
        body: 'hello',
        attributes: { ApproximateReceiveCount: '1', AWSTraceHeader: 'Root=1-2-3', SenderId: 'sender' },
        messageAttributes: {
          a: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
          b: { binaryValue: 'eQ==', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
        },
        md5OfMessageAttributes: 'md5a',
        md5OfBody: 'md5',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn,
        awsRegion: 'eu-west-1',
      },
    ],
  });
  assert.equal(invocation!.call.arn, role);
  assert.deepEqual(invocation!.call.headers, { 'x-amzn-trace-id': 'Root=1-2-3' });
  await invocation!.answer(null);
  assert.equal(aws.messages.length, 0);
  await poller.stop();
});

test('an idle mapping is one long poll', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping(), aws.parts);
  await aws.clock.advance(200_000);
  assert.equal(aws.calls.filter((name) => name === 'ReceiveMessage').length, 11);
  assert.equal(aws.waiting, 1);
  await poller.stop();
  assert.equal(aws.waiting, 0);
  assert.equal(aws.clock.timers, 0);
});

test('five batches run at first, 300 more after a minute, and few again when nothing comes', async () => {
  const aws = new FakeAws();
  aws.visibilityMs = 3_600_000;
  const poller = pollQueue(aws.mapping({ BatchSize: 1 }), aws.parts);
  await aws.send(...numbered(400));
  assert.equal(aws.running.length, 5);
  await aws.clock.advance(30_000);
  assert.ok(Math.abs(aws.running.length - 155) <= 5, `${aws.running.length}`);
  await aws.clock.advance(30_000);
  assert.ok(Math.abs(aws.running.length - 305) <= 5, `${aws.running.length}`);
  aws.handler = () => null;
  for (const each of aws.running) await each.answer(null);
  await turns();
  assert.equal(aws.messages.length, 0);
  aws.handler = undefined;
  await aws.clock.advance(60_000);
  await aws.send(...numbered(20));
  assert.equal(aws.running.length, 5);
  for (const each of aws.running) void each.answer(null);
  void poller.stop();
});

test('MaximumConcurrency and provisioned pollers bound what runs', async () => {
  for (const [settings, first, later] of [
    [{ ScalingConfig: { MaximumConcurrency: 2 } }, 2, 2],
    [{ ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 3 } }, 20, 30],
  ] as const) {
    const aws = new FakeAws();
    aws.visibilityMs = 3_600_000;
    const poller = pollQueue(aws.mapping({ BatchSize: 1, ...settings }), aws.parts);
    await aws.send(...numbered(50));
    assert.equal(aws.running.length, first);
    await aws.clock.advance(120_000);
    assert.equal(aws.running.length, later);
    if (first === 20) assert.equal(aws.counts.ProvisionedPollers, 2 + 3 + 3);
    void poller.stop();
  }
});

test('a failed batch comes again when its messages are visible again', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ MetricsConfig: { Metrics: ['EventCount'] } }), aws.parts);
  await aws.send('a', 'b');
  await aws.invocations[0]!.fail();
  await aws.clock.advance(29_000);
  assert.equal(aws.invocations.length, 1);
  await aws.clock.advance(1_000);
  assert.deepEqual(aws.invocations[1]!.bodies, ['a', 'b']);
  assert.equal(aws.invocations[1]!.event.Records[0]!['attributes'].ApproximateReceiveCount, '2');
  await aws.invocations[1]!.answer({});
  assert.equal(aws.messages.length, 0);
  assert.deepEqual(aws.counts, {
    PolledEventCount: 4,
    InvokedEventCount: 4,
    FailedInvokeEventCount: 2,
    DeletedEventCount: 2,
  });
  await poller.stop();
});

test('what a function reports as failed comes again, the rest is deleted', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ FunctionResponseTypes: ['ReportBatchItemFailures'] }), aws.parts);
  await aws.send('a', 'b', 'c');
  await aws.invocations[0]!.answer({ batchItemFailures: [{ itemIdentifier: 'id-b' }] });
  assert.deepEqual(
    aws.messages.map(({ body }) => body),
    ['b'],
  );
  await aws.clock.advance(30_000);
  await aws.invocations[1]!.answer({ batchItemFailures: [{ itemIdentifier: 'unknown' }] });
  assert.equal(aws.messages.length, 1);
  await aws.clock.advance(30_000);
  await aws.invocations[2]!.answer({ batchItemFailures: [] });
  assert.equal(aws.messages.length, 0);
  await poller.stop();
});

test('what the filters do not let pass is deleted, and never counted into a batch', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(
    aws.mapping({
      MetricsConfig: { Metrics: ['EventCount'] },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"k":["v"]}}' }, { Pattern: '{"body":["plain"]}' }] },
    }),
    aws.parts,
  );
  await aws.send('{"k":"v"}', 'plain', 'other', '{"k":"w"}', '["plain"]', '"plain"');
  assert.deepEqual(aws.invocations[0]!.bodies, ['{"k":"v"}', 'plain', '"plain"']);
  assert.equal(aws.messages.length, 3);
  assert.equal(aws.counts.FilteredOutEventCount, 3);
  await aws.invocations[0]!.answer(null);
  await aws.send('other');
  assert.equal(aws.invocations.length, 1);
  assert.equal(aws.messages.length, 0);
  await poller.stop();
});

test('a window gathers large batches, and ends when it is over or the batch is full', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ BatchSize: 25, MaximumBatchingWindowInSeconds: 10 }), aws.parts);
  await aws.send(...numbered(12));
  await aws.clock.advance(5_000);
  await aws.send(...numbered(3, 12));
  assert.equal(aws.invocations.length, 0);
  await aws.clock.advance(5_000);
  assert.deepEqual(aws.invocations[0]!.bodies, numbered(15));
  assert.equal(aws.invocations[0]!.event.Records[0]!['md5OfMessageAttributes'], null);
  await aws.invocations[0]!.answer(null);
  await aws.send(...numbered(26));
  assert.equal(aws.invocations[1]!.bodies.length, 25);
  await aws.invocations[1]!.answer(null);
  await aws.clock.advance(10_000);
  assert.equal(aws.invocations[2]!.bodies.length, 1);
  await aws.invocations[2]!.answer(null);
  assert.equal(aws.messages.length, 0);
  await poller.stop();
});

test('what was gathered is invoked with, also when the queue is gone before the window is over', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ BatchSize: 25, MaximumBatchingWindowInSeconds: 10 }), aws.parts);
  await aws.send('a');
  aws.faults['ReceiveMessage'] = new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  await aws.send('b');
  await aws.clock.advance(1);
  assert.deepEqual(aws.invocations[0]!.bodies, ['a', 'b']);
  await aws.invocations[0]!.answer(null);
  assert.equal(poller.problem, 'PROBLEM: The specified queue does not exist.');
  await poller.stop();
});

test('no invocation has more than 6 MB', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping(), aws.parts);
  const large = 'x'.repeat(1024 * 1024);
  const messages = numbered(10).map((id) => ({ id, body: large }));
  await aws.send(...messages);
  assert.equal(aws.invocations[0]!.bodies.length, 5);
  await aws.invocations[0]!.answer(null);
  assert.equal(aws.invocations[1]!.bodies.length, 5);
  await aws.invocations[1]!.answer(null);
  assert.equal(aws.messages.length, 0);
  await poller.stop();
});

test('of a FIFO queue a failed group waits, and others go on', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ BatchSize: 1 }, 'sqs-fifo'), aws.parts);
  await aws.send(
    { id: 'a1', body: 'a1', group: 'a' },
    { id: 'b1', body: 'b1', group: 'b' },
    { id: 'a2', body: 'a2', group: 'a' },
  );
  assert.deepEqual(
    aws.invocations.map(({ bodies }) => bodies),
    [['a1'], ['b1']],
  );
  await aws.invocations[0]!.fail();
  await aws.invocations[1]!.answer(null);
  await aws.clock.advance(29_000);
  assert.equal(aws.invocations.length, 2);
  await aws.clock.advance(1_000);
  assert.deepEqual(aws.invocations[2]!.bodies, ['a1']);
  await aws.invocations[2]!.answer(null);
  assert.deepEqual(aws.invocations[3]!.bodies, ['a2']);
  await aws.invocations[3]!.answer(null);
  await poller.stop();
});

test('of a FIFO batch in two invocations, what comes behind a failure in its group is left', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({}, 'sqs-fifo'), aws.parts);
  const body = 'x'.repeat(2 * 1024 * 1024);
  await aws.send(...['a1', 'a2', 'b1', 'a3', 'b2'].map((id) => ({ id, body, group: id[0]! })));
  const ids = (index: number) => aws.invocations[index]!.event.Records.map((record) => record['messageId']);
  assert.deepEqual(ids(0), ['a1', 'a2']);
  await aws.invocations[0]!.fail();
  assert.deepEqual(ids(1), ['b1']);
  await aws.invocations[1]!.answer(null);
  assert.deepEqual(ids(2), ['b2']);
  await aws.invocations[2]!.answer(null);
  assert.deepEqual(
    aws.messages.map(({ id }) => id),
    ['a1', 'a2', 'a3'],
  );
  await poller.stop();
});

test('a throttled batch is tried again until its messages could come again, by fewer at once', async () => {
  const aws = new FakeAws();
  aws.faults['Invoke'] = throttle;
  const poller = pollQueue(aws.mapping(), aws.parts);
  await aws.send('a');
  await aws.clock.advance(2_000);
  assert.ok(aws.calls.filter((name) => name === 'Invoke').length > 2);
  aws.faults['Invoke'] = undefined;
  await aws.clock.advance(5_000);
  await aws.invocations[0]!.answer(null);
  assert.equal(aws.messages.length, 0);

  aws.faults['Invoke'] = throttle;
  await aws.send('b');
  await aws.clock.advance(29_000);
  const tries = aws.calls.filter((name) => name === 'Invoke').length;
  aws.faults['Invoke'] = undefined;
  await aws.clock.advance(900);
  assert.equal(aws.calls.filter((name) => name === 'Invoke').length, tries);
  await aws.clock.advance(200);
  assert.equal(aws.invocations[1]!.event.Records[0]!['attributes'].ApproximateReceiveCount, '2');
  await aws.invocations[1]!.answer(null);
  await poller.stop();
});

test('of a queue that is gone the problem is told, and it is asked for less and less often', async () => {
  const aws = new FakeAws();
  aws.faults['GetQueueUrl'] = new AwsError(
    'AWS.SimpleQueueService.NonExistentQueue',
    'The specified queue does not exist.',
  );
  const poller = pollQueue(aws.mapping(), aws.parts);
  await aws.clock.advance(600_000);
  assert.equal(poller.problem, 'PROBLEM: The specified queue does not exist.');
  const tries = aws.calls.filter((name) => name === 'GetQueueUrl').length;
  assert.ok(tries < 20, `${tries}`);
  aws.faults['GetQueueUrl'] = undefined;
  aws.handler = () => null;
  await aws.send('a');
  await aws.clock.advance(80_000);
  assert.equal(aws.messages.length, 0);
  assert.equal(poller.problem, undefined);
  await poller.stop();
});

test('of a function that is gone nothing is received', async () => {
  const aws = new FakeAws();
  aws.faults['GetFunctionConfiguration'] = new AwsError('ResourceNotFoundException', 'Function not found', {
    status: 404,
  });
  const poller = pollQueue(aws.mapping(), aws.parts);
  await aws.send('a');
  await aws.clock.advance(100_000);
  assert.equal(poller.problem, 'PROBLEM: Function not found');
  assert.ok(!aws.calls.includes('ReceiveMessage'));
  await poller.stop();
});

test('stopping ends when what was taken has been dealt with', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping(), aws.parts);
  await aws.send('a');
  let stopped = false;
  const stopping = poller.stop().then(() => {
    stopped = true;
  });
  await aws.send('b');
  assert.equal(stopped, false);
  await aws.invocations[0]!.answer(null);
  await stopping;
  assert.deepEqual(
    aws.messages.map(({ body }) => body),
    ['b'],
  );
  assert.equal(aws.invocations.length, 1);
  assert.equal(aws.clock.timers, 0);
});

test('an update holds for the next batch, also where a poll was waiting', async () => {
  const aws = new FakeAws();
  const poller = pollQueue(aws.mapping({ BatchSize: 10 }), aws.parts);
  await turns();
  poller.update(aws.mapping({ BatchSize: 1 }));
  await aws.send('a', 'b');
  assert.deepEqual(
    aws.invocations.map(({ bodies }) => bodies),
    [['a'], ['b']],
  );
  for (const each of aws.running) await each.answer(null);
  await poller.stop();
});
