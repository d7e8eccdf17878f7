// Sending and receiving over hours, with the time in the test's hands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from './limits.ts';
import { turns } from '../../core/testing/manual-clock.ts';
import { account, region, startOfTest, startSqs } from './sqs-under-test.ts';

const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const redrive = (name: string, maxReceiveCount: number) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

test('a visibility timeout is extended up to twelve hours after the message was received', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('q');
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  const { Messages } = await call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 43_200 });
  const { ReceiptHandle } = Messages![0]!;
  clock.jump(3_600_000);
  await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 39_600 });
  await assert.rejects(call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 39_601 }), {
    code: 'InvalidParameterValueException',
    message:
      'Value 39601 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  });
});

test('a message expires after the retention period, also one that was moved to the dead letters', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const dead = await create('dead', { MessageRetentionPeriod: '120' });
  const QueueUrl = await create('q', { RedrivePolicy: redrive('dead', 1) });
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  await call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
  clock.jump(60_000);
  assert.deepEqual(await call('ReceiveMessage', { QueueUrl }), {});
  const seen = await call('ReceiveMessage', {
    QueueUrl: dead,
    VisibilityTimeout: 0,
    MessageSystemAttributeNames: ['All'],
  });
  assert.deepEqual(seen.Messages?.[0]?.Attributes, {
    SenderId: account,
    SentTimestamp: String(startOfTest),
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: String(startOfTest),
    DeadLetterQueueSourceArn: arnOf('q'),
  });
  clock.jump(59_999);
  assert.equal((await call('ReceiveMessage', { QueueUrl: dead, VisibilityTimeout: 0 })).Messages?.length, 1);
  clock.jump(1);
  assert.deepEqual(await call('ReceiveMessage', { QueueUrl: dead }), {});
});

test('what was deleted, purged or has expired is cleared away in the background', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('q', { MessageRetentionPeriod: '60' });
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  await call('PurgeQueue', { QueueUrl });
  await call('SendMessage', { QueueUrl, MessageBody: 'n' });
  await clock.advance(3_600_000);
  await turns();
  const { Attributes } = await call('GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  assert.deepEqual(Attributes, { ApproximateNumberOfMessages: '0' });
});

test('a queue is purged once a minute', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('q');
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  const { Messages } = await call('ReceiveMessage', { QueueUrl });
  await call('PurgeQueue', { QueueUrl });
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle! });
  await assert.rejects(call('PurgeQueue', { QueueUrl }), { code: 'PurgeQueueInProgress' });
  clock.jump(60_000);
  await call('PurgeQueue', { QueueUrl });
});

test('a name can be used again a minute after its queue was deleted', async (t) => {
  const { call, clock, create } = await startSqs(t);
  await call('DeleteQueue', { QueueUrl: await create('q') });
  clock.jump(59_999);
  await assert.rejects(create('q'), { code: 'QueueDeletedRecently' });
  clock.jump(1);
  const QueueUrl = await create('q');
  assert.deepEqual(await call('ReceiveMessage', { QueueUrl }), {});
});

test('a FIFO queue accepts a message again five minutes later, and tells of the first one until then', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('q.fifo', { FifoQueue: 'true' });
  const message = { QueueUrl, MessageBody: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  const first = await call('SendMessage', message);
  clock.jump(limits.deduplicationMs - 1);
  assert.deepEqual(await call('SendMessage', { ...message, MessageGroupId: 'h' }), first);
  clock.jump(1);
  const second = await call('SendMessage', message);
  assert.match(first.SequenceNumber!, /^\d{20}$/);
  assert.ok(second.SequenceNumber! > first.SequenceNumber!);
  assert.notEqual(second.MessageId, first.MessageId);
});

