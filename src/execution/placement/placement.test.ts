// Which environment serves an invocation, and what becomes of environments: reuse, waiting, failure, retirement, idleness.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../invocation/invocation.ts';
import { executionUnderTest, sandboxOf, testTarget, turn, until } from '../execution-under-test.ts';

function errorOf(outcome: Outcome): { errorType: string; payload: any } {
  assert.equal(outcome.kind, 'function-error');
  const { errorType, payload } = outcome as Extract<Outcome, { kind: 'function-error' }>;
  return { errorType, payload: JSON.parse(payload.toString()) };
}

test("beyond the account's concurrency an invocation is refused, and counted out again", async (t) => {
  const { execution, invoke, settle } = executionUnderTest(t, { concurrencyLimit: 1 });
  const first = invoke({ wait: 'a' });
  assert.deepEqual(await invoke({}), { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
  await settle('a');
  sandboxOf(await first);
  sandboxOf(await invoke({}));
  assert.equal(execution.counts().running, 0);
});

test('a machine that cannot start an environment fails the invocation and nothing else', async (t) => {
  const { driver, execution, invoke } = executionUnderTest(t);
  const { SandboxBootError } = await import('../../sandbox/index.ts');
  driver.bootFailure = new SandboxBootError('no room');
  await assert.rejects(invoke({}), /no room/);
  assert.deepEqual(execution.counts(), { running: 0, environments: 0, idle: 0, ready: { 'nodejs24.x': 0 } });
  driver.bootFailure = null;
  sandboxOf(await invoke({}));
});

test('the environment used last is used first', async (t) => {
  const { invoke, settle, execution, waiting } = executionUnderTest(t);
  const both = [invoke({ wait: 'a' }), invoke({ wait: 'b' })];
  await until(() => waiting() === 2, 'both run');
  await settle('a');
  await settle('b');
  const [first, second] = (await Promise.all(both)).map(sandboxOf);
  assert.notEqual(first, second, 'one environment serves one invocation at a time');
  for (let time = 0; time < 3; time++) assert.equal(sandboxOf(await invoke({})), second);
  assert.deepEqual([execution.counts().environments, execution.counts().idle], [2, 2]);
});

test('whoever waits is served by whichever environment is free first', async (t) => {
  const { invoke, settle, loading, waiting } = executionUnderTest(t);
  const first = invoke({ wait: 'a' });
  await until(() => waiting() === 1, 'the first runs');
  loading.push('hang');
  const second = invoke({});
  await turn();
  await settle('a');
  assert.equal(sandboxOf(await second), sandboxOf(await first));
});

test('functions do not share environments, nor do generations of one function', async (t) => {
  const { invoke } = executionUnderTest(t);
  const one = sandboxOf(await invoke({}, { id: 'f/1' }));
  const two = sandboxOf(await invoke({}, { id: 'f/2' }));
  assert.notEqual(one, two);
  assert.equal(sandboxOf(await invoke({}, { id: 'f/1' })), one);
});

test('between invocations an environment is frozen, and thawed for the next', async (t) => {
  const { invoke, clock, driver } = executionUnderTest(t);
  const id = sandboxOf(await invoke({}));
  const sandbox = driver.sandboxes.get(id)!;
  await clock.advance(99);
  assert.equal(sandbox.frozen, false, 'hot functions are not frozen');
  await clock.advance(1);
  assert.equal(sandbox.frozen, true);
  assert.equal(sandboxOf(await invoke({})), id);
  assert.deepEqual(sandbox.calls, ['assign', 'limitCpu', 'freeze', 'thaw']);
});

test('environments without invocations end, down to none', async (t) => {
  const { invoke, settle, clock, driver, execution, waiting } = executionUnderTest(t, { idleTimeoutMs: 5000 });
  const both = [invoke({ wait: 'a' }), invoke({ wait: 'b' })];
  await until(() => waiting() === 2, 'both run');
  await settle('a');
  await settle('b');
  const [first, second] = (await Promise.all(both)).map(sandboxOf);
  await clock.advance(4000);
  assert.equal(sandboxOf(await invoke({})), second);
  await clock.advance(1000);
  await until(() => !driver.sandboxes.has(first!), 'the older one is gone');
  assert.ok(driver.sandboxes.has(second!));
  await clock.advance(4000);
  await until(() => driver.sandboxes.size === 0, 'all are gone');
  assert.deepEqual(execution.counts(), { running: 0, environments: 0, idle: 0, ready: { 'nodejs24.x': 0 } });
});

test("a handler's error leaves its environment in use", async (t) => {
  const { invoke } = executionUnderTest(t);
  const id = sandboxOf(await invoke({}));
  assert.equal(errorOf(await invoke({ error: 'TypeError' })).errorType, 'TypeError');
  assert.equal(sandboxOf(await invoke({})), id);
});

test('a timeout ends the environment and answers with what AWS answers', async (t) => {
  const { invoke, clock, driver, logs } = executionUnderTest(t);
  const id = sandboxOf(await invoke({}));
  const outcome = invoke({ hang: true });
  await turn();
  await clock.advance(3000);
  assert.deepEqual(errorOf(await outcome), {
    errorType: 'Sandbox.Timedout',
    payload: {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-2 Error: Task timed out after 3.00 seconds',
    },
  });
  await until(() => !driver.sandboxes.has(id), 'its sandbox is gone');
  assert.match(
    logs.join(''),
    /Task timed out after 3\.00 seconds\n\nEND RequestId: request-2\nREPORT .*Duration: 3000\.00 ms.*Status: timeout/,
  );
  assert.notEqual(sandboxOf(await invoke({})), id);
});

test('a runtime that ends in the middle of an invocation is told by its status', async (t) => {
  const { invoke, driver } = executionUnderTest(t);
  assert.deepEqual(errorOf(await invoke({ exit: 3 })).payload, {
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: request-1 Error: Runtime exited with error: exit status 3',
  });
  await until(() => driver.sandboxes.size === 0, 'nothing is left of it');
});

test('a runtime that ends between invocations is not used again', async (t) => {
  const { invoke, driver } = executionUnderTest(t);
  const id = sandboxOf(await invoke({}));
  driver.sandboxes.get(id)!.exit({ code: 1 });
  await until(() => driver.sandboxes.size === 0, 'it is gone');
  assert.notEqual(sandboxOf(await invoke({})), id);
});

test('a failed init is repeated once within the invocation, and what the second does counts', async (t) => {
  const { invoke, loading, logs } = executionUnderTest(t);
  loading.push('error', 'ready');
  sandboxOf(await invoke({}));
  assert.match(
    logs.join(''),
    /INIT_START.*INIT_REPORT .*Phase: init\tStatus: error\tError Type: SyntaxError.*START RequestId: request-1/s,
  );
  loading.push('exit', 'error');
  const { errorType, payload } = errorOf(await invoke({}, { id: 'f/2' }));
  assert.equal(errorType, 'SyntaxError');
  assert.deepEqual(payload, { errorType: 'SyntaxError', errorMessage: 'no' });
});

test('invocations that fail to initialise at the same time each get an answer', async (t) => {
  const { invoke, loading, execution, driver } = executionUnderTest(t);
  loading.push(...Array.from({ length: 16 }, () => 'error' as const));
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => invoke({})));
  for (const outcome of outcomes)
    if (outcome.kind !== 'success') assert.equal(errorOf(outcome).errorType, 'SyntaxError');
  loading.length = 0;
  sandboxOf(await invoke({}));
  assert.equal(execution.counts().running, 0);
  await until(() => driver.sandboxes.size === execution.counts().environments, 'what failed is gone');
});

