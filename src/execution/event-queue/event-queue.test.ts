// What the queue of events promises, over crashes at any moment: nothing lost, in order, not before its time.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLogger } from '../../core/logger.ts';
import { type Database, openSqlite } from '../../storage/index.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { turn } from '../execution-under-test.ts';
import { type Disposition, EventQueue, type QueuedEvent } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambent-events-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const log = createLogger('silent');

/** A queue over a file, and the events that it has handed to its handler and that nobody has decided on. */
async function openQueue(path: string, clock: ManualClock, idleShare = 1) {
  const connection = openSqlite(path, { durability: 'normal' });
  let isCut = false;
  const never = new Promise<never>(() => {});
  const through = <T>(answer: () => Promise<T>): Promise<T> => (isCut ? never : answer());
  const database: Database = {
    all: (sql, ...values) => through(() => connection.all(sql, ...values)),
    get: (sql, ...values) => through(() => connection.get(sql, ...values)),
    run: (sql, ...values) => through(() => connection.run(sql, ...values)),
    transaction: (work) => through(() => connection.transaction(work)),
    migrate: (owner, migrations) => connection.migrate(owner, migrations),
    close: () => connection.close(),
  };
  const handled: { event: QueuedEvent; decide: (disposition: Disposition) => void }[] = [];
  const starts: QueuedEvent[] = [];
  let urgent = false;
  /** Thrown by what looks on; the queue itself takes a handler's faults in its stride. */
  const failures: unknown[] = [];
  const parts = { database, clock, log, yields: () => urgent, idleShare: () => idleShare };
  const queue = await EventQueue.open(parts);
  const onStart: ((event: QueuedEvent) => void)[] = [];
  return {
    queue,
    handled,
    starts,
    onStart,
    setUrgent: (value: boolean) => {
      urgent = value;
    },
    start: () =>
      queue.start((event) => {
        if (isCut) return never;
        starts.push(event);
        try {
          for (const tell of onStart) tell(event);
        } catch (error) {
          failures.push(error);
        }
        return new Promise((decide) => handled.push({ event, decide }));
      }),
    /** Decides on the event that has waited longest. */
    async decide(disposition: Disposition) {
      handled.shift()!.decide(disposition);
      await turn();
      if (failures.length > 0) throw failures[0];
    },
    /** As if the process were killed: nothing that it asks for is done any more. */
    async crash() {
      isCut = true;
      await connection.close();
    },
    async close() {
      const closing = queue.close(0);
      await clock.advance(0);
      await closing;
      await connection.close();
    },
  };
}

const newFile = () => join(folder, `${++files}.sqlite`);
const event = (lane: string, requestId: string) => ({ lane, requestId, state: '{}', payload: Buffer.from(requestId) });
const done: Disposition = { kind: 'done' };

async function settle(clock: ManualClock) {
  for (let round = 0; round < 3; round++) await turn();
  await clock.advance(25);
  for (let round = 0; round < 3; round++) await turn();
}

test('an event that is accepted is handled, and is gone when it is done', async () => {
  const clock = new ManualClock();
  const path = newFile();
  const first = await openQueue(path, clock);
  await first.start();
  await first.queue.enqueue(event('a', 'one'));
  assert.deepEqual([first.starts[0]!.requestId, first.starts[0]!.payload.toString()], ['one', 'one']);
  await first.decide(done);
  await first.close();
  const second = await openQueue(path, clock);
  await second.start();
  await settle(clock);
  assert.equal(second.starts.length, 0);
  await second.close();
});

test('an event that was running when the process was killed runs again, with the same id and in its order', async () => {
  const clock = new ManualClock();
  const path = newFile();
  const first = await openQueue(path, clock);
  await first.start();
  for (const id of ['1', '2', '3', '4', '5']) await first.queue.enqueue(event('a', id));
  await first.decide(done);
  await settle(clock);
  await first.crash();
  const second = await openQueue(path, clock);
  await second.start();
  await settle(clock);
  while (second.handled.length > 0) await second.decide(done);
  assert.deepEqual(
    second.starts.map(({ requestId }) => requestId),
    ['2', '3', '4', '5'],
  );
  await second.close();
});

