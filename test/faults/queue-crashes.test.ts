// Messages outlive the server on their way through a mapping: `kill -9` three times at full load, and restarts in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueCrashes } from './queue-crashes.ts';

test('no message is lost and groups keep their order, however often the server is killed', async (t) => {
  const { problems, ...summary } = await queueCrashes({ messages: 2000, kills: 3, seed: 5, visibilitySeconds: 12 });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.equal(summary.kills, 3);
});

test('a server that is stopped in order delivers no message twice', async (t) => {
  const options = { messages: 500, kills: 2, signal: 'SIGTERM', seed: 21, visibilitySeconds: 60 } as const;
  const { problems, ...summary } = await queueCrashes(options);
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.deepEqual([summary.kills, summary.standard.repeated, summary.fifo.repeated], [2, 0, 0]);
});
