// What the sink takes in is what readers get: order, durability, splitting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../../core/logger.ts';
import { bounds, limits } from './limits.ts';
import { BufferedLogSink } from './log-sink.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { account, messagesOf, region, startLogs, startOfTest } from './logs-under-test.ts';
import type { Batch, StoredBatch } from './store/index.ts';

const group = '/aws/lambda/greeter';
const stream = '2026/03/01/[$LATEST]0123';

test('an empty record is not stored', async (t) => {
  const { sink, call } = await startLogs(t);
  sink.append(account, region, group, stream, startOfTest, '');
  await assert.rejects(call('GetLogEvents', { logGroupName: group, logStreamName: stream }), {
    message: 'The specified log group does not exist.',
  });
});

test('the group and the stream spring into being with the first record, which is readable at once', async (t) => {
  const { sink, call } = await startLogs(t);
  sink.append(account, region, group, stream, startOfTest, 'START');
  const page = await call('GetLogEvents', { logGroupName: group, logStreamName: stream });
  assert.deepEqual(page.events, [{ timestamp: startOfTest, message: 'START', ingestionTime: startOfTest }]);
});

test('records are in order of time, and of arrival where times are equal', async (t) => {
  const { sink, call } = await startLogs(t);
  for (const [offset, message] of [
    [5, 'c'],
    [1, 'a'],
    [5, 'd'],
    [1, 'b'],
  ] as const) {
    sink.append(account, region, group, stream, startOfTest + offset, message);
  }
  await call('GetLogEvents', { logGroupName: group, logStreamName: stream });
  sink.append(account, region, group, stream, startOfTest + 2, 'b2');
  const page = await call('GetLogEvents', { logGroupName: group, logStreamName: stream, startFromHead: true });
  assert.deepEqual(messagesOf(page), ['a', 'b', 'b2', 'c', 'd']);
});

test('records of other accounts and regions are not seen', async (t) => {
  const { sink, call } = await startLogs(t);
  sink.append(account, region, group, stream, startOfTest, 'mine');
  sink.append('111111111111', region, group, stream, startOfTest, 'theirs');
  sink.append(account, 'us-east-1', group, stream, startOfTest, 'elsewhere');
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: group })), ['mine']);
});

test('records are stored by the clock, and survive a crash after that', async (t) => {
  const logs = await startLogs(t);
  logs.sink.append(account, region, group, stream, startOfTest, 'kept');
  await logs.clock.advance(100);
  await logs.crash();
  assert.deepEqual(messagesOf(await logs.call('FilterLogEvents', { logGroupName: group })), ['kept']);
});

test('stopping stores what is in memory', async (t) => {
  const logs = await startLogs(t);
  logs.sink.append(account, region, group, stream, startOfTest, 'last words');
  await logs.restart();
  assert.deepEqual(messagesOf(await logs.call('FilterLogEvents', { logGroupName: group })), ['last words']);
});

test('a record longer than an event may be becomes several, none of them cut within a character', async (t) => {
  const { sink, call } = await startLogs(t);
  const message = `${'x'.repeat(limits.eventBytes - limits.eventOverheadBytes - 1)}€${'y'.repeat(10)}`;
  sink.append(account, region, group, stream, startOfTest, message);
  const parts: string[] = [];
  for (let token: string | undefined; ; ) {
    const page = await call('FilterLogEvents', { logGroupName: group, nextToken: token });
    parts.push(...messagesOf(page));
    token = page.nextToken;
    if (token === undefined) break;
  }
  assert.equal(parts.length, 2);
  assert.equal(parts[1], `€${'y'.repeat(10)}`);
  assert.equal(parts.join(''), message);
});

test('a stream deleted under the sink springs into being again', async (t) => {
  const { sink, call } = await startLogs(t);
  sink.append(account, region, group, stream, startOfTest, 'before');
  await call('DeleteLogGroup', { logGroupName: group });
  sink.append(account, region, group, stream, startOfTest, 'after');
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: group })), ['after']);
});

