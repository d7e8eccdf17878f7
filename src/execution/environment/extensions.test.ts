// The states of extensions, and what is waited for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExtensionEvent, Extensions } from './extensions.ts';
import type { PlatformError } from './exit-errors.ts';

function extensionsUnderTest() {
  let ids = 0;
  const failures: PlatformError[] = [];
  const later: (() => void)[] = [];
  const extensions = new Extensions({
    uuid: () => `id-${++ids}`,
    after: (_delayMs, action) => {
      later.push(action);
      return () => {};
    },
    failed: (error) => failures.push(error),
  });
  return { extensions, failures, later };
}

const invoke = (requestId: string) => ({
  eventType: 'INVOKE' as const,
  deadlineMs: 1,
  requestId,
  invokedFunctionArn: 'arn',
  tracing: { type: 'X-Amzn-Trace-Id' as const, value: '' },
});

test('the init waits for every external extension to register, and then for all to be ready', async () => {
  const { extensions } = extensionsUnderTest();
  extensions.add('outer');
  let registered = false;
  const waiting = extensions.allRegistered()!.then(() => {
    registered = true;
  });
  const inner = extensions.register('inner', ['INVOKE']);
  await Promise.resolve();
  assert.equal(registered, false);
  const outer = extensions.register('outer', ['INVOKE', 'SHUTDOWN']);
  await waiting;
  const ready = extensions.allReady()!;
  extensions.next(outer, () => {});
  extensions.next(inner, () => {});
  await ready;
  assert.equal(extensions.allReady(), undefined);
});

test('only those are told of an invocation that wish to be, and until they ask again they are busy', async () => {
  const { extensions } = extensionsUnderTest();
  const told: string[] = [];
  const note = (who: string) => (event: ExtensionEvent) => void told.push(`${who} ${event.eventType}`);
  const eager = extensions.register('eager', ['INVOKE']);
  const idle = extensions.register('idle', []);
  extensions.next(eager, note('eager'));
  extensions.next(idle, note('idle'));
  extensions.invoke(invoke('1'));
  assert.deepEqual(told, ['eager INVOKE']);
  const busy = extensions.allReady()!;
  extensions.next(eager, note('eager'));
  await busy;
});

test('an event waits for one whose request had gone, and it counts as busy meanwhile', () => {
  const { extensions } = extensionsUnderTest();
  const id = extensions.register('one', ['INVOKE']);
  extensions.next(id, () => assert.fail('nobody listens here'))();
  extensions.invoke(invoke('1'));
  assert.notEqual(extensions.allReady(), undefined);
  const told: ExtensionEvent[] = [];
  extensions.next(id, (event) => told.push(event));
  assert.equal(told.length, 1);
});

test('what an extension reported before it ended is what failed; else it has crashed', () => {
  const reported = extensionsUnderTest();
  reported.extensions.add('outer');
  const id = reported.extensions.register('outer', []);
  reported.extensions.initError(id, 'Extension.NoConfig');
  reported.extensions.exited('outer', 'exit status 1');
  for (const action of reported.later) action();
  assert.deepEqual(reported.failures, [{ errorType: 'Extension.InitError', message: 'exit status 1' }]);
  const silent = extensionsUnderTest();
  silent.extensions.add('outer');
  silent.extensions.exited('outer', 'signal: killed');
  assert.deepEqual(silent.failures, [{ errorType: 'Extension.Crash', message: 'signal: killed' }]);
});

test('an end during the shutdown is no failure', async () => {
  const { extensions, failures } = extensionsUnderTest();
  extensions.add('outer');
  const id = extensions.register('outer', ['SHUTDOWN']);
  extensions.next(id, () => {});
  extensions.shutDown();
  extensions.tellShutdown({ eventType: 'SHUTDOWN', shutdownReason: 'SPINDOWN', deadlineMs: 1 });
  const ended = extensions.toldHaveEnded()!;
  extensions.exited('outer', 'exit code 0');
  await ended;
  assert.deepEqual(failures, []);
});
