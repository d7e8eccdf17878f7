// What becomes of a version whose environments die again and again, and of those that are well beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExecutionUnderTest, executionUnderTest, sandboxOf, turn, until } from '../execution-under-test.ts';
import type { Usage } from '../invocation/invocation.ts';
import { encodeFrameHead, encodeJsonFrame, FrameType } from '../../sandbox/index.ts';

/** Time passes between one death and the next start, as it does on a machine. */
async function invokeOften(parts: ExecutionUnderTest, times: number, event: object): Promise<string[]> {
  const kinds: string[] = [];
  for (let time = 0; time < times; time++) {
    await parts.clock.advance(1);
    const outcome = await parts.invoke(event);
    kinds.push(outcome.kind === 'function-error' ? outcome.errorType : outcome.kind);
  }
  return kinds;
}

test('a version whose init fails is not started without end: after three in a row the same error comes at once', async (t) => {
  const parts = executionUnderTest(t);
  const { loading, assigned, logs, finished } = parts;
  loading.push(...Array.from({ length: 100 }, () => 'exit' as const));
  assert.deepEqual(new Set(await invokeOften(parts, 3, {})), new Set(['Runtime.ExitError']));
  assert.equal(assigned.length, 6, 'each invocation tries twice, as on AWS');
  const outcome = await parts.invoke({});
  assert.equal(assigned.length, 6);
  assert.ok(outcome.kind === 'function-error');
  assert.deepEqual(JSON.parse(outcome.payload.toString()), {
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: request-4 Error: Runtime exited with error: exit status 7',
  });
  assert.match(logs.join(''), /START RequestId: request-4 .*END RequestId: request-4\nREPORT RequestId: request-4\t/s);
  assert.deepEqual(finished.at(-1)!.outcome, outcome, 'it is counted as any invocation');
  await parts.clock.advance(100);
  await parts.invoke({});
  assert.equal(assigned.length, 8, 'then it is tried again');
});

test('once its init succeeds the version is as any other', async (t) => {
  const parts = executionUnderTest(t);
  parts.loading.push(...Array.from({ length: 6 }, () => 'error' as const));
  await invokeOften(parts, 4, {});
  await parts.clock.advance(100);
  sandboxOf(await parts.invoke({}));
  await Promise.all(Array.from({ length: 5 }, () => parts.invoke({}))).then((all) => all.forEach(sandboxOf));
});

test('of many invocations that wait for an init that fails, those that have not begun are answered with the first', async (t) => {
  const parts = executionUnderTest(t, { starting: { maxStarting: 2 } });
  parts.loading.push(...Array.from({ length: 200 }, () => 'error' as const));
  await invokeOften(parts, 2, {});
  await parts.clock.advance(1);
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => parts.invoke({})));
  assert.ok(outcomes.every((outcome) => outcome.kind === 'function-error' && outcome.errorType === 'SyntaxError'));
  assert.ok(parts.assigned.length <= 4 + 2 * 4, `${parts.assigned.length} environments`);
  assert.equal(parts.execution.counts().running, 0);
});

test('an invocation that would be lost with its environment waits its turn instead', async (t) => {
  const parts = executionUnderTest(t);
  const { clock, invoke, assigned } = parts;
  assert.deepEqual(await invokeOften(parts, 3, { exit: 1 }), Array(3).fill('Runtime.ExitError'));
  await clock.advance(1);
  const fourth = invoke({ answer: 'well' });
  await clock.advance(98);
  assert.equal(assigned.length, 3);
  await clock.advance(1);
  sandboxOf(await fourth);
  assert.equal(assigned.length, 4);
});

test('one crash, and one more, delay nothing', async (t) => {
  const parts = executionUnderTest(t);
  await invokeOften(parts, 2, { exit: 1 });
  sandboxOf(await parts.invoke({}));
  await invokeOften(parts, 2, { exit: 1 });
  sandboxOf(await parts.invoke({}));
});

