// When starts of a version whose environments die are held back, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { CrashLoops } from './crash-loops.ts';
import type { FailedInit } from './start-environment.ts';

const failed = {} as FailedInit;

function dieTimes(loops: CrashLoops, clock: ManualClock, times: number, failure?: FailedInit): void {
  for (let time = 1; time <= times; time++) loops.died('f', clock.monotonic() + time, failure);
}

test('two deaths in a row hold nothing back, a third does', () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  assert.equal(loops.heldBack('f'), undefined);
  for (let time = 0; time < 2; time++) {
    dieTimes(loops, clock, 1);
    assert.equal(loops.heldBack('f'), undefined);
  }
  dieTimes(loops, clock, 1);
  assert.deepEqual(loops.heldBack('f'), { waitMs: 100 });
  assert.equal(loops.heldBack('g'), undefined, 'others are not meant');
});

test('each further death doubles the pause, up to two seconds', async () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  dieTimes(loops, clock, 2);
  const pauses: unknown[] = [];
  for (let time = 0; time < 7; time++) {
    await clock.advance(30_000);
    dieTimes(loops, clock, 1);
    pauses.push(loops.heldBack('f'));
  }
  assert.deepEqual(
    pauses,
    [100, 200, 400, 800, 1600, 2000, 2000].map((waitMs) => ({ waitMs })),
  );
});

test('whoever waits has a turn of its own, up to ten seconds ahead', () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  dieTimes(loops, clock, 8);
  const turns = Array.from({ length: 6 }, () => loops.heldBack('f'));
  assert.deepEqual(turns, [...[2000, 4000, 6000, 8000, 10_000].map((waitMs) => ({ waitMs })), 'crowded']);
});

test('after a failed init nobody waits: one tries when the pause is over, the others are told how it failed', async () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  dieTimes(loops, clock, 3, failed);
  assert.deepEqual(loops.heldBack('f'), { failed });
  await clock.advance(100);
  assert.equal(loops.heldBack('f'), undefined);
  assert.deepEqual(loops.heldBack('f'), { failed });
});

test('what died together counts once', async () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  const startedAt = clock.monotonic();
  await clock.advance(10);
  for (let time = 0; time < 50; time++) loops.died('f', startedAt);
  assert.equal(loops.heldBack('f'), undefined);
});

test('one invocation that is outlived, or a minute of quiet, and all is forgotten', async () => {
  const clock = new ManualClock();
  const loops = new CrashLoops(clock);
  dieTimes(loops, clock, 5);
  loops.survived('f');
  assert.equal(loops.heldBack('f'), undefined);
  dieTimes(loops, clock, 5);
  await clock.advance(60_000);
  assert.equal(loops.heldBack('f'), undefined);
});
