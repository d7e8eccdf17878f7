// Sandboxes kept ready, with a pretended driver and clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { randomIds } from '../../core/ids.ts';
import { createLogger } from '../../core/logger.ts';
import { FakeDriver, type RuntimeBuild } from '../../sandbox/index.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { until } from '../execution-under-test.ts';
import { PrebootedPool } from './prebooted-pool.ts';

const hourMs = 3_600_000;

test('what serves one size of memory is not kept ready when that was not wanted for an hour', async () => {
  await using the = pool();
  the.pool.want(build('java21', 512));
  await the.hasReady({ java21: 2 });
  const taken = await the.pool.take(build('java21', 512));
  await the.clock.advance(hourMs - 60_000);
  await the.hasReady({ java21: 2 });
  await the.clock.advance(120_000);
  await the.hasReady({});
  assert.equal(the.live(), 1, 'the one that was taken goes on');
  await taken.kill();
});

test('a size that is wanted again is kept ready again', async () => {
  await using the = pool();
  the.pool.want(build('java21', 512));
  await the.hasReady({ java21: 2 });
  await the.clock.advance(2 * hourMs);
  await the.hasReady({});
  the.pool.want(build('java21', 512));
  await the.hasReady({ java21: 2 });
});

test('each size is forgotten by itself', async () => {
  await using the = pool();
  the.pool.want(build('java21', 512));
  await the.hasReady({ java21: 2 });
  await the.clock.advance(hourMs / 2);
  the.pool.want(build('java17', 1024));
  await the.hasReady({ java21: 2, java17: 2 });
  await the.clock.advance(hourMs / 2 + 60_000);
  await the.hasReady({ java17: 2 });
});

test('what serves any size is kept ready however long it is not used', async () => {
  await using the = pool();
  the.pool.want(build('nodejs24.x'));
  await the.hasReady({ 'nodejs24.x': 2 });
  await the.clock.advance(24 * hourMs);
  await the.hasReady({ 'nodejs24.x': 2 });
});

test('a sandbox that is given back to a shelf that was forgotten meanwhile is put on a new one', async () => {
  await using the = pool();
  const taken = await the.pool.take(build('java21', 512));
  await the.clock.advance(2 * hourMs);
  the.pool.giveBack(build('java21', 512), taken);
  await the.hasReady({ java21: 1 });
});

function build(runtime: string, memoryMib?: number): RuntimeBuild {
  const command = ['runtime', runtime, ...(memoryMib === undefined ? [] : [`${memoryMib}`])];
  return {
    ...{ runtime, family: 'java', version: '21', exact: true, langDir: null, runtimeDir: '/', hostCommand: command },
    ...{ command, ...(memoryMib === undefined ? {} : { memoryMib }) },
  };
}

/** A pool of two of each, which ends with the test. */
function pool() {
  const clock = new ManualClock();
  const driver = new FakeDriver(() => {});
  const options = { minReady: 2, maxReady: 16, maxBooting: 4 };
  const pool = new PrebootedPool(driver, options, clock, randomIds, createLogger('silent'));
  return {
    pool,
    clock,
    live: () => driver.sandboxes.size,
    hasReady(counts: Record<string, number>) {
      const has = () => isDeepStrictEqual(pool.counts(), counts);
      return until(has, `${JSON.stringify(counts)} ready`);
    },
    async [Symbol.asyncDispose]() {
      await pool.close();
      await driver.close();
    },
  };
}
