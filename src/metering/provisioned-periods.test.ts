import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionTarget } from '../execution/index.ts';
import { ProvisionedPeriods, periodMs } from './provisioned-periods.ts';

const target = {
  account: '123456789012',
  region: 'eu-west-1',
  functionName: 'f',
  version: '1',
  memoryMib: 128,
} as FunctionTarget;
const kept = (allocated: number, qualifier = '1') => {
  const { account, region, functionName } = target;
  return { account, region, functionName, qualifier, allocated, inUse: 0, kept: [{ target, allocated }] };
};
const charged = (charges: { mbMs: number }[]) => charges.reduce((sum, { mbMs }) => sum + mbMs, 0) / 128;

test('a period that has begun is charged whole, the next one when it begins', () => {
  const periods = new ProvisionedPeriods();
  assert.deepEqual(periods.charge([kept(2)], 0), [{ target, mbMs: 128 * 2 * periodMs }]);
  assert.deepEqual(periods.charge([kept(2)], periodMs - 1), []);
  assert.equal(charged(periods.charge([kept(2)], periodMs)), 2 * periodMs);
});

test('what is added within a period is charged for the rest of it; what is taken away, from the next one on', () => {
  const periods = new ProvisionedPeriods();
  periods.charge([kept(1)], 0);
  assert.equal(charged(periods.charge([kept(3)], 60_000)), 2 * (periodMs - 60_000));
  assert.equal(charged(periods.charge([kept(1)], 120_000)), 0);
  assert.equal(charged(periods.charge([kept(3)], 180_000)), 0);
  assert.equal(charged(periods.charge([kept(1)], periodMs)), periodMs);
});

test('what ended and comes back begins anew, and nothing costs nothing', () => {
  const periods = new ProvisionedPeriods();
  periods.charge([kept(1)], 0);
  assert.deepEqual(periods.charge([], 60_000), []);
  assert.deepEqual(periods.charge([kept(0)], 60_000), []);
  assert.equal(charged(periods.charge([kept(1)], 60_000)), periodMs);
});

test('periods that passed unseen are charged when they are', () => {
  const periods = new ProvisionedPeriods();
  periods.charge([kept(1)], 0);
  assert.equal(charged(periods.charge([kept(1)], 3 * periodMs)), 3 * periodMs);
});

test('two qualifiers of one version are charged each', () => {
  const periods = new ProvisionedPeriods();
  assert.equal(charged(periods.charge([kept(1), kept(1, 'live')], 0)), 2 * periodMs);
});
