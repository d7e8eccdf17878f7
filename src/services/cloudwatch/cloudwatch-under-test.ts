// CloudWatch over databases in a temporary folder, with a clock that tests set, and what it calls of other services recorded.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { createLogger } from '../../core/logger.ts';
import { ManualClock, turns } from '../../core/testing/manual-clock.ts';
import { openSqlite } from '../../storage/index.ts';
import type { CallContext, OperationTable, Unattended } from '../service.ts';
import { openCloudWatch } from './index.ts';

export const account = '123456789012';
export const region = 'eu-west-1';

/** When tests begin: 2026-03-01T12:00:00Z. */
export const startOfTest = Date.UTC(2026, 2, 1, 12);

/** Lets what alarms begin come to its end. */
export const settle = () => turns(60);

type Operations = Required<OperationTable<'cloudwatch'>>;

/** Calls operations by name, past the contract's constraints. */
export type Call = <O extends keyof Operations & string>(
  operation: O,
  input: Parameters<Operations[O]>[0],
) => Promise<Awaited<ReturnType<Operations[O]>>>;

export interface OtherCall {
  service: string;
  operation: string;
  input: any;
}

export interface CloudWatchUnderTest {
  call: Call;
  clock: ManualClock;
  /** What other services were called with, in order. */
  others: OtherCall[];
  /** Has calls of other services fail until it is set to undefined. */
  failWith: Error | undefined;
  /** Stops the service and opens it anew over the same files; without `stop` when it is to be as after a crash. */
  restart(how?: 'crash'): Promise<void>;
}

export async function startCloudWatch(test: TestContext): Promise<CloudWatchUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-cloudwatch-'));
  const clock = new ManualClock({ start: startOfTest, turns: 60 });
  const log = createLogger('silent');
  const others: OtherCall[] = [];
  const callAs = (() => async (service: string, operation: string, input: unknown) => {
    if (under.failWith !== undefined) throw under.failWith;
    others.push({ service, operation, input });
    return {};
  }) as unknown as Unattended;
  const open = async () => {
    const database = openSqlite(join(folder, 'metrics.sqlite'), { durability: 'normal' });
    const resources = openSqlite(join(folder, 'resources.sqlite'), { durability: 'normal' });
    const { service } = await openCloudWatch({ database, resources, callAs, clock, ids: randomIds, log });
    await service.start?.();
    await settle();
    const close = async () => {
      await service.stop?.();
      await database.close();
      await resources.close();
    };
    return { service, close };
  };
  let opened = await open();
  test.after(async () => {
    await opened.close();
    rmSync(folder, { recursive: true });
  });
  const context = {
    caller: { account, region, accessKeyId: account, arn: `arn:aws:iam::${account}:root`, userId: account },
    requestId: 'request-1',
    clock,
    ids: randomIds,
    log,
    signal: new AbortController().signal,
  } as unknown as CallContext;
  const under: CloudWatchUnderTest = {
    call: async (operation, input) => ((await opened.service.operations())[operation] as any)(input, context),
    clock,
    others,
    failWith: undefined,
    async restart(how) {
      if (how === undefined) await opened.close();
      opened = await open();
    },
  };
  return under;
}
