// Which batches of PutLogEvents are refused, and which of their events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBatch, splitByAge } from './put-batch.ts';

const now = Date.UTC(2026, 2, 1);
const day = 86_400_000;
const at = (...timestamps: number[]) => timestamps.map((timestamp) => ({ timestamp, message: 'x' }));

test('an event above 1 MiB with its overhead is refused', () => {
  const event = (length: number) => [{ timestamp: now, message: 'x'.repeat(length) }];
  assert.throws(() => checkBatch(event(1_048_551)), {
    code: 'InvalidParameterException',
    message: 'Log event too large: 1048577 bytes exceeds limit of 1048576',
  });
  checkBatch(event(1_048_550));
});

test('a batch above 1 MiB is refused, counted in UTF-8 with 26 bytes for each event', () => {
  const events = Array.from({ length: 2 }, () => ({ timestamp: now, message: 'é'.repeat(262_132) }));
  assert.throws(() => checkBatch(events), { message: 'Upload too large: 1048580 bytes exceeds limit of 1048576' });
});

test('events out of order are refused, equal times are not', () => {
  assert.throws(() => checkBatch(at(2, 1)), {
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
  checkBatch(at(1, 1));
});

test('a batch that spans more than 24 hours is refused', () => {
  assert.throws(() => checkBatch(at(0, day + 1)), {
    message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  });
  checkBatch(at(0, day));
});

test('events older than 14 days and newer than 2 hours are left out, with their indices', () => {
  const { accepted, rejected } = splitByAge(
    at(now - 14 * day - 1, now - 14 * day, now, now + 7_200_000, now + 7_200_001),
    now,
    undefined,
  );
  assert.deepEqual(rejected, { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 4 });
  assert.equal(accepted.length, 3);
});

test('events past the retention of the group are left out as expired', () => {
  const { accepted, rejected } = splitByAge(at(now - 4 * day, now - 2 * day), now, 3);
  assert.deepEqual(rejected, { expiredLogEventEndIndex: 1 });
  assert.deepEqual(accepted, at(now - 2 * day));
});

test('nothing is said of rejected events when there are none', () => {
  assert.equal(splitByAge(at(now), now, 1).rejected, undefined);
});
