// Amazon SQS over a database in a temporary folder, with a clock that tests set.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { createLogger } from '../../core/logger.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { type Database, openSqlite } from '../../storage/index.ts';
import type { CallContext, OperationTable } from '../service.ts';
import { openSqs, type SqsMetric } from './index.ts';

export const account = '123456789012';
export const region = 'eu-west-1';
export const endpoint = 'http://127.0.0.1:4566';

/** A moment at which tests begin: 2026-03-01T12:00:00Z. */
export const startOfTest = Date.UTC(2026, 2, 1, 12);

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
  const clock = new ManualClock({ start: startOfTest });
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
