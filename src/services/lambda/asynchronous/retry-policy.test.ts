// When events are tried again, and when they are given up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterFault, afterFunctionError, conditionOf, type Tries } from './retry-policy.ts';

const minute = 60_000;
const tries = (changes: Partial<Tries>): Tries => ({
  acceptedAt: 0,
  now: 0,
  attempts: 0,
  faults: 0,
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  ...changes,
});

test('a failed function is tried again after one minute, then after two, then no more', () => {
  assert.deepEqual(afterFunctionError(tries({ attempts: 1, now: 5 })), { at: 5 + minute });
  assert.deepEqual(afterFunctionError(tries({ attempts: 2, now: 7 })), { at: 7 + 2 * minute });
  assert.deepEqual(afterFunctionError(tries({ attempts: 3 })), { over: 'RetriesExhausted' });
});

test('retries are as many as are wanted', () => {
  assert.deepEqual(afterFunctionError(tries({ attempts: 1, maximumRetryAttempts: 0 })), { over: 'RetriesExhausted' });
  assert.deepEqual(afterFunctionError(tries({ attempts: 1, maximumRetryAttempts: 1 })), { at: minute });
  assert.deepEqual(afterFunctionError(tries({ attempts: 2, maximumRetryAttempts: 1 })), { over: 'RetriesExhausted' });
});

test('a retry that would come too late is given up at once', () => {
  const young = tries({ attempts: 1, maximumEventAgeSeconds: 60 });
  assert.deepEqual(afterFunctionError(young), { over: 'EventAgeExceeded' });
  assert.deepEqual(afterFunctionError({ ...young, maximumEventAgeSeconds: 61 }), { at: minute });
});

test('faults of the platform are waited out with a longer and longer delay, and count as no attempt', () => {
  const delays = [1, 2, 3, 9, 10, 40].map((faults) => afterFault(tries({ faults, attempts: 2 })));
  assert.deepEqual(delays, [
    { at: 1_000 },
    { at: 2_000 },
    { at: 4_000 },
    { at: 256_000 },
    { at: 300_000 },
    { at: 300_000 },
  ]);
  assert.deepEqual(afterFault(tries({ faults: 1, now: 21_599_500 })), { over: 'EventAgeExceeded' });
});

test('an event is over before it is sent when it is too old, or was tried as often as it may', () => {
  assert.equal(conditionOf(tries({ now: 21_599_999 })), undefined);
  assert.equal(conditionOf(tries({ now: 21_600_000 })), 'EventAgeExceeded');
  assert.equal(conditionOf(tries({ attempts: 1, maximumRetryAttempts: 0 })), 'RetriesExhausted');
});
