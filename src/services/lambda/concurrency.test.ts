// How an account's concurrency is divided.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountConcurrency, unreservedMinimum } from './concurrency.ts';

const reserved = (name: string, executions: number) => ({ name, qualifier: '', record: { executions } });
const provisioned = (name: string, qualifier: string, requested: number) => ({
  name,
  qualifier,
  record: { requested, lastModified: 0 },
});

test('nothing is claimed by functions that hold nothing', () => {
  const concurrency = new AccountConcurrency([], []);
  assert.equal(concurrency.claimed, 0);
  assert.equal(concurrency.claimOf('a'), 0);
  assert.deepEqual(concurrency.allowance('a', undefined, 1000), {
    unreserved: 1000,
    claimed: 0,
    accountLimit: 1000,
  });
  assert.deepEqual(concurrency.allowance('a', undefined, 1000, false), { unreserved: 1000, claimed: 0 });
});

test('what is provisioned lies within the reservation of its function, where there is one', () => {
  const concurrency = new AccountConcurrency(
    [reserved('a', 10), reserved('zero', 0)],
    [provisioned('a', '1', 4), provisioned('b', '1', 3), provisioned('b', 'live', 2)],
  );
  assert.equal(concurrency.reservedSum, 10);
  assert.equal(concurrency.claimed, 15);
  assert.deepEqual([concurrency.claimOf('a'), concurrency.claimOf('b'), concurrency.claimOf('zero')], [10, 5, 0]);
  assert.equal(concurrency.provisionedSum('a'), 4);
});

test('an invocation takes part in what its version holds, and in what nobody does', () => {
  const concurrency = new AccountConcurrency(
    [reserved('a', 10)],
    [provisioned('b', '1', 3), provisioned('b', 'live', 2)],
  );
  const shared = { unreserved: 985, claimed: 15, accountLimit: 1000 };
  assert.deepEqual(concurrency.allowance('a', undefined, 1000), { ...shared, reserved: 10 });
  const own = (qualifier: string) => ({ ...shared, provisioned: { qualifier } });
  assert.deepEqual(concurrency.qualifiers('b'), ['1', 'live']);
  assert.deepEqual(concurrency.qualifiers('a'), []);
  assert.deepEqual(concurrency.allowance('b', '1', 1000), own('1'));
  assert.deepEqual(concurrency.allowance('b', 'live', 1000), own('live'));
  assert.deepEqual(concurrency.allowance('b', undefined, 1000), shared);
  assert.deepEqual(concurrency.allowance('c', undefined, 10, false), { unreserved: 0, claimed: 15 });
});

test('one hundred stay for the others, or all that a smaller account has', () => {
  const concurrency = new AccountConcurrency([reserved('a', 500)], []);
  assert.equal(concurrency.mayClaim('b', 400, 1000), true);
  assert.equal(concurrency.mayClaim('b', 401, 1000), false);
  assert.equal(concurrency.mayClaim('a', 900, 1000), true);
  assert.equal(concurrency.mayClaim('a', 901, 1000), false);
  assert.equal(unreservedMinimum(1000), 100);
  assert.equal(unreservedMinimum(10), 10);
  assert.equal(new AccountConcurrency([], []).mayClaim('a', 1, 10), false);
  assert.equal(new AccountConcurrency([], []).mayClaim('a', 0, 10), true);
});

test('a function may always claim less than it does, also in an account that was left with too little', () => {
  const concurrency = new AccountConcurrency([reserved('a', 60), reserved('b', 20)], []);
  assert.equal(concurrency.mayClaim('a', 59, 100), true);
  assert.equal(concurrency.mayClaim('a', 61, 100), false);
});