test('what was put off runs again at its time and not before, with its new state, over a restart too', async () => {
  const clock = new ManualClock();
  const path = newFile();
  const first = await openQueue(path, clock);
  await first.start();
  await first.queue.enqueue(event('a', 'one'));
  await first.decide({ kind: 'retry', at: clock.now() + 60_000, state: 'second' });
  await settle(clock);
  await clock.advance(59_000);
  assert.equal(first.starts.length, 1);
  await clock.advance(1_000);
  await settle(clock);
  assert.deepEqual([first.starts.length, first.starts[1]!.state], [2, 'second']);
  await first.decide({ kind: 'retry', at: clock.now() + 120_000, state: 'third' });
  await first.close();
  await clock.advance(100_000);
  const second = await openQueue(path, clock);
  await second.start();
  await settle(clock);
  assert.equal(second.starts.length, 0);
  await clock.advance(20_000);
  await settle(clock);
  assert.deepEqual([second.starts.length, second.starts[0]!.state], [1, 'third']);
  await second.close();
});

test('an event that could not be handled before the close runs after the next start', async () => {
  const clock = new ManualClock();
  const path = newFile();
  const first = await openQueue(path, clock);
  await first.start();
  await first.queue.enqueue(event('a', 'slow'));
  const closing = first.queue.close(1_000);
  await clock.advance(1_000);
  await closing;
  await first.decide(done);
  await first.crash();
  const second = await openQueue(path, clock);
  await second.start();
  await settle(clock);
  assert.equal(second.starts[0]!.requestId, 'slow');
  await second.close();
});

test('a throttle pauses the lane, longer each time, and not each event of it', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock);
  const { queue, starts, handled } = opened;
  await opened.start();
  for (let id = 0; id < 1_000; id++) await queue.enqueue(event('a', String(id)));
  while (handled.length > 0) await opened.decide({ kind: 'throttled' });
  const before = starts.length;
  const beganAt = clock.now();
  const at: number[] = [];
  for (let second = 0; second < 1_200; second++) {
    await clock.advance(1_000);
    await turn();
    while (handled.length > 0) {
      at.push((clock.now() - beganAt) / 1_000);
      await opened.decide({ kind: 'throttled' });
    }
  }
  assert.ok(before <= 8, `${before} at once`);
  assert.deepEqual(at, [1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]);
  assert.equal(starts.at(-1)!.requestId, '0');
  await opened.close();
});

test('a lane that was paused goes on at once when it is woken', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock);
  await opened.start();
  await opened.queue.enqueue(event('a', 'one'));
  await opened.decide({ kind: 'throttled' });
  await clock.advance(500);
  assert.equal(opened.starts.length, 1);
  opened.queue.wake('a');
  await turn();
  assert.equal(opened.starts.length, 2);
  await opened.close();
});

test('a lane that is throttled while it runs keeps running as many as there is room for', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock);
  const { queue, handled } = opened;
  await opened.start();
  for (let id = 0; id < 500; id++) await queue.enqueue(event('a', String(id)));
  let ran = 0;
  let throttles = 0;
  for (let step = 0; step < 400; step++) {
    while (handled.length > 3) {
      handled.pop()!.decide({ kind: 'throttled' });
      throttles += 1;
      await turn();
    }
    if (handled.length > 0) {
      await opened.decide(done);
      ran += 1;
    }
    await clock.advance(20);
    await turn();
  }
  assert.equal(ran, 400);
  assert.ok(throttles < 40, `${throttles} throttles`);
  await opened.close();
});

test('lanes take turns', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock, 0);
  const { queue, handled } = opened;
  for (let id = 0; id < 200; id++) await queue.enqueue(event('many', `many-${id}`));
  for (let id = 0; id < 5; id++) await queue.enqueue(event('few', `few-${id}`));
  await opened.start();
  await settle(clock);
  for (let step = 0; step < 20 && handled.length > 0; step++) await opened.decide(done);
  const few = opened.starts.filter(({ lane }) => lane === 'few');
  assert.equal(few.length, 5);
  await opened.close();
});

test('a lane widens at once while the machine is idle', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock, 1);
  await opened.start();
  for (let id = 0; id < 500; id++) await opened.queue.enqueue(event('a', String(id)));
  for (let tick = 0; tick < 12; tick++) {
    await clock.advance(100);
    await settle(clock);
  }
  assert.equal(opened.handled.length, 500);
  await opened.close();
});

