// What rows and blobs promise: whole or not at all, and still there after a restart.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openFilesystemBlobs, openSqlite } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambent-storage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const open = (name: string) => openSqlite(join(folder, name), { durability: 'normal' });
const table = [{ name: 'things', sql: 'CREATE TABLE things (name TEXT PRIMARY KEY, size INTEGER)' }];

test('a file that is no database is refused', () => {
  const path = join(folder, 'garbage');
  writeFileSync(path, 'this is not a database, and long enough that nobody could take it for an empty one');
  assert.throws(() => openSqlite(path, { durability: 'normal' }), /not a database/);
});

test('a data folder of a newer release is refused', async () => {
  const database = open('newer');
  await database.migrate('owner', [...table, { name: 'more', sql: 'CREATE TABLE more (a TEXT)' }]);
  await assert.rejects(database.migrate('owner', table), /newer release/);
  await database.close();
});

test('a migration that fails leaves nothing of itself', async () => {
  const database = open('failing');
  const broken = [{ name: 'half', sql: 'CREATE TABLE half (a TEXT); CREATE NONSENSE' }];
  await assert.rejects(database.migrate('owner', broken));
  assert.equal(await database.get("SELECT name FROM sqlite_master WHERE name = 'half'"), undefined);
  await database.close();
});

test('a transaction that rejects changes nothing', async () => {
  const database = open('rollback');
  await database.migrate('owner', table);
  const failure = database.transaction(async (queries) => {
    await queries.run("INSERT INTO things VALUES ('a', 1)");
    throw new Error('no');
  });
  await assert.rejects(failure, /no/);
  assert.deepEqual(await database.all('SELECT * FROM things'), []);
  await database.run("INSERT INTO things VALUES ('b', 2)");
  assert.equal((await database.all('SELECT * FROM things')).length, 1);
  await database.close();
});

test('transactions that are begun at once run one after the other', async () => {
  const database = open('turns');
  await database.migrate('owner', table);
  await database.run("INSERT INTO things VALUES ('count', 0)");
  const increment = () =>
    database.transaction(async (queries) => {
      const row = await queries.get<{ size: number }>("SELECT size FROM things WHERE name = 'count'");
      await new Promise((resolve) => setImmediate(resolve));
      await queries.run("UPDATE things SET size = ? WHERE name = 'count'", row!.size + 1);
    });
  await Promise.all(Array.from({ length: 50 }, increment));
  assert.deepEqual({ ...(await database.get("SELECT size FROM things WHERE name = 'count'")) }, { size: 50 });
  await database.close();
});

test('a transaction that rejects takes nothing of its neighbours with it, though they are committed together', async () => {
  const database = open('neighbours');
  await database.migrate('owner', table);
  const insert = (name: string, fails: boolean) =>
    database.transaction(async (queries) => {
      await queries.run('INSERT INTO things VALUES (?, 1)', name);
      if (fails) throw new Error(name);
    });
  const settled = await Promise.allSettled([insert('a', false), insert('b', true), insert('c', false)]);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const rows = await database.all<{ name: string }>('SELECT name FROM things ORDER BY name');
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['a', 'c'],
  );
  await database.close();
});

test('writes that may be lost with the power keep their turn among those that may not', async () => {
  const database = openSqlite(join(folder, 'lossy'), { durability: 'full' });
  await database.migrate('owner', table);
  const seen: string[] = [];
  const insert = (name: string, lossy: boolean) =>
    database.transaction(
      async (queries) => {
        seen.push(name);
        await queries.run('INSERT INTO things VALUES (?, 1)', name);
      },
      { lossy },
    );
  await Promise.all([insert('a', true), insert('b', false), insert('c', true), insert('d', true), insert('e', false)]);
  assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
  assert.equal((await database.all('SELECT * FROM things')).length, 5);
  await database.close();
});

test('closing waits for the writes that were asked for', async () => {
  const database = open('closing');
  await database.migrate('owner', table);
  const writes = ['a', 'b'].map((name) => database.run('INSERT INTO things VALUES (?, 1)', name));
  await database.close();
  assert.deepEqual(await Promise.all(writes), [1, 1]);
});

test('rows and migrations are there after closing and opening again', async () => {
  const first = open('again');
  await first.migrate('owner', table);
  await first.run("INSERT INTO things VALUES ('kept', 3)");
  await first.close();
  const second = open('again');
  await second.migrate('owner', table);
  assert.equal((await second.get<{ size: number }>("SELECT size FROM things WHERE name = 'kept'"))?.size, 3);
  await second.close();
});

test('a blob is found by its hash, stored once, and gone when deleted', async () => {
  const blobs = await openFilesystemBlobs(join(folder, 'blobs'));
  assert.equal(await blobs.get('0'.repeat(64)), undefined);
  const hash = await blobs.put(Buffer.from('bytes'));
  assert.equal(hash, await blobs.put(Buffer.from('bytes')));
  assert.equal((await blobs.get(hash))?.toString(), 'bytes');
  await blobs.delete(hash);
  await blobs.delete(hash);
  assert.equal(await blobs.get(hash), undefined);
});

test('what a crash left half-written is cleared away at the next start', async () => {
  const path = join(folder, 'crashed');
  await openFilesystemBlobs(path);
  writeFileSync(join(path, 'incoming', 'half'), 'ha');
  await openFilesystemBlobs(path);
  assert.deepEqual(readdirSync(join(path, 'incoming')), []);
});
