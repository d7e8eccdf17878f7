// Environments that are kept initialised: started ahead, used first, replaced, moved with an alias, and told as they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SandboxBootError } from '../../sandbox/index.ts';
import {
  type ExecutionUnderTest,
  executionUnderTest,
  sandboxOf,
  testTarget,
  turn,
  until,
} from '../execution-under-test.ts';
import type { FunctionTarget } from '../function-target.ts';

const of = { account: testTarget.account, region: testTarget.region, functionName: testTarget.functionName };
const live = { provisioned: { qualifier: 'live' } };

/** Has `executions` environments kept of the version `id` for the alias `live`. */
function ask(
  { execution }: ExecutionUnderTest,
  executions: number,
  {
    requestedAt = 1,
    ids = ['f/1'],
    prepare = async () => {},
  }: { requestedAt?: number; ids?: string[]; prepare?: () => Promise<void> } = {},
): void {
  const shares = ids.map((id) => ({ target: targetOf(id), executions: executions / ids.length, prepare }));
  execution.provision({ ...of, qualifier: 'live', requestedAt, shares });
}

const targets = new Map<string, FunctionTarget>();
function targetOf(id: string): FunctionTarget {
  const target = targets.get(id) ?? { ...testTarget, id };
  targets.set(id, target);
  return target;
}

const state = ({ execution }: ExecutionUnderTest) => execution.provisioned(of, 'live');
const numbers = (under: ExecutionUnderTest) => {
  const { allocated, available, inUse, isSettled } = state(under)!;
  return { allocated, available, inUse, isSettled };
};

/** Lets the lead pass and waits until all is there. */
async function ready(under: ExecutionUnderTest): Promise<void> {
  await under.clock.advance(500);
  await until(() => state(under)?.isSettled === true, 'all is there');
}

test('environments are there before the first invocation, which their init is no part of', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 2);
  await turn();
  assert.deepEqual(numbers(under), { allocated: 0, available: 0, inUse: 0, isSettled: false });
  assert.equal(under.driver.sandboxes.size, 0, 'nothing is begun in the first moment');
  await ready(under);
  assert.deepEqual(numbers(under), { allocated: 2, available: 2, inUse: 0, isSettled: true });
  const started = [...under.driver.sandboxes.keys()];
  assert.equal(under.logs.filter((line) => line.startsWith('INIT_START')).length, 2);
  const outcome = await under.invoke({}, targetOf('f/1'), live);
  assert.ok(started.includes(sandboxOf(outcome)));
  assert.ok(outcome.kind === 'success' && outcome.usage.initDurationMs === undefined);
  assert.doesNotMatch(under.logs.join(''), /Init Duration/);
  assert.deepEqual(
    under.finished.map(({ provisioned }) => provisioned),
    ['served'],
  );
});

test('a kept environment knows what it was started for', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  sandboxOf(await under.invoke({}, targetOf('f/1')));
  assert.deepEqual(
    under.assigned.map((variables) => variables['AWS_LAMBDA_INITIALIZATION_TYPE']),
    ['provisioned-concurrency', 'on-demand'],
  );
});

test('what goes beyond them is started on demand, and those are used first again when they are free', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  const first = under.invoke({ wait: 'a' }, targetOf('f/1'), live);
  await until(() => under.waiting() === 1, 'it runs');
  assert.equal(numbers(under).inUse, 1);
  const spilled = sandboxOf(await under.invoke({}, targetOf('f/1'), live));
  await under.settle('a');
  const kept = sandboxOf(await first);
  assert.notEqual(spilled, kept);
  assert.equal(sandboxOf(await under.invoke({}, targetOf('f/1'), live)), kept);
  assert.deepEqual(
    under.finished.map(({ provisioned }) => provisioned),
    ['spilled', 'served', 'served'],
  );
});

