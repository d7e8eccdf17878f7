// Work that is asked for often is done seldom, never twice at once, and never too few times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { inTurn } from './in-turn.ts';

test('asking many times within a moment is asking once', async () => {
  let done = 0;
  const turns = inTurn(
    async () => {
      done += 1;
    },
    5,
    1000,
  );
  for (let index = 0; index < 100; index++) turns.ask();
  while (done === 0) await pause(1);
  await pause(30);
  await turns.close();
  assert.equal(done, 1);
});

test('what is asked for meanwhile is done afterwards, never beside it', async () => {
  let running = 0;
  let done = 0;
  const turns = inTurn(
    async () => {
      running += 1;
      assert.equal(running, 1);
      if (done === 0) turns.ask();
      await pause(5);
      running -= 1;
      done += 1;
    },
    1,
    10,
  );
  turns.ask();
  while (done < 2) await pause(1);
  await turns.close();
  assert.equal(done, 2);
});

test('whoever never stops asking is served all the same', async () => {
  let done = 0;
  const turns = inTurn(
    async () => {
      done += 1;
    },
    60_000,
    20,
  );
  while (done === 0) {
    turns.ask();
    await pause(2);
  }
  await turns.close();
  turns.ask();
  assert.ok(done >= 1);
});