test('a group opens once its first message is visible, though later ones are in flight', async (t) => {
  const { call, clock, create } = await startSqs(t);
  for (const VisibilityTimeout of [0, 1]) {
    const QueueUrl = await create(`released-${VisibilityTimeout}.fifo`, {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
    for (const MessageBody of ['g1-m1', 'g1-m2', 'g2-m1']) {
      await call('SendMessage', { QueueUrl, MessageBody, MessageGroupId: MessageBody.slice(0, 2) });
    }
    const receive = async (MaxNumberOfMessages: number) =>
      (await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages })).Messages ?? [];
    const [first, second] = await receive(2);
    assert.deepEqual([first?.Body, second?.Body], ['g1-m1', 'g1-m2']);
    clock.jump(1);
    await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: first!.ReceiptHandle, VisibilityTimeout });
    clock.jump(2000 * VisibilityTimeout);
    assert.deepEqual(
      (await receive(3)).map(({ Body }) => Body),
      ['g2-m1', 'g1-m1'],
    );
  }
});

test('deduplication by group takes the same id in two groups for two messages', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('q.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  const ids = new Set<string | undefined>();
  for (const MessageGroupId of ['g', 'h', 'g']) {
    ids.add((await call('SendMessage', { QueueUrl, MessageBody: 'm', MessageGroupId })).MessageId);
  }
  assert.equal(ids.size, 2);
});

test('a receive attempt that is made again is answered as before, until something of it has changed', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (const MessageBody of ['1', '2']) await call('SendMessage', { QueueUrl, MessageBody, MessageGroupId: 'g' });
  const ask = { QueueUrl, MaxNumberOfMessages: 2, ReceiveRequestAttemptId: 'attempt' };
  const first = await call('ReceiveMessage', ask);
  clock.jump(29_999);
  assert.deepEqual(await call('ReceiveMessage', ask), first);
  clock.jump(29_999);
  assert.deepEqual(await call('ReceiveMessage', ask), first);
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: first.Messages![0]!.ReceiptHandle! });
  assert.deepEqual(await call('ReceiveMessage', ask), {});
});

test('the delay of a FIFO queue holds for messages that it has, that of a standard queue for new ones', async (t) => {
  const { call, create } = await startSqs(t);
  const fifo = await create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const standard = await create('q');
  await call('SendMessage', { QueueUrl: fifo, MessageBody: 'm', MessageGroupId: 'g' });
  await call('SendMessage', { QueueUrl: standard, MessageBody: 'm' });
  for (const QueueUrl of [fifo, standard]) {
    await call('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '10' } });
  }
  assert.deepEqual(await call('ReceiveMessage', { QueueUrl: fifo }), {});
  assert.equal((await call('ReceiveMessage', { QueueUrl: standard })).Messages?.length, 1);
});

test('the trace of a request is handed on to whoever receives the message, unless the message has one of its own', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('q');
  const headers = { 'x-amzn-trace-id': 'Root=1-from-header' };
  const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-own' } };
  const sent = await call('SendMessage', { QueueUrl, MessageBody: '1' }, { headers });
  assert.equal(sent.MD5OfMessageSystemAttributes, undefined);
  await call('SendMessage', { QueueUrl, MessageBody: '2', MessageSystemAttributes: own }, { headers });
  const { Messages } = await call('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['AWSTraceHeader'],
  });
  assert.deepEqual(
    Messages?.map(({ Attributes }) => Attributes),
    [{ AWSTraceHeader: 'Root=1-from-header' }, { AWSTraceHeader: 'Root=1-own' }],
  );
});

test('a move task takes dead letters back to where they came from, as new messages', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const dead = await create('dead');
  const urls = [];
  for (const name of ['a', 'b']) {
    const QueueUrl = await create(name, { RedrivePolicy: redrive('dead', 1), VisibilityTimeout: '0' });
    await call('SendMessage', { QueueUrl, MessageBody: name });
    await call('ReceiveMessage', { QueueUrl });
    assert.deepEqual(await call('ReceiveMessage', { QueueUrl }), {});
    urls.push(QueueUrl);
  }
  clock.jump(1_000);
  const { TaskHandle } = await call('StartMessageMoveTask', { SourceArn: arnOf('dead') });
  await clock.advance(1_000);
  const { Results } = await call('ListMessageMoveTasks', { SourceArn: arnOf('dead') });
  assert.deepEqual(JSON.parse(JSON.stringify(Results)), [
    {
      Status: 'COMPLETED',
      SourceArn: arnOf('dead'),
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: startOfTest + 1_000,
    },
  ]);
  await assert.rejects(call('CancelMessageMoveTask', { TaskHandle: TaskHandle! }), {
    message: 'Only active tasks can be cancelled.',
  });
  for (const [index, QueueUrl] of urls.entries()) {
    const { Messages } = await call('ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'] });
    assert.equal(Messages?.[0]?.Body, ['a', 'b'][index]);
    assert.equal(Messages?.[0]?.Attributes?.ApproximateReceiveCount, '1');
    assert.equal(Messages?.[0]?.Attributes?.SentTimestamp, String(startOfTest + 1_000));
  }
  assert.deepEqual(await call('ReceiveMessage', { QueueUrl: dead }), {});
});

