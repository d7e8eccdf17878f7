// One server at a time has a data folder.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DataFolderError, openDataFolder } from './data-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'lambent-folder-'));
after(() => rmSync(parent, { recursive: true, force: true }));

test('a folder that cannot be made is refused', () => {
  writeFileSync(join(parent, 'file'), '');
  assert.throws(() => openDataFolder(join(parent, 'file', 'data')), DataFolderError);
});

test('a folder that a running process holds is refused, and says whose it is', () => {
  const path = join(parent, 'held');
  openDataFolder(path).release();
  // The parent of this test runs for as long as it does.
  writeFileSync(join(path, 'lock'), `${process.ppid} ${startTimeOf(process.ppid)}\n`);
  assert.throws(() => openDataFolder(path), new RegExp(`process id ${process.ppid}`));
});

test('the lock of a process that was killed, or whose id another has now, is worth nothing', () => {
  const path = join(parent, 'stale');
  openDataFolder(path).release();
  writeFileSync(join(path, 'lock'), '999999999 1\n');
  openDataFolder(path).release();
  writeFileSync(join(path, 'lock'), `${process.ppid} 1\n`);
  openDataFolder(path).release();
});

test('key and instance stay the same from start to start', () => {
  const path = join(parent, 'same');
  const first = openDataFolder(path);
  first.release();
  const second = openDataFolder(path);
  second.release();
  assert.deepEqual([second.key, second.instance], [first.key, first.instance]);
  assert.match(first.instance, /^[a-z0-9]{1,32}$/);
});

function startTimeOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
}
