import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDollars, formatRatio, picodollars, priceOf } from './money.ts';

test('prices are read without loss', () => {
  assert.equal(picodollars('0.0000166667'), 16_666_700n);
  assert.equal(picodollars('12.5'), 12_500_000_000_000n);
  assert.equal(picodollars('3'), 3_000_000_000_000n);
});

test('amounts are rounded half up', () => {
  assert.equal(priceOf(1n, 1n, 2n), 1n);
  assert.equal(priceOf(1n, 1n, 3n), 0n);
  assert.equal(formatDollars(picodollars('2.735'), 2), '2.74');
  assert.equal(formatDollars(-picodollars('2.735'), 2), '-2.74');
  assert.equal(formatDollars(picodollars('0.004'), 2), '0.00');
  assert.equal(formatRatio(2n, 3n, 0), '1');
});
