import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, region, startSqs } from './sqs-under-test.ts';

test('of queues in use it is told what stands in them, and how old the oldest message is', async (t) => {
  const { call, clock, create, measureQueues, metrics } = await startSqs(t);
  const QueueUrl = await create('used');
  await create('idle');
  for (let count = 0; count < 3; count++) await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  await call('SendMessage', { QueueUrl, MessageBody: 'm', DelaySeconds: 60 });
  await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
  clock.jump(7_500);
  metrics.length = 0;
  await measureQueues();
  assert.deepEqual(metrics, [
    { account, region, queueName: 'used', metric: 'ApproximateNumberOfMessagesVisible', value: 2 },
    { account, region, queueName: 'used', metric: 'ApproximateNumberOfMessagesNotVisible', value: 1 },
    { account, region, queueName: 'used', metric: 'ApproximateNumberOfMessagesDelayed', value: 1 },
    { account, region, queueName: 'used', metric: 'ApproximateAgeOfOldestMessage', value: 7 },
  ]);
});

test('six hours after its last use a queue is told of no more, and a deleted one at once', async (t) => {
  const { call, clock, create, measureQueues, metrics } = await startSqs(t);
  for (const name of ['kept', 'deleted']) {
    await call('SendMessage', { QueueUrl: await create(name), MessageBody: 'm' });
  }
  await call('DeleteQueue', { QueueUrl: await create('deleted') });
  metrics.length = 0;
  clock.jump(6 * 3_600_000);
  await measureQueues();
  assert.deepEqual(new Set(metrics.map(({ queueName }) => queueName)), new Set(['kept']));
  metrics.length = 0;
  clock.jump(1);
  await measureQueues();
  assert.deepEqual(metrics, []);
});
