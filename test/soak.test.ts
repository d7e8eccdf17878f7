// Twenty seconds of mixed load leave nothing behind, on the machine or in the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from './soak.ts';

test('mixed load leaves no process, group, mount, folder or descriptor, and no growing memory', async () => {
  const { operations, problems } = await soak(20);
  assert.deepEqual(problems, []);
  assert.ok(operations > 100, `only ${operations} operations`);
});
