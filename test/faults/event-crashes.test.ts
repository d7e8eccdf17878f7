// Events outlive the server: a thousand of them, and `kill -9` three times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventCrashes } from './event-crashes.ts';

test('every event that was accepted ends in its destination, however often the server is killed', async (t) => {
  const { problems, ...summary } = await eventCrashes({ events: 1000, kills: 3, seed: 11 });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.deepEqual([summary.accepted, summary.kills], [1000, 3]);
});
