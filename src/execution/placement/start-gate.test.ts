// In which order and up to which bounds environments may start.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { turn } from '../execution-under-test.ts';
import { NoRoomError, type Place, StartGate, type StartGateOptions } from './start-gate.ts';

function gateOf(changes: Partial<StartGateOptions> = {}) {
  const options = { memoryMib: 10_000, maxStarting: 100, availableMib: () => 100_000, ...changes };
  const clock = new ManualClock();
  const evictions: number[] = [];
  const gate = new StartGate(options, clock, (mib) => void evictions.push(mib));
  const order: string[] = [];
  const places: Place[] = [];
  const enter = (owner: string, mib = 100) =>
    gate.enter(owner, mib).then(
      (place) => {
        order.push(owner);
        places.push(place);
      },
      (error: unknown) => {
        assert.ok(error instanceof NoRoomError);
        order.push(`no room for ${owner}`);
      },
    );
  return { gate, clock, evictions, order, places, enter };
}

test('the function with the fewest environments is next, however many starts another asks for', async () => {
  const { enter, order, places } = gateOf({ maxStarting: 1 });
  for (const owner of ['many', 'many', 'many', 'many', 'one', 'two', 'two']) void enter(owner);
  await turn();
  for (let index = 0; index < 6; index++) {
    places[index]!.started();
    await turn();
  }
  assert.deepEqual(order, ['many', 'one', 'two', 'many', 'two', 'many', 'many']);
});

test('only so many start at once, and one that takes long keeps nobody', async () => {
  const { enter, order, clock } = gateOf({ maxStarting: 2 });
  for (let index = 0; index < 3; index++) void enter('slow');
  await turn();
  assert.equal(order.length, 2);
  await clock.advance(500);
  assert.equal(order.length, 3);
});

test('without memory the unused are ended first, and their room is given on when they are gone', async () => {
  const { enter, order, places, evictions, gate } = gateOf({ memoryMib: 250 });
  void enter('a');
  void enter('b');
  void enter('c');
  await turn();
  assert.deepEqual(order, ['a', 'b']);
  assert.deepEqual(evictions, [50]);
  assert.equal(gate.isShort, true);
  places[0]!.ending();
  places[1]!.started();
  await turn();
  assert.deepEqual(evictions, [50], 'what is about to come free is not asked for again');
  places[0]!.leave();
  await turn();
  assert.deepEqual(order, ['a', 'b', 'c']);
  assert.equal(gate.isShort, false);
});

test('what environments truly take decides, and not what they were thought to', async () => {
  const { enter, order, places, gate } = gateOf({ memoryMib: 250 });
  void enter('a');
  void enter('b');
  void enter('c');
  await turn();
  places[0]!.charge(40);
  places[1]!.started();
  await turn();
  assert.deepEqual(order, ['a', 'b', 'c']);
  assert.equal(gate.chargedMib, 240);
});

test('whoever waits too long for memory is refused; whoever waits for its turn is not', async () => {
  const short = gateOf({ memoryMib: 100 });
  void short.enter('a');
  void short.enter('b');
  await short.clock.advance(9_999);
  assert.deepEqual(short.order, ['a']);
  await short.clock.advance(1);
  assert.deepEqual(short.order, ['a', 'no room for b']);
  const { gate, clock, order, enter } = gateOf({ maxStarting: 0 });
  void enter('patient');
  await clock.advance(60_000);
  assert.deepEqual([order.length, gate.isShort], [0, false]);
});

test('what the machine has left counts as well, beside what is only just starting', async () => {
  let available = 1_000;
  const { enter, order, places } = gateOf({ availableMib: () => available });
  for (let index = 0; index < 6; index++) void enter('a');
  await turn();
  assert.equal(order.length, 5, 'five of 100 MiB, beside the 500 that stay free');
  available = 600;
  places[0]!.started();
  await turn();
  assert.equal(order.length, 5);
  available = 1_100;
  places[1]!.started();
  await turn();
  assert.equal(order.length, 6);
});

test('the first environment finds room on any machine', async () => {
  const { enter, order } = gateOf({ memoryMib: 64, availableMib: () => 0 });
  void enter('a', 128);
  await turn();
  assert.deepEqual(order, ['a']);
});

test('a function with many environments makes room for one that waits and has fewer', async () => {
  const { enter, gate } = gateOf({ memoryMib: 250 });
  void enter('many');
  void enter('many');
  await turn();
  assert.equal(gate.claims('many'), false);
  void enter('few');
  assert.deepEqual([gate.claims('many'), gate.claims('few')], [true, false]);
});

test('the queue is bounded', async () => {
  const { gate } = gateOf({ maxStarting: 0 });
  for (let index = 0; index < 10_000; index++) gate.enter('a', 1).catch(() => {});
  await assert.rejects(gate.enter('a', 1), NoRoomError);
});
