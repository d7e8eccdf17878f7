// How packages are counted, and what happens at the limit.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Database, openSqlite } from '../../storage/index.ts';
import { checkCodeStorage } from './code-storage.ts';
import { active, type VersionRecord } from './function-record.ts';
import type { Quotas } from './quotas.ts';
import { type FunctionStore, openFunctionStore } from './store/index.ts';
import { migrations } from './store/migrations.ts';

const owner = { account: '111111111111', region: 'eu-west-1' };
const gigabyte = 1024 ** 3;
const oneGigabyte: Quotas = { value: () => 1 };

function openDatabase(t: TestContext): Database {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-code-storage-'));
  const database = openSqlite(join(folder, 'test.sqlite'), { durability: 'normal' });
  t.after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  return database;
}

const openStore = (t: TestContext): Promise<FunctionStore> => openFunctionStore(openDatabase(t));

function version(number: number, zippedBytes: number): VersionRecord {
  return {
    number,
    configuration: {
      runtime: 'nodejs24.x',
      role: '',
      handler: 'index.handler',
      description: '',
      timeoutSeconds: 3,
      memoryMib: 128,
      ephemeralStorageMib: 512,
      architecture: 'x86_64',
      logging: { format: 'Text' },
    },
    code: { sha256: `${number}`, zippedBytes, unzippedBytes: zippedBytes },
    runtimeVersionHash: '',
    lastModified: 0,
    revisionId: '',
    generation: '',
    state: active,
  };
}

/** Stores a version as the operations do: it is kept only where there is room. */
function put(store: FunctionStore, name: string, number: number, zippedBytes: number): Promise<void> {
  return store.change(async (transaction) => {
    await transaction.putFunction({ ...owner, name, tags: {}, lastNumber: number });
    await transaction.putVersion({ ...owner, name }, version(number, zippedBytes));
    await checkCodeStorage(transaction, owner, oneGigabyte);
  });
}

test('packages may fill the storage to its last byte, and no further', async (t) => {
  const store = await openStore(t);
  await put(store, 'a', 0, gigabyte - 10);
  await put(store, 'b', 0, 10);
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 2, codeBytes: gigabyte });
  const exceeded = (error: { code?: string; status?: number; message?: string }) => {
    assert.deepEqual(
      [error.code, error.status, error.message],
      ['CodeStorageExceededException', 400, 'Code storage limit exceeded.'],
    );
    return true;
  };
  await assert.rejects(put(store, 'c', 0, 1), exceeded);
  await assert.rejects(put(store, 'b', 1, 1), exceeded);
  await assert.rejects(put(store, 'b', 0, 11), exceeded);
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 2, codeBytes: gigabyte });
  await put(store, 'b', 0, 9);
  await put(store, 'b', 1, 1);
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 2, codeBytes: gigabyte });
});

test('what is deleted makes room, and other accounts and regions have their own', async (t) => {
  const store = await openStore(t);
  await put(store, 'a', 0, 5);
  await put(store, 'a', 1, 7);
  await store.change((transaction) => transaction.deleteVersion({ ...owner, name: 'a', number: 1 }));
  await store.change((transaction) => transaction.deleteVersion({ ...owner, name: 'a', number: 1 }));
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 1, codeBytes: 5 });
  await store.change((transaction) => transaction.deleteFunction({ ...owner, name: 'a' }));
  await store.change((transaction) => transaction.deleteFunction({ ...owner, name: 'a' }));
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 0, codeBytes: 0 });
  assert.deepEqual(await store.usage.get(owner.account, 'us-east-1'), { functions: 0, codeBytes: 0 });
});

test('what a data folder of an older release has stored is counted when it is opened', async (t) => {
  const database = openDatabase(t);
  const before = migrations.findIndex(({ name }) => name === 'what an account has stored');
  await database.migrate('lambda', migrations.slice(0, before));
  for (const [name, number, bytes] of [['a', 0, 5] as const, ['a', 1, 7] as const, ['b', 0, 11] as const]) {
    await database.run(
      `INSERT INTO lambda_versions (account, region, name, number, code_sha256, settled, record)
       VALUES (?, ?, ?, ?, '', 1, ?)`,
      owner.account,
      owner.region,
      name,
      number,
      JSON.stringify(version(number, bytes)),
    );
  }
  const store = await openFunctionStore(database);
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 2, codeBytes: 23 });
  await store.change((transaction) => transaction.deleteVersion({ ...owner, name: 'a', number: 1 }));
  assert.deepEqual(await store.usage.get(owner.account, owner.region), { functions: 2, codeBytes: 16 });
});
