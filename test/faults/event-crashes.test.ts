// Events outlive the server: a thousand of them and `kill -9` three times, and fewer over restarts in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventCrashes } from './event-crashes.ts';

test('every event that was accepted ends in its destination, however often the server is killed', async (t) => {
  const { problems, ...summary } = await eventCrashes({ events: 1000, kills: 3, seed: 11 });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.deepEqual([summary.accepted, summary.kills], [1000, 3]);
});

test('a server that is stopped in order finishes what runs, and repeats nothing', async (t) => {
  const { problems, ...summary } = await eventCrashes({ events: 300, kills: 2, signal: 'SIGTERM', seed: 21 });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.deepEqual([summary.kills, summary.repeated, summary.toldAgain], [2, 0, 0]);
});