test('they rest when unused, and do not end for it', async (t) => {
  const under = executionUnderTest(t, { idleTimeoutMs: 5_000 });
  ask(under, 1);
  await ready(under);
  const [sandbox] = [...under.driver.sandboxes.values()];
  await under.clock.advance(100);
  assert.equal(sandbox!.frozen, true);
  await under.clock.advance(3_600_000);
  assert.equal(sandboxOf(await under.invoke({}, targetOf('f/1'), live)), sandbox!.id);
});

test('one that ends is replaced, and is allocated all the while', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  await under.clock.advance(5_000);
  const outcome = await under.invoke({ exit: 3 }, targetOf('f/1'), live);
  assert.equal(outcome.kind, 'function-error');
  await until(() => state(under)!.available === 1, 'there is another');
  assert.equal(state(under)!.allocated, 1);
  const next = sandboxOf(await under.invoke({}, targetOf('f/1'), live));
  assert.deepEqual([...under.driver.sandboxes.keys()], [next]);
});

test('one that ends as soon as it has started is not started over and over', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  for (const sandbox of under.driver.sandboxes.values()) sandbox.exit({ code: 1 });
  await until(() => under.driver.sandboxes.size === 0, 'it is gone');
  await turn();
  assert.deepEqual(numbers(under), { allocated: 1, available: 0, inUse: 0, isSettled: true });
  await under.clock.advance(1_000);
  await until(() => state(under)!.available === 1, 'a second later there is another');
});

test('they are replaced long before the credentials in their variables expire', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  const first = sandboxOf(await under.invoke({}, targetOf('f/1'), live));
  await under.clock.advance(6 * 3_600_000);
  await until(() => state(under)!.available === 1 && !under.driver.sandboxes.has(first), 'it is replaced');
  assert.notEqual(sandboxOf(await under.invoke({}, targetOf('f/1'), live)), first);
});

test('fewer are wanted: idle ones end at once, busy ones after their invocation', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 3);
  await ready(under);
  const running = under.invoke({ wait: 'a' }, targetOf('f/1'), live);
  await until(() => under.waiting() === 1, 'it runs');
  under.execution.unprovision(of, 'live');
  await until(() => under.driver.sandboxes.size === 1, 'the idle ones are gone');
  assert.equal(state(under), undefined);
  await under.settle('a');
  sandboxOf(await running);
  await until(() => under.driver.sandboxes.size === 0, 'so is the busy one');
  assert.deepEqual(under.execution.counts().environments, 0);
});

test('more are wanted: those that are there stay', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 1);
  await ready(under);
  const [first] = [...under.driver.sandboxes.keys()];
  ask(under, 3, { requestedAt: 2 });
  assert.deepEqual(numbers(under), { allocated: 1, available: 1, inUse: 0, isSettled: false });
  await ready(under);
  assert.equal(under.driver.sandboxes.size, 3);
  assert.ok(under.driver.sandboxes.has(first!));
});

test('a function that cannot be initialised has failed after a second try, until it is asked for again', async (t) => {
  const under = executionUnderTest(t);
  under.loading.push('error', 'exit');
  ask(under, 1);
  await under.clock.advance(500);
  await until(() => under.logs.join('').includes('INIT_REPORT'), 'the first try');
  await turn();
  assert.equal(state(under)!.failure, undefined);
  await under.clock.advance(2_000);
  await until(() => state(under)!.failure !== undefined, 'it has failed');
  assert.equal(state(under)!.failure, 'FUNCTION_ERROR_INIT_FAILURE');
  assert.deepEqual(numbers(under), { allocated: 0, available: 0, inUse: 0, isSettled: false });
  await under.clock.advance(600_000);
  assert.equal(state(under)!.failure, 'FUNCTION_ERROR_INIT_FAILURE');
  ask(under, 1, { requestedAt: 2 });
  assert.equal(state(under)!.failure, undefined);
  await ready(under);
});

test('an init ahead of invocations may take longer than one for an invocation', async (t) => {
  const under = executionUnderTest(t);
  under.loading.push('hang');
  ask(under, 1);
  await under.clock.advance(500);
  await until(() => [...under.driver.sandboxes.values()].some(({ calls }) => calls.includes('assign')), 'it begins');
  await turn();
  await under.clock.advance(129_000);
  assert.equal(under.driver.sandboxes.size, 1);
  await under.clock.advance(1_000);
  await until(() => under.driver.sandboxes.size === 0, 'it is over after 130 seconds');
});

