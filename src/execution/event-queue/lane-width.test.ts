// How wide lanes become on busy and idle machines, with events that wait and events that compute.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LaneWidth } from './lane-width.ts';

const idle = { idleShare: 1, isFull: true, isUrgent: false };

/** Runs a full lane for a while; `durationMs` tells how long each event takes at a width. Returns the widths it had. */
function runFull(lane: LaneWidth, seconds: number, idleShare: number, durationMs: (width: number) => number): number[] {
  const running: { endsAt: number; startedAt: number; era: number }[] = [];
  const widths: number[] = [];
  for (let now = 0; now < seconds * 1000; now += 1) {
    for (const [index, event] of [...running.entries()].reverse()) {
      if (event.endsAt > now) continue;
      running.splice(index, 1);
      lane.finished(event.endsAt - event.startedAt, event.era);
    }
    while (running.length < lane.width) {
      running.push({ startedAt: now, endsAt: now + Math.max(1, durationMs(lane.width)), era: lane.era });
    }
    if (now % 100 === 99) {
      lane.adjust({ idleShare, isFull: true, isUrgent: false }, now);
      widths.push(lane.width);
    }
  }
  return widths;
}

test('events that wait get to hundreds within seconds, on an idle machine and on a busy one', () => {
  assert.ok(runFull(new LaneWidth(), 1, 1, () => 1_000).at(-1)! >= 500);
  assert.ok(runFull(new LaneWidth(), 8, 0, () => 1_000).at(-1)! >= 500);
});

test('events that keep a busy machine busy stay few', () => {
  const widths = runFull(new LaneWidth(), 30, 0, (width) => 2 * width);
  assert.ok(Math.max(...widths) <= 8, `${Math.max(...widths)} at once`);
  const wide = widths.filter((width) => width > 2).length;
  assert.ok(wide < widths.length / 5, `${wide} of ${widths.length} ticks`);
});

test('a throttle narrows the lane to what ran, and for longer each time', () => {
  const lane = new LaneWidth();
  for (let tick = 1; tick <= 4; tick++) lane.adjust(idle, tick * 100);
  assert.equal(lane.throttled(5, 500), undefined);
  assert.equal(lane.width, 5);
  lane.adjust(idle, 1_400);
  assert.equal(lane.width, 5);
  lane.adjust(idle, 1_500);
  assert.equal(lane.width, 10);
  lane.throttled(5, 1_510);
  lane.adjust(idle, 3_500);
  assert.equal(lane.width, 5);
  lane.adjust(idle, 3_510);
  assert.equal(lane.width, 10);
});

test('a lane that finds no room at all pauses, from a second to five minutes', () => {
  const lane = new LaneWidth();
  let now = 0;
  const pauses: number[] = [];
  for (let time = 0; time < 11; time++) {
    const pause = lane.throttled(0, now)!;
    pauses.push(pause / 1000);
    now += pause;
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('a lane gives way to urgent work that needs the processor, and comes back by and by', () => {
  const lane = new LaneWidth();
  for (let tick = 1; tick <= 5; tick++) lane.adjust(idle, tick * 100);
  const before = lane.width;
  const pressed = { idleShare: 0.1, isFull: false, isUrgent: true };
  for (let tick = 1; tick <= 10; tick++) lane.adjust(pressed, 500 + tick * 100);
  assert.ok(before >= 32 && lane.width <= 4, `${before}, then ${lane.width}`);
  const narrow = lane.width;
  lane.adjust({ ...pressed, idleShare: 0.4, isFull: true }, 60_000);
  assert.equal(lane.width, narrow);
  lane.adjust({ ...pressed, idleShare: 0.6, isFull: true }, 60_100);
  assert.equal(lane.width, 2 * narrow);
});
