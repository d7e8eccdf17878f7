// Receivers that wait: who is woken when, and that nothing is lost to one that has gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turns } from '../../core/testing/manual-clock.ts';
import { startSqs } from './sqs-under-test.ts';

const bodiesOf = ({ Messages }: { Messages?: { Body?: string | undefined }[] | undefined }) =>
  (Messages ?? []).map(({ Body }) => Body);

test('a receiver that waits is woken by a message, and one that waits in vain answers in the end', async (t) => {
  const { call, clock, create, metrics } = await startSqs(t);
  const QueueUrl = await create('waited-for');
  const first = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  const second = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
  await turns();
  await call('SendMessage', { QueueUrl, MessageBody: 'one' });
  assert.deepEqual(bodiesOf(await first), ['one']);
  await clock.advance(10_000);
  assert.deepEqual(bodiesOf(await second), []);
  const told = metrics.map(({ metric, value }) => `${metric} ${value}`);
  assert.deepEqual(told, [
    'NumberOfMessagesSent 1',
    'SentMessageSize 3',
    'NumberOfMessagesReceived 1',
    'NumberOfEmptyReceives 1',
  ]);
});

test('a queue waits as long as its attribute says where the request does not', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('patient', { ReceiveMessageWaitTimeSeconds: '5' });
  let answered = false;
  const waiting = call('ReceiveMessage', { QueueUrl }).then((answer) => {
    answered = true;
    return answer;
  });
  await turns();
  await clock.advance(4_999);
  assert.equal(answered, false);
  await clock.advance(1);
  assert.deepEqual(bodiesOf(await waiting), []);
  assert.deepEqual(bodiesOf(await call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 0 })), []);
});

test('a delayed message and one whose visibility timeout passes wake a receiver at that moment', async (t) => {
  const { call, clock, create } = await startSqs(t);
  const QueueUrl = await create('alarm');
  await call('SendMessage', { QueueUrl, MessageBody: 'late', DelaySeconds: 3 });
  const delayed = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20, VisibilityTimeout: 7 });
  await turns();
  await clock.advance(3_000);
  assert.deepEqual(bodiesOf(await delayed), ['late']);
  const again = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  await clock.advance(7_000);
  assert.deepEqual(bodiesOf(await again), ['late']);
});

test('a message that is given back wakes a receiver at once', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('given-back');
  await call('SendMessage', { QueueUrl, MessageBody: 'again' });
  const { Messages } = await call('ReceiveMessage', { QueueUrl });
  const waiting = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  const { ReceiptHandle } = Messages![0]!;
  await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  assert.deepEqual(bodiesOf(await waiting), ['again']);
});

test('deleting the message in flight lets a waiting receiver have the next one of its group', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('groups.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (const MessageBody of ['1', '2']) await call('SendMessage', { QueueUrl, MessageBody, MessageGroupId: 'g' });
  const { Messages } = await call('ReceiveMessage', { QueueUrl });
  const waiting = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle! });
  assert.deepEqual(bodiesOf(await waiting), ['2']);
});

test('a client that goes stops waiting, and its place is taken by the next one', async (t) => {
  const { call, create, clock } = await startSqs(t);
  const QueueUrl = await create('gone');
  const client = new AbortController();
  const left = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, { signal: client.signal });
  const stays = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  client.abort();
  assert.deepEqual(bodiesOf(await left), []);
  await call('SendMessage', { QueueUrl, MessageBody: 'kept' });
  assert.deepEqual(bodiesOf(await stays), ['kept']);
  assert.ok(clock.timers <= 1, 'no timer of a receiver is left');
});

test('what was taken for a client that has gone by then is visible again at once, as if never received', async (t) => {
  const { call, create } = await startSqs(t);
  for (const [name, attributes] of [
    ['put-back', {}],
    ['put-back.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }],
  ] as const) {
    const QueueUrl = await create(name, attributes);
    const group = name.endsWith('.fifo') ? { MessageGroupId: 'g' } : {};
    await call('SendMessage', { QueueUrl, MessageBody: 'one', ...group });
    // Says that it is there when the messages are looked for, and not any more when they are handed out.
    let looks = 0;
    const signal = Object.defineProperty(new EventTarget(), 'aborted', { get: () => ++looks > 1 }) as AbortSignal;
    assert.deepEqual(bodiesOf(await call('ReceiveMessage', { QueueUrl }, { signal })), []);
    assert.equal(looks, 2);
    const { Messages } = await call('ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'] });
    assert.equal(Messages?.[0]?.Attributes?.ApproximateReceiveCount, '1');
  }
});

test('every one of many receivers gets its message when as many are sent at once', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('crowd');
  const waiting = Array.from({ length: 10 }, () => call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }));
  await turns();
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: `${index}` }));
  await call('SendMessageBatch', { QueueUrl, Entries: Entries as never });
  const received = (await Promise.all(waiting)).flatMap(bodiesOf);
  assert.deepEqual(
    received.sort(),
    Entries.map(({ MessageBody }) => MessageBody),
  );
});

test('a queue that is deleted lets its receivers go', async (t) => {
  const { call, create } = await startSqs(t);
  const QueueUrl = await create('deleted');
  const waiting = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await turns();
  await call('DeleteQueue', { QueueUrl });
  assert.deepEqual(bodiesOf(await waiting), []);
});
