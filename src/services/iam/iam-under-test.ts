// IAM over a database in a temporary folder, at a moment that tests know.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { openSqlite } from '../../storage/index.ts';
import type { CallContext, Caller, OperationTable } from '../service.ts';
import { createIam, type Iam, openIam } from './index.ts';

export const account = '123456789012';

/** 2026-03-01T12:00:00.789Z. */
export const startOfTest = Date.UTC(2026, 2, 1, 12, 0, 0, 789);

export const root: Caller = {
  account,
  region: 'eu-west-1',
  accessKeyId: account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
};

export const lambdaTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export const listBuckets =
  '{\n  "Version": "2012-10-17",\n  "Statement": { "Effect": "Allow", "Action": "s3:List*", "Resource": "*" }\n}';

type Operations = Required<OperationTable<'iam'>>;

/** Calls operations by name, as root unless told otherwise. The contract's constraints are not applied. */
export type Call = <O extends keyof Operations & string>(
  operation: O,
  input: Parameters<Operations[O]>[0],
  caller?: Caller,
) => Promise<Awaited<ReturnType<Operations[O]>>>;

export interface IamUnderTest {
  iam: Iam;
  call: Call;
  /** Closes the database and opens it anew. */
  restart(): Promise<void>;
}

export async function startIam(test: TestContext): Promise<IamUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-iam-'));
  const open = async () => {
    const database = openSqlite(join(folder, 'iam.sqlite'), { durability: 'normal' });
    return { database, iam: await openIam(database) };
  };
  let opened = await open();
  test.after(async () => {
    await opened.database.close();
    rmSync(folder, { recursive: true });
  });
  const context = { requestId: 'request-1', clock: { now: () => startOfTest }, ids: randomIds } as CallContext;
  return {
    get iam() {
      return opened.iam;
    },
    call: async (operation, input, caller = root) =>
      ((await createIam(opened.iam).operations())[operation] as any)(input, { ...context, caller }),
    async restart() {
      await opened.database.close();
      opened = await open();
    },
  };
}
