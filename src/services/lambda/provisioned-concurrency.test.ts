// How provisioned concurrency is allocated over time, and shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from './limits.ts';
import { allocated, checkOverlap, holderOf, request, showProvisioned } from './provisioned-concurrency.ts';

const start = Date.UTC(2026, 0, 31, 12);
const lead = limits.provisionedLeadMs;

test('after a while one hundred a second are allocated, up to what was asked for', () => {
  const record = request(undefined, 250, start);
  const after = (ms: number) => allocated(record, start + lead + ms);
  assert.deepEqual([allocated(record, start), allocated(record, start + lead)], [0, 0]);
  assert.deepEqual(
    [after(0), after(9), after(10), after(1_000), after(2_500), after(60_000)],
    [0, 0, 1, 100, 250, 250],
  );
});

test('a change goes on from what was allocated, and takes away at once', () => {
  const first = request(undefined, 250, start);
  const again = start + lead + 1_000;
  const more = request(first, 300, again);
  assert.deepEqual([allocated(more, again), allocated(more, again + lead)], [100, 100]);
  assert.equal(allocated(more, again + lead + 500), 150);
  const less = request(more, 20, again + lead + 500);
  assert.equal(allocated(less, again + lead + 500), 20);
});

test('it is ready when all is allocated, and never in the answer to the request', () => {
  const record = request(undefined, 2, start);
  const shown = {
    RequestedProvisionedConcurrentExecutions: 2,
    AvailableProvisionedConcurrentExecutions: 0,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    LastModified: '2026-01-31T12:00:00+0000',
  };
  assert.deepEqual(showProvisioned(record, start), shown);
  assert.equal(showProvisioned(record, start + lead + 19).Status, 'IN_PROGRESS');
  assert.equal(showProvisioned(record, start + lead + 20).Status, 'READY');
  const same = request(record, 2, start + 60_000);
  assert.equal(showProvisioned(same, start + 60_000).Status, 'IN_PROGRESS');
  assert.equal(showProvisioned(same, start + 60_001).Status, 'READY');
});

test('a clock that went back allocates nothing, and takes nothing', () => {
  const record = request(request(undefined, 2, start), 5, start + lead + 20);
  assert.equal(allocated(record, start - 60_000), 2);
});

test('a second holder of the same version is refused by what it is', () => {
  checkOverlap('alias', []);
  assert.throws(() => checkOverlap('alias', ['1']), /^AwsError: Alias can't be used for Provisioned Concurrency/);
  assert.throws(() => checkOverlap('version', ['live']), /^AwsError: Version is pointed by a Provisioned/);
});

test('a version has what was provisioned for it or for an alias that points to it', async () => {
  const record = { description: '', revisionId: '' };
  const store = {
    alias: async (_key: unknown, alias: string) => ({ ...record, alias, number: alias === 'live' ? 2 : 3 }),
  };
  const version = (number: number) => ({ account: '', region: '', name: '', number });
  assert.equal(await holderOf(store, version(1), ['1', 'live']), '1');
  assert.equal(await holderOf(store, version(2), ['1', 'live']), 'live');
  assert.equal(await holderOf(store, version(3), ['1', 'live']), undefined);
  assert.equal(await holderOf(store, version(0), ['1', 'live']), undefined);
});
