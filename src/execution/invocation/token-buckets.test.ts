// How token buckets empty, refill and are forgotten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBuckets } from './token-buckets.ts';

function at(): { clock: { monotonic(): number }; move(ms: number): void } {
  let now = 5_000;
  const move = (ms: number) => {
    now += ms;
  };
  return { clock: { monotonic: () => now }, move };
}

const taken = (buckets: TokenBuckets, times: number, perSecond: number, capacity?: number) =>
  Array.from({ length: times }, () => buckets.take('a', perSecond, capacity)).filter(Boolean).length;

test('a bucket gives what it holds at once, and then as fast as it refills', () => {
  const { clock, move } = at();
  const buckets = new TokenBuckets(clock);
  assert.equal(taken(buckets, 15, 10), 10);
  move(99);
  assert.equal(taken(buckets, 5, 10), 0);
  move(1);
  assert.equal(taken(buckets, 5, 10), 1);
  move(60_000);
  assert.equal(taken(buckets, 20, 10), 10, 'it never holds more than its capacity');
});

test('a bucket may hold more than a second’s worth', () => {
  const { clock, move } = at();
  const buckets = new TokenBuckets(clock);
  assert.equal(taken(buckets, 1_500, 100, 1_000), 1_000);
  move(1_000);
  assert.equal(taken(buckets, 1_500, 100, 1_000), 100);
});

test('buckets share nothing, and one without a rate gives nothing', () => {
  const { clock } = at();
  const buckets = new TokenBuckets(clock);
  assert.equal(taken(buckets, 1, 1), 1);
  assert.equal(buckets.take('b', 1), true);
  assert.equal(buckets.take('none', 0), false);
});

test('buckets that have filled up again take no memory', () => {
  const { clock, move } = at();
  const buckets = new TokenBuckets(clock);
  for (let index = 0; index < 1_000; index++) buckets.take(`old ${index}`, 10);
  move(1_000);
  buckets.take('new', 10);
  assert.equal(buckets.size, 1);
});
