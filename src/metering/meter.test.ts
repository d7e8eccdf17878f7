import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLogger } from '../core/logger.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { turn } from '../execution/execution-under-test.ts';
import type { FinishedInvocation, FunctionTarget, Usage } from '../execution/index.ts';
import { openSqlite } from '../storage/index.ts';
import { flushIntervalMs, Meter } from './meter.ts';
import { UsageStore } from './store.ts';
import type { Quantity } from './usage.ts';

const account = '123456789012';
const target = (changes: Partial<FunctionTarget> = {}) =>
  ({
    account,
    region: 'eu-west-1',
    functionName: 'f',
    version: '$LATEST',
    architecture: 'x86_64',
    memoryMib: 256,
    ephemeralStorageMib: 512,
    ...changes,
  }) as FunctionTarget;

const took = (billedDurationMs: number, more: Partial<Usage> = {}): FinishedInvocation['outcome'] => ({
  kind: 'success',
  payload: Buffer.alloc(0),
  logTail: undefined,
  usage: { durationMs: billedDurationMs, billedDurationMs, initDurationMs: undefined, streamedBytes: 0, ...more },
});

async function meterUnderTest(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-usage-'));
  const database = openSqlite(join(folder, 'usage.sqlite'), { durability: 'normal' });
  t.after(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = new ManualClock();
  const store = await UsageStore.open(database);
  const meter = new Meter(store, clock, createLogger('silent'));
  const finish = (changes: Partial<FinishedInvocation> & { target?: FunctionTarget } = {}) => {
    const { target: of = target(), ...rest } = changes;
    const invocation = { target: of } as FinishedInvocation['invocation'];
    const whole = {
      invocation,
      outcome: took(10),
      submittedAt: clock.now(),
      provisioned: undefined,
      concurrent: undefined,
    };
    meter.count({ ...whole, ...rest });
  };
  /** What is stored of January 2026 or other days, without what is 0. */
  const stored = async (first = '2026-01-01', last = '2026-01-31') =>
    (await store.usage(account, first, last)).map(({ functionName, version, used }) => ({
      of: `${functionName}:${version}`,
      ...(Object.fromEntries(Object.entries(used).filter(([, count]) => count > 0n)) as Partial<
        Record<Quantity, bigint>
      >),
    }));
  return { clock, database, store, meter, finish, stored };
}

test('invocations count requests and memory by time; a flush stores them, and the next one adds to that', async (t) => {
  const { meter, finish, stored } = await meterUnderTest(t);
  finish();
  finish({ outcome: took(5) });
  assert.deepEqual(await stored(), []);
  await meter.flush();
  assert.deepEqual(await stored(), [{ of: 'f:$LATEST', requests: 2n, durationMbMs: 15n * 256n }]);
  finish();
  await meter.flush();
  assert.deepEqual(await stored(), [{ of: 'f:$LATEST', requests: 3n, durationMbMs: 25n * 256n }]);
});

test('errors of functions are billed, throttled invocations are not', async (t) => {
  const { meter, finish, stored } = await meterUnderTest(t);
  finish({ outcome: { ...took(10), kind: 'function-error', errorType: 'Error' } as FinishedInvocation['outcome'] });
  finish({ outcome: { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' } });
  await meter.flush();
  assert.deepEqual(await stored(), [{ of: 'f:$LATEST', requests: 1n, durationMbMs: 2560n }]);
});

test('an asynchronous event counts as one request up to 256 KB, and as another for each 64 KB begun', async (t) => {
  for (const [bytes, isAsynchronous, requests] of [
    [256 * 1024, true, 1n],
    [256 * 1024 + 1, true, 2n],
    [1024 * 1024, true, 13n],
    [1024 * 1024, false, 1n],
  ] as const) {
    const { meter, finish, stored } = await meterUnderTest(t);
    const invocation = { target: target(), isAsynchronous, payload: Buffer.alloc(bytes) };
    finish({ invocation: invocation as unknown as FinishedInvocation['invocation'] });
    await meter.flush();
    assert.equal((await stored())[0]!.requests, requests);
  }
});

test('storage counts above 512 MB, streamed bytes above six megabytes', async (t) => {
  const { meter, finish, stored } = await meterUnderTest(t);
  finish({ target: target({ ephemeralStorageMib: 1536 }), outcome: took(10, { streamedBytes: 6 * 1024 ** 2 + 7 }) });
  finish({ outcome: took(10, { streamedBytes: 6 * 1024 ** 2 }) });
  await meter.flush();
  const [row] = await stored();
  assert.deepEqual([row!.ephemeralStorageMbMs, row!.streamedBytes], [10_240n, 7n]);
});

test('time that provisioned concurrency served is counted by itself, what spilled over as on demand', async (t) => {
  const { meter, finish, stored } = await meterUnderTest(t);
  finish({ target: target({ version: '1' }), provisioned: 'served' });
  finish({ target: target({ version: '1' }), provisioned: 'spilled' });
  await meter.flush();
  const both = { requests: 2n, durationMbMs: 2560n, provisionedDurationMbMs: 2560n };
  assert.deepEqual(await stored(), [{ of: 'f:1', ...both }]);
});

test('environments that are kept ready are counted by what they are told of', async (t) => {
  const { meter, stored } = await meterUnderTest(t);
  const kept = [{ target: target({ version: '1', memoryMib: 128 }), allocated: 2 }];
  const of = { account, region: 'eu-west-1', functionName: 'f', qualifier: 'live', allocated: 2, inUse: 0 };
  meter.countProvisioned({ provisioned: [{ ...of, kept }] });
  await meter.flush();
  assert.deepEqual(await stored(), [{ of: 'f:1', provisionedMbMs: 2n * 128n * 300_000n }]);
});

test('each day in UTC has a row of its own, by when the invocation came', async (t) => {
  const { clock, meter, finish, stored } = await meterUnderTest(t);
  const midnight = Date.parse('2026-02-01T00:00:00Z');
  finish({ submittedAt: midnight - 1 });
  finish({ submittedAt: midnight });
  await meter.flush();
  assert.equal((await stored())[0]!.requests, 1n);
  assert.equal((await stored('2026-02-01', '2026-02-01'))[0]!.requests, 1n);
  assert.ok(clock.now() < midnight);
});

test('what was counted is stored after 100 ms, without a call', async (t) => {
  const { clock, store, finish, stored } = await meterUnderTest(t);
  finish();
  await clock.advance(flushIntervalMs - 1);
  assert.deepEqual(await stored(), []);
  await clock.advance(1);
  for (let attempt = 0; attempt < 100 && (await store.accounts('2026-01-01', '2026-01-31')).length === 0; attempt++) {
    await turn();
  }
  assert.equal((await stored())[0]!.requests, 1n);
});

test('what could not be stored is kept, and stored with what came since', async (t) => {
  const { database, meter, finish, stored } = await meterUnderTest(t);
  const { transaction } = database;
  finish();
  database.transaction = () => Promise.reject(new Error('disk full'));
  await assert.rejects(meter.flush(), /disk full/);
  database.transaction = transaction;
  finish();
  await meter.stop();
  assert.equal((await stored())[0]!.requests, 2n);
});
