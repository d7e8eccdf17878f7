// How provisioned concurrency is allocated over time, and shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocated, checkOverlap, request, showProvisioned } from './provisioned-concurrency.ts';

const start = Date.UTC(2026, 0, 31, 12);

test('one hundred a second are allocated, up to what was asked for', () => {
  const record = request(undefined, 250, start);
  const after = (ms: number) => allocated(record, start + ms);
  assert.deepEqual(
    [after(0), after(9), after(10), after(1_000), after(2_500), after(60_000)],
    [0, 0, 1, 100, 250, 250],
  );
});

test('a change goes on from what was allocated, and takes away at once', () => {
  const first = request(undefined, 250, start);
  const more = request(first, 300, start + 1_000);
  assert.equal(allocated(more, start + 1_000), 100);
  assert.equal(allocated(more, start + 1_500), 150);
  const less = request(more, 20, start + 1_500);
  assert.equal(allocated(less, start + 1_500), 20);
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
  assert.equal(showProvisioned(record, start + 19).Status, 'IN_PROGRESS');
  assert.equal(showProvisioned(record, start + 20).Status, 'READY');
  const same = request(record, 2, start + 60_000);
  assert.equal(showProvisioned(same, start + 60_000).Status, 'IN_PROGRESS');
  assert.equal(showProvisioned(same, start + 60_001).Status, 'READY');
});

test('a clock that went back allocates nothing, and takes nothing', () => {
  const record = request(request(undefined, 2, start), 5, start + 20);
  assert.equal(allocated(record, start - 60_000), 2);
});

test('a second holder of the same version is refused by what it is', () => {
  checkOverlap('alias', []);
  assert.throws(() => checkOverlap('alias', ['1']), /^AwsError: Alias can't be used for Provisioned Concurrency/);
  assert.throws(() => checkOverlap('version', ['live']), /^AwsError: Version is pointed by a Provisioned/);
});
