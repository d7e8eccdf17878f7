// How one subscriber's events are gathered, delivered, tried again and dropped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { Subscription } from './subscription.ts';

const buffering = { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 100 };
const event = (record: unknown = 'x') => ({ time: '2026-01-01T00:00:00.000Z', type: 'function', record });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function subscriptionUnderTest(limits: Partial<typeof buffering> = {}) {
  const clock = new ManualClock();
  const batches: { type: string; record: any }[][] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  let answersItself = true;
  const delivery = {
    send(events: readonly string[]) {
      batches.push(events.map((text) => JSON.parse(text)));
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      if (answersItself) answer.resolve();
      return answer.promise;
    },
    close() {},
  };
  return {
    clock,
    batches,
    answers,
    hold() {
      answersItself = false;
    },
    answerFromNowOn() {
      answersItself = true;
    },
    subscription: new Subscription({ ...buffering, ...limits }, delivery, clock),
  };
}

test('events wait for timeoutMs since the first, and come together in order', async () => {
  const { subscription, clock, batches } = subscriptionUnderTest();
  subscription.add(event(1));
  await clock.advance(99);
  subscription.add(event(2));
  assert.equal(batches.length, 0);
  await clock.advance(1);
  assert.deepEqual(
    batches.map((batch) => batch.map(({ record }) => record)),
    [[1, 2]],
  );
});

test('a full batch, by items or by bytes, does not wait', async () => {
  const byItems = subscriptionUnderTest({ maxItems: 3 });
  for (let count = 0; count < 3; count++) byItems.subscription.add(event());
  assert.equal(byItems.batches.length, 1);
  const byBytes = subscriptionUnderTest({ maxBytes: 300 });
  byBytes.subscription.add(event('x'.repeat(300)));
  assert.equal(byBytes.batches.length, 1);
});

test('a delivery that fails is tried again, later each time, and nothing is lost', async () => {
  const { subscription, clock, batches, answers, hold } = subscriptionUnderTest();
  hold();
  subscription.add(event(1));
  await clock.advance(100);
  for (const [index, delayMs] of [50, 100, 200].entries()) {
    answers[index]!.reject(new Error('nobody listens'));
    await turn();
    await clock.advance(delayMs - 1);
    assert.equal(batches.length, index + 1);
    await clock.advance(1);
    assert.equal(batches.length, index + 2);
  }
  assert.deepEqual(
    batches.at(-1)!.map(({ record }) => record),
    [1],
  );
});

test('what comes while a subscriber is twice behind is dropped, and it is told how much once it answers', async () => {
  const { subscription, clock, batches, answers, hold, answerFromNowOn } = subscriptionUnderTest({ maxItems: 10 });
  hold();
  for (let count = 0; count < 25; count++) subscription.add(event());
  answerFromNowOn();
  answers[0]!.resolve();
  await turn();
  await clock.advance(100);
  await turn();
  await clock.advance(100);
  const all = batches.flat();
  const dropped = all.filter(({ type }) => type === 'platform.logsDropped');
  assert.equal(all.length - dropped.length, 20);
  assert.deepEqual(
    dropped.map(({ record }) => record),
    [
      {
        reason: 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.',
        droppedRecords: 5,
        droppedBytes: 5 * JSON.stringify(event()).length,
      },
    ],
  );
});

test('nothing is delivered while the environment stands still, and what has waited comes at once when it goes on', async () => {
  const { subscription, clock, batches } = subscriptionUnderTest();
  subscription.add(event());
  subscription.freeze();
  await clock.advance(10_000);
  subscription.add(event());
  assert.equal(batches.length, 0);
  subscription.thaw();
  assert.equal(batches[0]!.length, 2);
});

test('at the end everything is delivered as it comes', async () => {
  const { subscription, batches } = subscriptionUnderTest();
  subscription.add(event(1));
  subscription.hurry();
  await turn();
  subscription.add(event(2));
  assert.deepEqual(
    batches.map((batch) => batch.map(({ record }) => record)),
    [[1], [2]],
  );
});
