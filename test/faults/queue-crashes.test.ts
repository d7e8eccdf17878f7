// Messages outlive the server on their way through a mapping: `kill -9` three times at full load.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueCrashes } from './queue-crashes.ts';

test('no message is lost and groups keep their order, however often the server is killed', async (t) => {
  const { problems, ...summary } = await queueCrashes({ messages: 2000, kills: 3, seed: 5, visibilitySeconds: 12 });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(problems, []);
  assert.equal(summary.kills, 3);
});
