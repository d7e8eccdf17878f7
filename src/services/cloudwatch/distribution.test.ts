import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binOf, Distribution, decodeDistribution, encodeDistribution } from './distribution.ts';

test('the middle of a bin lies in that bin, near its values, with their sign', () => {
  for (const value of [1e-9, 0.37, 1, 1.999, 2, 63.5, 1234.567, 8e30, -3.3, -1e-5]) {
    const bin = binOf(value);
    assert.equal(binOf(bin), bin);
    assert.ok(Math.abs(bin - value) <= Math.abs(value) / 100, `${bin} for ${value}`);
    assert.equal(Math.sign(bin), Math.sign(value));
  }
  assert.equal(binOf(0), 0);
});

test('few values are kept exactly, many in bins, and no count is lost', () => {
  const distribution = new Distribution();
  for (let value = 0; value < 10_000; value++) distribution.add(value + 0.5, 2);
  assert.ok(distribution.counts.size < 1_000);
  assert.equal(
    [...distribution.counts.values()].reduce((a, b) => a + b),
    20_000,
  );
});

test('a distribution is read as it was written', () => {
  for (const pairs of [
    [],
    [
      [1, 2],
      [3.5, 1],
    ],
    [
      [0.1, 7],
      [2 ** 60 + 2 ** 8, 0.25],
    ],
  ] as [number, number][][]) {
    const distribution = new Distribution(pairs);
    assert.deepEqual(decodeDistribution(encodeDistribution(distribution)).counts, distribution.counts);
  }
});