test("an init that does not end is ended after ten seconds, and again after the function's timeout", async (t) => {
  const { invoke, loading, clock, driver } = executionUnderTest(t);
  loading.push('hang', 'hang');
  const outcome = invoke({});
  await until(() => driver.sandboxes.size === 1, 'the first try');
  await turn();
  await clock.advance(10_000);
  await until(() => [...driver.sandboxes.values()].some(({ calls }) => calls.at(-1) === 'assign'), 'the second try');
  await turn();
  await clock.advance(3000);
  assert.equal(
    errorOf(await outcome).payload.errorMessage,
    'RequestId: request-1 Error: Task timed out after 3.00 seconds',
  );
});

test('a retired version serves what it has begun, and is gone when that is over', async (t) => {
  const { execution, invoke, settle, driver, waiting } = executionUnderTest(t);
  const idle = sandboxOf(await invoke({}));
  const busy = [invoke({ wait: 'a' }), invoke({ wait: 'b' })];
  await until(() => waiting() === 2, 'both run');
  let retired = false;
  const retirement = execution
    .retire(({ id }) => id === testTarget.id)
    .then(() => {
      retired = true;
    });
  const fresh = sandboxOf(await invoke({}, { id: 'f/2' }));
  await settle('a');
  await turn();
  assert.equal(retired, false, 'one still runs');
  await settle('b');
  await retirement;
  assert.equal((await Promise.all(busy)).map(sandboxOf).includes(idle), true);
  assert.deepEqual([...driver.sandboxes.keys()], [fresh]);
});

test('retirement waits for environments that are only being started', async (t) => {
  const { execution, invoke, driver } = executionUnderTest(t);
  const starting = invoke({});
  const retirement = execution.retire(() => true);
  sandboxOf(await starting);
  await retirement;
  assert.equal(driver.sandboxes.size, 0);
  assert.equal(execution.counts().environments, 0);
});

