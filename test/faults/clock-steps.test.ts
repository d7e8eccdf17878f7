// The machine's clock is set on or back by an hour: nothing that waits for its time is lost, or waits much longer.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { steadyClock } from '../../src/core/clock.ts';
import { randomIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { type Disposition, EventQueue } from '../../src/execution/index.ts';
import type { CallContext } from '../../src/services/service.ts';
import { openSqs } from '../../src/services/sqs/index.ts';
import { openSqlite } from '../../src/storage/index.ts';
import { ManualClock } from '../../src/core/testing/manual-clock.ts';

const hour = 3_600_000;
const minute = 60_000;
const log = createLogger('silent');

function openDatabase(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-test-clock-'));
  const database = openSqlite(join(folder, 'rows.sqlite'), { durability: 'normal' });
  const close = async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  };
  t.after(close);
  return database;
}

/** A queue whose handler takes each event for failed once, to be tried again in a minute; when it ran which. */
async function openEvents(t: TestContext, clock: ManualClock) {
  const ran: { requestId: string; at: number }[] = [];
  const parts = { database: openDatabase(t), clock, log, yields: () => false, idleShare: () => 1 };
  const queue = await EventQueue.open(parts);
  t.after(async () => {
    const closing = queue.close(0);
    await clock.advance(1000);
    await closing;
  });
  await queue.start(async ({ requestId, state }): Promise<Disposition> => {
    ran.push({ requestId, at: clock.monotonic() });
    return state === 'again' ? { kind: 'done' } : { kind: 'retry', at: clock.now() + minute, state: 'again' };
  });
  const enqueue = (requestId: string) =>
    queue.enqueue({ lane: 'lane', requestId, state: 'first', payload: Buffer.alloc(1) });
  const ranBy = (requestId: string) => ran.filter((each) => each.requestId === requestId).length;
  return { enqueue, ranBy };
}

test('events that fail after the clock was set back are tried again in their time', async (t) => {
  const clock = new ManualClock();
  const { enqueue, ranBy } = await openEvents(t, clock);
  await enqueue('before');
  await clock.advance(2 * minute);
  assert.equal(ranBy('before'), 2);
  clock.step(-hour);
  await enqueue('after');
  await clock.advance(minute - 1000);
  assert.equal(ranBy('after'), 1);
  await clock.advance(3000);
  assert.equal(ranBy('after'), 2);
});

test('an event that waits while the clock is set back runs when the clock says so, and only once', async (t) => {
  const clock = new ManualClock();
  const { enqueue, ranBy } = await openEvents(t, clock);
  await enqueue('waits');
  await clock.advance(1000);
  clock.step(-hour);
  await enqueue('later');
  await clock.advance(2 * minute);
  assert.deepEqual([ranBy('waits'), ranBy('later')], [1, 2]);
  await clock.advance(hour);
  assert.deepEqual([ranBy('waits'), ranBy('later')], [2, 2]);
  await clock.advance(2 * hour);
  assert.deepEqual([ranBy('waits'), ranBy('later')], [2, 2]);
});

test('an event that waits while the clock is set on runs no later than it would have', async (t) => {
  const clock = new ManualClock();
  const { enqueue, ranBy } = await openEvents(t, clock);
  await enqueue('waits');
  await clock.advance(1000);
  clock.step(hour);
  await enqueue('later');
  await clock.advance(minute + 2000);
  assert.deepEqual([ranBy('waits'), ranBy('later')], [2, 2]);
});

/** Amazon SQS with the clock that the server gives it. */
async function openQueue(t: TestContext, stepped: ManualClock) {
  const clock = steadyClock(stepped);
  const service = await openSqs({ database: openDatabase(t), clock, ids: randomIds, log });
  await service.start?.();
  t.after(async () => {
    await service.stop?.();
  });
  const account = '123456789012';
  const context = {
    caller: {
      account,
      region: 'eu-west-1',
      accessKeyId: account,
      arn: `arn:aws:iam::${account}:root`,
      userId: account,
    },
    requestId: 'request',
    clock,
    ids: randomIds,
    log,
    signal: new AbortController().signal,
    endpoint: 'http://127.0.0.1:4566',
    headers: {},
    responseHeaders: {},
  } as unknown as CallContext;
  const operations = await service.operations();
  const call = (operation: string, input: object) => (operations as any)[operation](input, context);
  const { QueueUrl } = await call('CreateQueue', { QueueName: 'queue', Attributes: { VisibilityTimeout: '60' } });
  return {
    send: (MessageBody: string, DelaySeconds?: number) => call('SendMessage', { QueueUrl, MessageBody, DelaySeconds }),
    async receive(WaitTimeSeconds = 0): Promise<string[]> {
      const { Messages = [] } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds });
      return Messages.map(({ Body }: { Body: string }) => Body);
    },
  };
}

test('a message is hidden for its visibility timeout, and no longer when the clock is set back meanwhile', async (t) => {
  const clock = new ManualClock();
  const { send, receive } = await openQueue(t, clock);
  await send('message');
  assert.deepEqual(await receive(), ['message']);
  clock.step(-hour);
  await clock.advance(minute - 1);
  assert.deepEqual(await receive(), []);
  await clock.advance(1);
  assert.deepEqual(await receive(), ['message']);
});

test('a message comes at once when the clock is set on beyond its visibility timeout', async (t) => {
  const clock = new ManualClock();
  const { send, receive } = await openQueue(t, clock);
  await send('message');
  assert.deepEqual(await receive(), ['message']);
  clock.step(hour);
  assert.deepEqual(await receive(), ['message']);
});

test('messages sent before and after the clock was set back are there at once', async (t) => {
  const clock = new ManualClock();
  const { send, receive } = await openQueue(t, clock);
  await send('after');
  clock.step(-hour);
  await send('before');
  assert.deepEqual((await receive()).sort(), ['after', 'before']);
});

test('who waits for a message gets it although the clock is set on or back meanwhile', async (t) => {
  for (const ms of [hour, -hour]) {
    const clock = new ManualClock();
    const { send, receive } = await openQueue(t, clock);
    await send('first', 5);
    const waiting = receive(20);
    await clock.advance(1000);
    clock.step(ms);
    await send('second', 2);
    await clock.advance(20_000);
    const received = await waiting;
    assert.ok(received.includes('second'), `${received} after a step of ${ms} ms`);
  }
});
