import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billedDurationMs } from './billed-duration.ts';

const warm = (durationMs: number) => ({ durationMs, initDurationMs: undefined });

test('by the millisecond, begun ones count whole, and init counts', () => {
  assert.equal(billedDurationMs(1, warm(3.01)), 4);
  assert.equal(billedDurationMs(1, warm(3)), 3);
  assert.equal(billedDurationMs(1, { durationMs: 3.01, initDurationMs: 110.1 }), 114);
});

test('by the hundred milliseconds, init is free', () => {
  assert.equal(billedDurationMs(100, warm(3.01)), 100);
  assert.equal(billedDurationMs(100, warm(100)), 100);
  assert.equal(billedDurationMs(100, warm(100.01)), 200);
  assert.equal(billedDurationMs(100, { durationMs: 3.01, initDurationMs: 110.1 }), 100);
});

test('what took no time is billed as the least that there is', () => {
  assert.equal(billedDurationMs(1, warm(0)), 1);
  assert.equal(billedDurationMs(100, warm(0)), 100);
});
