// Laying the files of layers over each other.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { layOver } from './layer-folders.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'layer-folders-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;

/** A folder of these files; a text that begins with `->` is a link. */
function folderOf(files: Record<string, string>): string {
  const path = join(folder, String(made++));
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    if (text.startsWith('->')) symlinkSync(text.slice(2), join(path, name));
    else writeFileSync(join(path, name), text);
  }
  return path;
}

function contents(path: string): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return Object.fromEntries(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [
        file.slice(path.length + 1),
        entry.isSymbolicLink() ? `->${readlinkSync(file)}` : readFileSync(file, 'utf8'),
      ];
    }),
  );
}

async function layered(...layers: Record<string, string>[]): Promise<Record<string, string>> {
  const into = folderOf({});
  for (const files of layers) await layOver(folderOf(files), into);
  return contents(into);
}

test('folders are merged, and of two files the later wins', async () => {
  const merged = await layered({ 'lib/a': '1', 'lib/b': '1', top: '1' }, { 'lib/b': '2', 'lib/deep/c': '2' });
  assert.deepEqual(merged, { 'lib/a': '1', 'lib/b': '2', 'lib/deep/c': '2', top: '1' });
});

test('what is of another kind replaces what was there whole', async () => {
  assert.deepEqual(await layered({ 'x/inner': '1' }, { x: 'file' }), { x: 'file' });
  assert.deepEqual(await layered({ x: 'file' }, { 'x/inner': '2' }), { 'x/inner': '2' });
  assert.deepEqual(await layered({ 'x/inner': '1' }, { x: '->y' }), { x: '->y' });
  assert.deepEqual(await layered({ x: '->y' }, { x: '->z' }), { x: '->z' });
});

test('nothing is written through a link, to a folder or to a file', async () => {
  const outside = folderOf({ 'file.txt': 'untouched' });
  const merged = await layered(
    { door: `->${outside}`, hatch: `->${outside}/file.txt` },
    { 'door/file.txt': 'changed', hatch: 'changed' },
  );
  assert.deepEqual(merged, { 'door/file.txt': 'changed', hatch: 'changed' });
  assert.deepEqual(contents(outside), { 'file.txt': 'untouched' });
});

test('files of layers stay as they are, and take no room twice', async () => {
  const [one, two, into] = [folderOf({ a: '1' }), folderOf({ a: '2' }), folderOf({})];
  await layOver(one, into);
  await layOver(two, into);
  assert.deepEqual([contents(one), contents(two)], [{ a: '1' }, { a: '2' }]);
  assert.equal(statSync(join(into, 'a')).ino, statSync(join(two, 'a')).ino);
});
