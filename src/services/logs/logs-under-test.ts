// CloudWatch Logs over a database in a temporary folder, with a clock that tests set.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { createLogger } from '../../core/logger.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openSqlite } from '../../storage/index.ts';
import type { CallContext, OperationTable } from '../service.ts';
import { type LogsOptions, openLogs } from './index.ts';

export const account = '000000000000';
export const region = 'eu-west-1';

/** A moment at which tests begin: 2026-03-01T12:00:00Z. */
export const startOfTest = Date.UTC(2026, 2, 1, 12);

type Operations = Required<OperationTable<'logs'>>;

/** Calls operations by name; inputs are given as clients give them. */
export type Call = <O extends keyof Operations & string>(
  operation: O,
  input: Parameters<Operations[O]>[0],
  context?: Partial<CallContext>,
) => Promise<Awaited<ReturnType<Operations[O]>>>;

export interface LogsUnderTest {
  call: Call;
  sink: Awaited<ReturnType<typeof openLogs>>['sink'];
  clock: ManualClock;
  /** Stops the service and opens it anew over the same file. */
  restart(): Promise<void>;
  /** Opens it anew as after a crash: without `stop`. */
  crash(): Promise<void>;
}

export async function startLogs(test: TestContext, options: Partial<LogsOptions> = {}): Promise<LogsUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-logs-'));
  const clock = new ManualClock({ start: startOfTest, turns: 5 });
  const log = createLogger('silent');
  const open = async () => {
    const database = openSqlite(join(folder, 'logs.sqlite'), { durability: 'normal' });
    const opened = await openLogs({ database, clock, ids: randomIds, log, ...options });
    await opened.service.start?.();
    return { ...opened, database };
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
  } as unknown as CallContext;
  return {
    call: async (operation, input, context) =>
      ((await opened.service.operations())[operation] as any)(input, { ...base, ...context }),
    get sink() {
      return opened.sink;
    },
    clock,
    async restart() {
      await close();
      opened = await open();
    },
    async crash() {
      opened = await open();
    },
  };
}

/** Messages of events, in order. */
export function messagesOf(page: { events?: { message?: string | undefined }[] | undefined }): string[] {
  return (page.events ?? []).map(({ message }) => message!);
}