test('events begin at a measured pace while more urgent work runs', async () => {
  const clock = new ManualClock();
  const opened = await openQueue(newFile(), clock);
  opened.setUrgent(true);
  await opened.start();
  for (let id = 0; id < 500; id++) await opened.queue.enqueue(event('a', String(id)));
  opened.onStart.push(() => queueMicrotask(() => opened.handled.shift()?.decide(done)));
  opened.handled.shift()?.decide(done);
  for (let ms = 0; ms < 100; ms++) await clock.advance(1);
  assert.ok(opened.starts.length <= 52, `${opened.starts.length} in 100 ms`);
  opened.setUrgent(false);
  for (let ms = 0; ms < 100; ms++) await clock.advance(1);
  assert.equal(opened.starts.length, 500);
  await opened.close();
});

test('any sequence of events, decisions, waits and crashes loses nothing, keeps the order, and is never early', async () => {
  for (let seed = 1; seed <= 15; seed++) await randomRun(seed);
});

/** What the reference knows of an event. */
interface Known {
  lane: string;
  requestId: string;
  /** States it may be found in: the last that was decided, and after a crash the one before. */
  states: { state: string; dueAt: number }[];
  over: 'no' | 'perhaps' | 'yes';
}

async function randomRun(seed: number) {
  let random = seed;
  const chance = () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (random >> 8) / 0x7fffff;
  };
  const clock = new ManualClock();
  const path = newFile();
  const known = new Map<string, Known>();
  let highest = new Map<string, number>();
  const check = ({ lane, requestId, id, state, dueAt, payload }: QueuedEvent) => {
    const one = known.get(requestId);
    assert.ok(one !== undefined && one.over !== 'yes', `seed ${seed}: ${requestId} was over`);
    assert.deepEqual([lane, payload.toString()], [one.lane, requestId]);
    const found = one.states.find((each) => each.state === state);
    assert.ok(found !== undefined, `seed ${seed}: ${requestId} in state ${state}`);
    assert.ok(found.dueAt <= clock.now(), `seed ${seed}: ${requestId} was early`);
    if (dueAt === 0 && !throttled.has(requestId)) {
      assert.ok(id > (highest.get(lane) ?? 0), `seed ${seed}: ${requestId} out of order`);
      highest.set(lane, id);
    }
  };
  const throttled = new Set<string>();
  /** What is over since the last start. */
  const decided = new Set<Known>();
  let opened = await openQueue(path, clock, chance());
  opened.onStart.push(check);
  await opened.start();
  let count = 0;
  for (let step = 0; step < 400; step++) {
    const dice = chance();
    if (dice < 0.35) {
      const requestId = `e${++count}`;
      const lane = `lane-${Math.floor(chance() * 3)}`;
      known.set(requestId, { lane, requestId, states: [{ state: '{}', dueAt: 0 }], over: 'no' });
      await opened.queue.enqueue(event(lane, requestId));
    } else if (dice < 0.8 && opened.handled.length > 0) {
      const [chosen] = opened.handled.splice(Math.floor(chance() * opened.handled.length), 1);
      const one = known.get(chosen!.event.requestId)!;
      const what = chance();
      if (what < 0.6) {
        one.over = 'perhaps';
        decided.add(one);
        chosen!.decide(done);
      } else if (what < 0.85) {
        const next = { state: `after ${step}`, dueAt: clock.now() + Math.floor(chance() * 5_000) };
        one.states.push(next);
        chosen!.decide({ kind: 'retry', at: next.dueAt, state: next.state });
      } else {
        throttled.add(one.requestId);
        chosen!.decide({ kind: 'throttled' });
      }
      await turn();
    } else if (dice < 0.97) await clock.advance(Math.floor(chance() * 1_000));
    else {
      if (chance() < 0.5) await opened.crash();
      else {
        await opened.close();
        for (const one of decided) one.over = 'yes';
      }
      decided.clear();
      highest = new Map();
      opened = await openQueue(path, clock, chance());
      opened.onStart.push(check);
      await opened.start();
    }
    await turn();
  }
  for (let round = 0; round < 2_000; round++) {
    while (opened.handled.length > 0) {
      known.get(opened.handled[0]!.event.requestId)!.over = 'perhaps';
      await opened.decide(done);
    }
    if ([...known.values()].every((one) => one.over !== 'no') && round > 5) break;
    await clock.advance(1_000);
    await turn();
  }
  await opened.close();
  const lost = [...known.values()].filter((one) => one.over === 'no').map((one) => one.requestId);
  assert.deepEqual(lost, [], `seed ${seed}`);
  const connection = openSqlite(path, { durability: 'normal' });
  assert.deepEqual(await connection.all('SELECT request_id FROM queued_events'), [], `seed ${seed}`);
  await connection.close();
}