test('retirement waits for the second try of an init that failed', async (t) => {
  const { execution, invoke, loading, driver } = executionUnderTest(t);
  loading.push('error', 'ready');
  const outcome = invoke({});
  const retirement = execution.retire(() => true);
  sandboxOf(await outcome);
  await retirement;
  assert.equal(driver.sandboxes.size, 0);
});

test('whoever counts invocations is told of each, with what it took and beside how many it ran', async (t) => {
  const { finished, invoke, settle } = executionUnderTest(t, { concurrencyLimit: 1 });
  const first = invoke({ wait: 'first' });
  const refused = await invoke({});
  assert.equal(refused.kind, 'throttled');
  await settle('first');
  const outcome = await first;
  assert.deepEqual(
    finished.map((each) => [each.outcome.kind, each.concurrent]),
    [
      ['throttled', undefined],
      ['success', { ofQualifier: 1, ofFunction: 1, ofAccount: 1, unreserved: 1 }],
    ],
  );
  assert.ok(outcome.kind === 'success' && outcome.usage.billedDurationMs >= outcome.usage.durationMs);
});

test('when memory is short, what has been idle longest makes room', async (t) => {
  const { invoke, driver } = executionUnderTest(t, { starting: { memoryMib: 128 } });
  const first = sandboxOf(await invoke({}, { id: 'f/1' }));
  const second = sandboxOf(await invoke({}, { id: 'f/2' }));
  assert.equal(sandboxOf(await invoke({}, { id: 'f/1' })), first);
  const third = sandboxOf(await invoke({}, { id: 'f/3' }));
  assert.deepEqual([...driver.sandboxes.keys()].sort(), [first, third].sort());
  assert.ok(!driver.sandboxes.has(second));
});

test('what an environment takes is measured when it comes to rest, and MemorySize bounds it', async (t) => {
  const { invoke, driver, clock } = executionUnderTest(t, { starting: { memoryMib: 160 } });
  const first = sandboxOf(await invoke({}, { id: 'f/1' }));
  driver.sandboxes.get(first)!.memoryBytes = 8 * 1024 * 1024;
  await clock.advance(100);
  const second = sandboxOf(await invoke({}, { id: 'f/2' }));
  const third = sandboxOf(await invoke({}, { id: 'f/3' }));
  assert.deepEqual([...driver.sandboxes.keys()].sort(), [first, second, third].sort(), '24 and twice 64 MiB');
});

test('an invocation waits for memory for a while, and is then told to come again', async (t) => {
  const { invoke, clock, settle, execution, finished } = executionUnderTest(t, { starting: { memoryMib: 64 } });
  const running = invoke({ wait: 'a' }, { timeoutMs: 60_000 });
  const late = invoke({}, { id: 'g/1', functionArn: 'arn:g' });
  await turn();
  await clock.advance(10_000);
  assert.deepEqual(await late, { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
  assert.deepEqual(finished.at(-1)!.concurrent, undefined);
  const waits = invoke({}, { id: 'g/1', functionArn: 'arn:g' });
  await settle('a');
  sandboxOf(await running);
  sandboxOf(await waits);
  assert.deepEqual([execution.counts().running, execution.counts().environments], [0, 1]);
});

test('a function that holds all memory gives some of it to one that waits, before its own invocations', async (t) => {
  const { invoke, settle, waiting, driver } = executionUnderTest(t, { starting: { memoryMib: 128 } });
  const many = ['a', 'b', 'c', 'd'].map((wait) => invoke({ wait }));
  await until(() => waiting() === 2, 'two run');
  const other = invoke({}, { id: 'g/1', functionArn: 'arn:g' });
  await turn();
  await settle('a');
  const servedBy = sandboxOf(await other);
  assert.ok(driver.sandboxes.has(servedBy));
  await settle('b');
  await settle('c');
  await settle('d');
  for (const outcome of await Promise.all(many)) sandboxOf(outcome);
});

test('a function gains a thousand environments at once and a hundred more each second', async (t) => {
  const { invoke, clock, execution } = executionUnderTest(t, { concurrencyLimit: 2_000, starting: { maxStarting: 0 } });
  const outcomes = Array.from({ length: 1_050 }, () => invoke({}));
  const refused = await Promise.all(outcomes.slice(1_000));
  assert.ok(refused.every((outcome) => outcome.kind === 'throttled'));
  assert.equal(execution.counts().running, 1_000);
  await clock.advance(100);
  const more = Array.from({ length: 11 }, () => invoke({}));
  assert.equal((await more[10]!).kind, 'throttled');
  assert.equal(execution.counts().running, 1_010);
  assert.equal((await Promise.race([invoke({}, { functionArn: 'arn:g', id: 'g' }), turn()])) ?? 'waits', 'waits');
});