test('who would wait for more than ten seconds is throttled', async (t) => {
  const parts = executionUnderTest(t);
  await invokeOften(parts, 3, { exit: 1 });
  const many = Array.from({ length: 110 }, () => parts.invoke({ exit: 1 }));
  const last = await many.at(-1)!;
  assert.deepEqual(last, { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
  await parts.clock.advance(11_000);
  const kinds = (await Promise.all(many)).map(({ kind }) => kind);
  assert.ok(kinds.includes('function-error'));
});

test('a burst of crashes in environments that had served until then counts as one', async (t) => {
  const parts = executionUnderTest(t);
  const names = ['a', 'b', 'c', 'd'];
  const all = names.map((wait) => parts.invoke({ wait }));
  await until(() => parts.waiting() === 4, 'all run');
  for (const name of names) await parts.settle(name);
  await Promise.all(all);
  await parts.clock.advance(10);
  const crashes = names.map(() => parts.invoke({ exit: 1 }));
  await Promise.all(crashes);
  await turn();
  sandboxOf(await parts.invoke({}));
});

test('another version, and the same one with new code, are not held back', async (t) => {
  const parts = executionUnderTest(t);
  await invokeOften(parts, 3, { exit: 1 });
  sandboxOf(await parts.invoke({}, { id: 'f/2' }));
});

/** An answer to an invocation that was never given. */
const strayAnswer = Buffer.concat([
  encodeFrameHead(FrameType.response, { requestId: 'another' }, 2),
  Buffer.from('{}'),
]);
const malformed = Buffer.from([0, 0, 0, 5, 255, 1, 2, 3, 4]);
const readyFrame = encodeJsonFrame(FrameType.ready, {});

test('an environment that answers twice, or another invocation than its own, serves no more', async (t) => {
  const { invoke, clock, driver, settle } = executionUnderTest(t);
  const first = sandboxOf(await invoke({}));
  driver.sandboxes.get(first)!.answer(strayAnswer);
  await turn();
  const second = sandboxOf(await invoke({}));
  assert.notEqual(second, first, 'not even for the moment that it lives on');
  await clock.advance(100);
  await until(() => !driver.sandboxes.has(first), 'it is gone');

  const running = invoke({ wait: 'a' });
  await turn();
  driver.sandboxes.get(second)!.answer(strayAnswer);
  await turn();
  await settle('a');
  assert.equal(sandboxOf(await running), second, 'its own answer still counts');
  assert.notEqual(sandboxOf(await invoke({})), second);
});

test('a runtime that leaves the protocol between invocations ends, and while it initialises its init has failed', async (t) => {
  const { invoke, driver, loading } = executionUnderTest(t);
  const first = sandboxOf(await invoke({}));
  driver.sandboxes.get(first)!.answer(malformed);
  await until(() => !driver.sandboxes.has(first), 'it is gone');
  loading.push('hang');
  const second = invoke({});
  await until(() => [...driver.sandboxes.values()].some(({ calls }) => calls.includes('assign')), 'it initialises');
  const [sandbox] = driver.sandboxes.values();
  sandbox!.answer(malformed);
  assert.notEqual(sandboxOf(await second), sandbox!.id, 'tried again in another');
});

test('an environment with very many processes serves no more', async (t) => {
  const { invoke, driver, clock } = executionUnderTest(t);
  const first = sandboxOf(await invoke({}));
  driver.sandboxes.get(first)!.crowded = true;
  await clock.advance(100);
  await until(() => !driver.sandboxes.has(first), 'it is ended instead of frozen');

  const second = sandboxOf(await invoke({}));
  driver.sandboxes.get(second)!.crowded = true;
  await clock.advance(50);
  assert.equal(sandboxOf(await invoke({})), second, 'it is not counted after each invocation');
  for (let time = 0; time < 10; time++) {
    await clock.advance(99);
    await invoke({});
  }
  await clock.advance(100);
  await until(() => !driver.sandboxes.has(second), 'it is ended though it never rests');
});

test('an init that is repeated is part of the duration, and of what is billed', async (t) => {
  const { invoke, loading, clock, driver, finished, logs } = executionUnderTest(t);
  loading.push('hang', 'hang');
  const outcome = invoke({});
  const assigned = () => [...driver.sandboxes.values()].filter(({ calls }) => calls.includes('assign'));
  await until(() => assigned().length === 1, 'the first try');
  await turn();
  await clock.advance(10_000);
  await until(() => assigned().length === 1 && assigned()[0]!.calls.at(-1) === 'assign', 'the second try');
  await clock.advance(500);
  assigned()[0]!.answer(readyFrame);
  sandboxOf(await outcome);
  const { usage } = finished[0]!.outcome as { usage: Usage };
  const { durationMs, billedDurationMs, initDurationMs } = usage;
  assert.deepEqual([durationMs, billedDurationMs, initDurationMs], [500, 500, undefined]);
  assert.match(
    logs.join(''),
    /INIT_REPORT Init Duration: 10000\.00 ms\tPhase: init\tStatus: timeout\t?\nSTART .*REPORT RequestId: request-1\tDuration: 500\.00 ms\tBilled Duration: 500 ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\t\n/s,
  );
});