test('whatever the order of appends and flushes, events read back as appended, forward and backward, page by page', async (t) => {
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 12; round++) {
    const { sink, call, clock } = await startLogs(t);
    const streams = Array.from({ length: 1 + random(4) }, (_, index) => `s${index}`);
    const appended: { stream: string; time: number; message: string }[] = [];
    const spread = [10, 5_000, 3_600_000][round % 3]!;
    for (let index = 0; index < 400; index++) {
      const event = {
        stream: streams[random(streams.length)]!,
        time: startOfTest + random(spread),
        message: `${index}\u{1f600}`,
      };
      appended.push(event);
      sink.append(account, region, group, event.stream, event.time, event.message);
      if (random(10) === 0) await clock.advance(100);
    }
    for (const stream of streams) {
      // Array.sort is stable: equal times stay in order of arrival.
      const expected = appended
        .filter((each) => each.stream === stream)
        .sort((a, b) => a.time - b.time)
        .map(({ message }) => message);
      for (const startFromHead of [true, false]) {
        let read: string[] = [];
        for (let token: string | undefined; ; ) {
          const page = await call('GetLogEvents', {
            logGroupName: group,
            logStreamName: stream,
            startFromHead,
            limit: 7,
            nextToken: token,
          });
          const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
          read = startFromHead ? [...read, ...messagesOf(page)] : [...messagesOf(page), ...read];
          if (next === token) break;
          token = next;
        }
        assert.deepEqual(read, expected);
      }
    }
    for (const startFromHead of [true, false]) {
      const read: { time: number; message: string }[] = [];
      for (let token: string | undefined; ; ) {
        const page = await call('FilterLogEvents', { logGroupName: group, limit: 13, nextToken: token, startFromHead });
        for (const { timestamp, message } of page.events!) read.push({ time: timestamp!, message: message! });
        token = page.nextToken;
        if (token === undefined) break;
      }
      const times = read.map(({ time }) => time);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => (startFromHead ? a - b : b - a)),
      );
      assert.deepEqual(read.map(({ message }) => message).sort(), appended.map(({ message }) => message).sort());
    }
  }
});

test('records that cannot be stored are kept, and stored in order when the disk works again', async () => {
  const clock = new ManualClock({ start: startOfTest });
  const written: Batch[] = [];
  let failing = true;
  const sink = new BufferedLogSink(
    async (batches) => {
      if (failing) throw new Error('no space left on device');
      written.push(...batches);
      return batches.map((batch) => ({ ...batch, streamId: 1 })) as StoredBatch[];
    },
    clock,
    createLogger('silent'),
  );
  sink.append(account, region, group, stream, startOfTest, 'a');
  await assert.rejects(sink.flush(), /no space left/);
  sink.append(account, region, group, stream, startOfTest, 'b');
  failing = false;
  await clock.advance(100);
  assert.deepEqual(
    written.map(({ messages }) => messages),
    [['a', 'b']],
  );
});

test('unflushed records are bounded: a flush starts at one bound, records are dropped at another', async () => {
  let writes = 0;
  let release = () => {};
  const written: string[] = [];
  const sink = new BufferedLogSink(
    async (batches) => {
      writes++;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      for (const { messages } of batches) written.push(...messages);
      return batches as StoredBatch[];
    },
    new ManualClock({ start: startOfTest }),
    createLogger('silent'),
  );
  const message = 'x'.repeat(250_000);
  const count = Math.ceil(bounds.unflushedLength / message.length) + 10;
  for (let index = 0; index < count; index++) sink.append(account, region, group, stream, startOfTest, message);
  await new Promise(setImmediate);
  assert.equal(writes, 1);
  release();
  const flushed = sink.flush();
  await new Promise(setImmediate);
  release();
  await flushed;
  const kept = Math.floor(bounds.unflushedLength / message.length) + 1;
  assert.equal(written.length, kept);
  sink.append(account, region, group, stream, startOfTest, 'room again');
  const last = sink.flush();
  await new Promise(setImmediate);
  release();
  await last;
  assert.equal(written.at(-1), 'room again');
});
