// An Execution for tests: sandboxes without processes, a clock that moves when told, runtimes that do what the event says.
import type { TestContext } from 'node:test';
import { randomIds } from '../core/ids.ts';
import { createLogger } from '../core/logger.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import {
  type AssignFrame,
  encodeFrameHead,
  encodeJsonFrame,
  FakeDriver,
  type FakeSandbox,
  type Frame,
  FrameType,
  splitHead,
} from '../sandbox/index.ts';
import {
  type ConcurrencyAllowance,
  Execution,
  type FinishedInvocation,
  type FunctionTarget,
  type Outcome,
  PrebootedPool,
  type ResolvedRuntime,
} from './index.ts';

import type { StartGateOptions } from './placement/start-gate.ts';

/** What the pretended handler does with an event; the first that is set counts. */
export interface PretendedEvent {
  /** Answers only when `settle` is called. */
  wait?: string;
  exit?: number;
  hang?: true;
  error?: string;
  answer?: unknown;
}

/** What the pretended runtime does when it is assigned. */
export type Loading = 'ready' | 'error' | 'exit' | 'hang';

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Waits for what needs more than a turn, e.g. a listening socket. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`never: ${what}`);
}

export interface ExecutionUnderTest {
  execution: Execution;
  clock: ManualClock;
  driver: FakeDriver;
  /** Text of all logs, in order. */
  logs: string[];
  /** How the next assignments go; `ready` when none is left. */
  loading: Loading[];
  /** The variables of each environment, in the order of their assignment. */
  assigned: Record<string, string>[];
  /** What was told of invocations that are over. */
  finished: FinishedInvocation[];
  /** Invokes; `sandbox` of the answer tells which environment served. */
  invoke(
    event: PretendedEvent,
    target?: Partial<FunctionTarget>,
    concurrency?: Partial<ConcurrencyAllowance>,
  ): Promise<Outcome>;
  /** Ends the invocation that waits under this name. */
  settle(name: string): Promise<void>;
  /** How many invocations have reached a runtime and wait there. */
  waiting(): number;
}

const build: ResolvedRuntime = {
  runtime: 'nodejs24.x',
  family: 'nodejs',
  version: '24.0.0',
  exact: true,
  langDir: null,
  runtimeDir: '/runtime',
  command: ['node'],
  hostCommand: ['node'],
  versionLabel: 'nodejs:24.v0',
  versionHash: '0'.repeat(64),
};

export const testTarget: FunctionTarget = {
  id: 'f/1',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
  account: '123456789012',
  region: 'eu-west-1',
  functionName: 'f',
  version: '$LATEST',
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  role: 'arn:aws:iam::123456789012:role/r',
  memoryMib: 128,
  timeoutMs: 3000,
  ephemeralStorageMib: 512,
  variables: {},
  logging: {
    format: 'Text',
    group: '/aws/lambda/f',
    customGroup: false,
    applicationLevel: 'INFO',
    systemLevel: 'INFO',
  },
  taskDir: '/task',
  architecture: 'x86_64',
  optDir: null,
};

/** Everything is closed at the end of `t`. */
export function executionUnderTest(
  t: TestContext,
  options: { idleTimeoutMs?: number; concurrencyLimit?: number; starting?: Partial<StartGateOptions> } = {},
): ExecutionUnderTest {
  const clock = new ManualClock();
  const logs: string[] = [];
  const loading: Loading[] = [];
  const finishedInvocations: FinishedInvocation[] = [];
  const assigned: Record<string, string>[] = [];
  const waiting = new Map<string, () => void>();
  const driver = new FakeDriver((frame, sandbox) => {
    if (frame.type === FrameType.assign) {
      assigned.push((JSON.parse(frame.body.toString()) as AssignFrame).env);
      load(sandbox, loading.shift() ?? 'ready');
    } else if (frame.type === FrameType.invoke) handle(frame, sandbox, waiting);
  });
  const log = createLogger('silent');
  const pool = new PrebootedPool(driver, { minReady: 0, maxReady: 16, maxBooting: 4 }, clock, randomIds, log);
  const execution = new Execution({
    pool,
    clock,
    ids: randomIds,
    logs: { append: (_account, _region, _group, _stream, _time, message) => logs.push(message) },
    resolveRuntime: async () => build,
    credentialsOf: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
    acceptFromFunction: (socket) => socket.destroy(),
    acceptSegments: () => {},
    acceptSamplingRequests: () => {},
    onFinished: (finished) => void finishedInvocations.push(finished),
    freezeAfterMs: 100,
    billingGranularity: 1,
    idleTimeoutMs: options.idleTimeoutMs ?? 60_000,
    starting: { memoryMib: 100_000, availableMib: () => 1_000_000, maxStarting: 1_000, ...options.starting },
  });
  t.after(() => driver.close());
  let requests = 0;
  return {
    execution,
    clock,
    driver,
    logs,
    loading,
    assigned,
    finished: finishedInvocations,
    invoke: (event, changes = {}, concurrency = {}) =>
      execution.invoke({
        requestId: `request-${++requests}`,
        target: { ...testTarget, ...changes },
        concurrency: { unreserved: options.concurrencyLimit ?? 100, ...concurrency },
        invokedArn: testTarget.functionArn,
        payload: Buffer.from(JSON.stringify(event)),
        traceId: undefined,
        clientContext: undefined,
        logTail: false,
      }),
    async settle(name) {
      await until(() => waiting.has(name), `an invocation waits as ${name}`);
      waiting.get(name)!();
      waiting.delete(name);
      await turn();
    },
    waiting: () => waiting.size,
  };
}

function load(sandbox: FakeSandbox, how: Loading): void {
  if (how === 'ready') sandbox.answer(encodeJsonFrame(FrameType.ready, {}));
  else if (how === 'exit') sandbox.exit({ code: 7 });
  else if (how === 'error') {
    const error = Buffer.from('{"errorType":"SyntaxError","errorMessage":"no"}');
    sandbox.answer(
      Buffer.concat([
        encodeFrameHead(FrameType.initError, { requestId: '', errorType: 'SyntaxError' }, error.length),
        error,
      ]),
    );
  }
}

function handle(frame: Frame, sandbox: FakeSandbox, waiting: Map<string, () => void>): void {
  const { head, payload } = splitHead<{ requestId: string }>(frame.body);
  const event = JSON.parse(payload.toString()) as PretendedEvent;
  const send = (type: typeof FrameType.response | typeof FrameType.error, value: unknown, more = {}) => {
    const body = Buffer.from(JSON.stringify(value));
    const start = encodeFrameHead(type, { requestId: head.requestId, maxRssKib: 1024, ...more }, body.length);
    sandbox.answer(Buffer.concat([start, body]));
  };
  const answer = () => send(FrameType.response, { sandbox: sandbox.id, answer: event.answer });
  if (event.wait !== undefined) waiting.set(event.wait, answer);
  else if (event.exit !== undefined) sandbox.exit({ code: event.exit });
  else if (event.error !== undefined) send(FrameType.error, { errorType: event.error }, { errorType: event.error });
  else if (event.hang === undefined) answer();
}

/** The environment that served. */
export function sandboxOf(outcome: Outcome): string {
  if (outcome.kind !== 'success') throw new Error(`expected: a success, not ${JSON.stringify(outcome)}`);
  return JSON.parse(outcome.payload.toString()).sandbox;
}
