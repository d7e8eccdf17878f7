// Amazon SQS over a database in a temporary folder, with a clock that tests set.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock } from '../../core/clock.ts';
import { randomIds } from '../../core/ids.ts';
import { createLogger } from '../../core/logger.ts';
import { type Database, openSqlite } from '../../storage/index.ts';
import type { CallContext, OperationTable } from '../service.ts';
import { openSqs, type SqsMetric } from './index.ts';

export const account = '123456789012';
export const region = 'eu-west-1';
export const endpoint = 'http://127.0.0.1:4566';

/** A moment at which tests begin: 2026-03-01T12:00:00Z. */
export const startOfTest = Date.UTC(2026, 2, 1, 12);

/** Time that passes only by `advance`, which calls what is due in order. */
export class ManualClock implements Clock {
  #now = startOfTest;
  #timers: { due: number; callback: () => void }[] = [];

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - startOfTest;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { due: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Sets the time on without calling anybody. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass; what a timer begins has a few turns of the event loop before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await turns();
    }
    this.#now = end;
    await turns();
  }
}

export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

type Operations = Required<OperationTable<'sqs'>>;

/** Calls operations by name; inputs are given as clients give them. */
export type Call = <O extends keyof Operations & string>(
  operation: O,
  input: Partial<Parameters<Operations[O]>[0]>,
  context?: Partial<CallContext>,
) => Promise<Awaited<ReturnType<Operations[O]>>>;

export interface SqsUnderTest {
  call: Call;
  clock: ManualClock;
  metrics: SqsMetric[];
  measureQueues(): Promise<void>;
  /** Makes a queue; its URL. */
  create(name: string, attributes?: Record<string, string>): Promise<string>;
  /** As it is open now. */
  database(): Database;
  /** Stops the service and opens it anew over the same file. */
  restart(): Promise<void>;
}

export async function startSqs(test: TestContext): Promise<SqsUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-sqs-'));
  const clock = new ManualClock();
  const log = createLogger('silent');
  const metrics: SqsMetric[] = [];
  const open = async () => {
    const database = openSqlite(join(folder, 'queues.sqlite'), { durability: 'normal' });
    const service = await openSqs({ database, clock, ids: randomIds, log, onMetric: (metric) => metrics.push(metric) });
    await service.start?.();
    return { service, database };
  };
  let opened = await open();
  const close = async () => {
    await opened.service.stop?.();
    await opened.database.close();
  };
  test.after(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });
  const base = {
    caller: { account, region, accessKeyId: account, arn: `arn:aws:iam::${account}:root`, userId: account },
    requestId: 'request-1',
    clock,
    ids: randomIds,
    log,
    signal: new AbortController().signal,
    endpoint,
    headers: {},
    responseHeaders: {},
  } as unknown as CallContext;
  const call: Call = async (operation, input, context) =>
    ((await opened.service.operations())[operation] as any)(input, { ...base, ...context });
  return {
    call,
    clock,
    metrics,
    measureQueues: () => opened.service.measureQueues(),
    create: async (QueueName, Attributes = {}) => (await call('CreateQueue', { QueueName, Attributes })).QueueUrl!,
    database: () => opened.database,
    async restart() {
      await close();
      opened = await open();
    },
  };
}
