// Retention and the merging of blocks, hours in milliseconds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, messagesOf, region, startLogs, startOfTest } from './logs-under-test.ts';

const day = 86_400_000;

test('a retention that AWS does not have is refused', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g' });
  await assert.rejects(call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 2 }), {
    code: 'InvalidParameterException',
    message:
      /^1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: \[1, 3, 5,/,
  });
});

test('expired events are hidden at once and deleted by the sweep', async (t) => {
  const { call, sink, clock } = await startLogs(t);
  sink.append(account, region, 'g', 's', startOfTest, 'old');
  sink.append(account, region, 'g', 's', startOfTest + day, 'new');
  await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 });
  assert.equal((await call('DescribeLogGroups', {})).logGroups![0]!.retentionInDays, 1);
  clock.jump(day + 1);
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g' })), ['new']);
  await clock.advance(600_000);
  await call('DeleteRetentionPolicy', { logGroupName: 'g' });
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g' })), ['new']);
  assert.equal((await call('DescribeLogGroups', {})).logGroups![0]!.storedBytes, 29);
  const [stream] = (await call('DescribeLogStreams', { logGroupName: 'g' })).logStreams!;
  assert.equal(stream!.firstEventTimestamp, startOfTest + day);
});

test('a group without retention keeps everything', async (t) => {
  const { call, sink, clock } = await startLogs(t);
  sink.append(account, region, 'g', 's', startOfTest, 'old');
  await clock.advance(100);
  clock.jump(3653 * day);
  await clock.advance(600_000);
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g' })), ['old']);
});

test('small blocks of a busy stream are merged, and read as before', async (t) => {
  const { call, sink, clock } = await startLogs(t);
  const expected: string[] = [];
  for (let index = 0; index < 250; index++) {
    sink.append(account, region, 'g', 's', clock.now(), `${index}`);
    expected.push(`${index}`);
    await clock.advance(100);
  }
  const before = await call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', startFromHead: true, limit: 10 });
  await clock.advance(10_000);
  const after = await call('GetLogEvents', {
    logGroupName: 'g',
    logStreamName: 's',
    nextToken: before.nextForwardToken,
  });
  assert.deepEqual([...messagesOf(before), ...messagesOf(after)], expected);
  assert.deepEqual(
    after.events!.map(({ ingestionTime, timestamp }) => ingestionTime! - timestamp!),
    after.events!.map(() => 100),
  );
});