test('what keeps a machine from keeping them is told', async (t) => {
  const under = executionUnderTest(t, { starting: { memoryMib: 100 } });
  ask(under, 3);
  await under.clock.advance(500);
  await until(() => state(under)!.available === 1, 'there is room for one');
  await under.clock.advance(10_000);
  await until(() => state(under)!.failure !== undefined, 'and for no more');
  assert.match(state(under)!.failure!, /no memory left/);
  assert.equal(numbers(under).allocated, 1);
  const other = executionUnderTest(t);
  other.driver.bootFailure = new SandboxBootError('no sandboxes here');
  ask(other, 1);
  await other.clock.advance(500);
  await until(() => state(other)!.failure === 'no sandboxes here', 'so is a machine that starts none');
  const third = executionUnderTest(t);
  ask(third, 1, { prepare: () => Promise.reject(new Error('no code')) });
  await third.clock.advance(500);
  await until(() => state(third)!.failure === 'no code', 'and code that is not there');
});

test('an alias that moves is served by its new version, whose environments are made at once', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 2);
  await ready(under);
  const old = [...under.driver.sandboxes.keys()];
  ask(under, 2, { ids: ['f/2'] });
  await until(() => state(under)!.isSettled && under.driver.sandboxes.size === 2, 'the new ones are there');
  assert.ok(old.every((id) => !under.driver.sandboxes.has(id)));
  sandboxOf(await under.invoke({}, targetOf('f/2'), live));
  assert.deepEqual(
    under.finished.map(({ provisioned }) => provisioned),
    ['served'],
  );
});

test('an alias with two versions keeps some of each', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 4, { ids: ['f/1', 'f/2'] });
  await ready(under);
  assert.equal(numbers(under).allocated, 4);
  for (const id of ['f/1', 'f/2', 'f/1', 'f/2']) sandboxOf(await under.invoke({}, targetOf(id), live));
  assert.ok(under.finished.every(({ provisioned }) => provisioned === 'served'));
});

test('retirement waits for those that nobody asks for any more', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 2);
  await ready(under);
  const running = under.invoke({ wait: 'a' }, targetOf('f/1'), live);
  await until(() => under.waiting() === 1, 'one runs');
  await under.execution.retire(({ id }) => id === 'f/1');
  assert.equal(numbers(under).available, 2, 'what is asked for stays');
  under.execution.unprovision(of, 'live');
  let isOver = false;
  const retired = under.execution
    .retire(({ id }) => id === 'f/1')
    .then(() => {
      isOver = true;
    });
  await until(() => under.driver.sandboxes.size === 1, 'the idle one ends');
  assert.equal(isOver, false);
  await under.settle('a');
  sandboxOf(await running);
  await retired;
  assert.equal(under.driver.sandboxes.size, 0);
});

test('a gauge tells what is kept and in use, and what runs', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 2);
  await ready(under);
  const running = under.invoke({ wait: 'a' }, targetOf('f/1'), live);
  await until(() => under.waiting() === 1, 'one runs');
  const { running: accounts, provisioned } = under.execution.concurrency();
  const functions = [{ functionName: 'f', running: 1 }];
  assert.deepEqual(accounts, [{ account: of.account, region: of.region, running: 1, unreserved: 0, functions }]);
  assert.deepEqual(
    provisioned.map(({ functionName, qualifier, allocated, inUse }) => [functionName, qualifier, allocated, inUse]),
    [['f', 'live', 2, 1]],
  );
  await under.settle('a');
  sandboxOf(await running);
});

test('nothing is left when all is closed', async (t) => {
  const under = executionUnderTest(t);
  ask(under, 2);
  await ready(under);
  await under.execution.close(0);
  assert.equal(under.driver.sandboxes.size, 0);
});
