// How provisioned concurrency is shared out and shown, and who holds it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProvisionedState } from '../../execution/index.ts';
import { checkOverlap, holderOf, sharesOf, showProvisioned } from './provisioned-concurrency.ts';

const record = { requested: 3, lastModified: Date.UTC(2026, 0, 31, 12) };
const state: ProvisionedState = {
  requestedAt: record.lastModified,
  allocated: 2,
  available: 1,
  inUse: 1,
  isSettled: false,
  failure: undefined,
};

test('what is shown is what is there', () => {
  const shown = {
    RequestedProvisionedConcurrentExecutions: 3,
    AvailableProvisionedConcurrentExecutions: 0,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    LastModified: '2026-01-31T12:00:00+0000',
  };
  assert.deepEqual(showProvisioned(record, undefined), shown);
  assert.deepEqual(showProvisioned(record, state), {
    ...shown,
    AvailableProvisionedConcurrentExecutions: 1,
    AllocatedProvisionedConcurrentExecutions: 2,
  });
  assert.equal(showProvisioned(record, { ...state, allocated: 3, isSettled: true }).Status, 'READY');
  const failed = showProvisioned(record, { ...state, failure: 'FUNCTION_ERROR_INIT_FAILURE' });
  assert.deepEqual([failed.Status, failed.StatusReason], ['FAILED', 'FUNCTION_ERROR_INIT_FAILURE']);
});

test('a new request is in progress, whatever came of the one before', () => {
  const before = { ...state, requestedAt: record.lastModified - 1, allocated: 9, available: 9, isSettled: true };
  const shown = showProvisioned(record, before);
  assert.deepEqual([shown.Status, shown.AllocatedProvisionedConcurrentExecutions], ['IN_PROGRESS', 3]);
  assert.equal(showProvisioned(record, { ...before, failure: 'any' }).Status, 'IN_PROGRESS');
});

test('an alias with two versions shares by their weights, and nothing is lost', () => {
  const shares = (requested: number, weight: number) => [
    ...sharesOf(requested, { number: 1, routing: { number: 2, weight } }).values(),
  ];
  assert.deepEqual([...sharesOf(5, { number: 1 })], [[1, 5]]);
  assert.deepEqual(shares(10, 0.1), [9, 1]);
  assert.deepEqual(shares(10, 0), [10, 0]);
  assert.deepEqual(shares(3, 0.5), [1, 2]);
  assert.deepEqual(shares(3, 1), [0, 3]);
});

test('a second holder of the same version is refused by what it is', () => {
  checkOverlap('alias', []);
  assert.throws(() => checkOverlap('alias', ['1']), /^AwsError: Alias can't be used for Provisioned Concurrency/);
  assert.throws(() => checkOverlap('version', ['live']), /^AwsError: Version is pointed by a Provisioned/);
});

test('a version has what was provisioned for it or for an alias that points to it', async () => {
  const record = { description: '', revisionId: '' };
  const store = {
    alias: async (_key: unknown, alias: string) => ({
      ...record,
      alias,
      number: alias === 'live' ? 2 : 3,
      ...(alias === 'both' ? { routing: { number: 4, weight: 0.1 } } : {}),
    }),
  };
  const version = (number: number) => ({ account: '', region: '', name: '', number });
  assert.equal(await holderOf(store, version(1), ['1', 'live']), '1');
  assert.equal(await holderOf(store, version(2), ['1', 'live']), 'live');
  assert.equal(await holderOf(store, version(3), ['1', 'live']), undefined);
  assert.equal(await holderOf(store, version(4), ['both']), 'both');
  assert.equal(await holderOf(store, version(0), ['1', 'live']), undefined);
});