test('a move task keeps to its rate, goes on after a restart, and is cancelled or fails half-way', async (t) => {
  const { call, clock, create, restart } = await startSqs(t);
  const dead = await create('dead');
  await create('q', { RedrivePolicy: redrive('dead', 1) });
  const to = await create('to');
  for (let index = 0; index < 10; index++) await call('SendMessage', { QueueUrl: dead, MessageBody: `${index}` });
  const start = { SourceArn: arnOf('dead'), DestinationArn: arnOf('to'), MaxNumberOfMessagesPerSecond: 1 };
  const { TaskHandle } = await call('StartMessageMoveTask', start);
  await assert.rejects(call('StartMessageMoveTask', start), {
    message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  });
  const running = await call('ListMessageMoveTasks', { SourceArn: arnOf('dead') });
  assert.equal(running.Results?.[0]?.TaskHandle, TaskHandle);
  await clock.advance(2_000);
  await restart();
  await clock.advance(1_000);
  const cancelled = await call('CancelMessageMoveTask', { TaskHandle: TaskHandle! });
  assert.equal(cancelled.ApproximateNumberOfMessagesMoved, 3);
  await clock.advance(5_000);
  await call('StartMessageMoveTask', start);
  await clock.advance(2_000);
  await call('DeleteQueue', { QueueUrl: to });
  await clock.advance(2_000);
  const { Results } = await call('ListMessageMoveTasks', { SourceArn: arnOf('dead'), MaxResults: 10 });
  assert.deepEqual(
    Results?.map(({ Status, ApproximateNumberOfMessagesMoved: moved, FailureReason: reason }) => [
      Status,
      moved,
      reason,
    ]),
    [
      ['FAILED', 2, 'AWS.SimpleQueueService.NonExistentQueue'],
      ['CANCELLED', 3, undefined],
    ],
  );
});

test('a queue that many create at once is one queue', async (t) => {
  const { call, create } = await startSqs(t);
  const urls = await Promise.all(Array.from({ length: 5 }, () => create('q')));
  assert.equal(new Set(urls).size, 1);
  const QueueUrl = urls[0]!;
  const waiting = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  await call('PurgeQueue', { QueueUrl });
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  assert.equal((await waiting).Messages?.[0]?.Body, 'm');
});

test('a dead-letter queue decides who may use it', async (t) => {
  const { call, create } = await startSqs(t);
  const dead = await create('dead', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  const policy = { RedrivePolicy: redrive('dead', 1) };
  await assert.rejects(create('q', policy), {
    code: 'InvalidParameterValueException',
    message: /does not have permission/,
  });
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('q')] });
  await call('SetQueueAttributes', { QueueUrl: dead, Attributes: { RedriveAllowPolicy } });
  await assert.rejects(create('other', policy), { code: 'InvalidParameterValueException' });
  await create('q', policy);
  await assert.rejects(create('lost', { RedrivePolicy: redrive('absent', 1) }), {
    message: `Value ${redrive('absent', 1)} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
  });
});

test('queues that nobody uses have no timer of their own', async (t) => {
  const { call, clock, create } = await startSqs(t);
  for (let index = 0; index < 20; index++) {
    const QueueUrl = await create(`idle-${index}`);
    await call('SendMessage', { QueueUrl, MessageBody: 'm', DelaySeconds: 60 });
    await call('ReceiveMessage', { QueueUrl });
  }
  assert.equal(clock.timers, 1);
});
