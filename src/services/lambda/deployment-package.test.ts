// Packages are unpacked whole; what is the same as in the package before shares its file on disk.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { zipOf } from '../../../test/zip.ts';
import { unpackDeploymentPackage } from './deployment-package.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lambent-unpack-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`lib/${index % 7}/f${index}`, `${index}`]));

const withMode = (mode: number) => zipOf(Object.entries(many).map(([name, content]) => ({ name, content, mode })));

const inode = (version: string, path: string) => statSync(join(root, version, path)).ino;

test('files that stayed are shared, those that changed, came or went are not', async () => {
  const before = { zip: zipOf({ ...many, 'index.mjs': 'one', gone: 'x' }), folder: join(root, 'one') };
  const whole = await unpackDeploymentPackage(before.zip, before.folder);
  const zip = zipOf({ ...many, 'index.mjs': 'two', 'new/deep/file': 'y' });
  assert.equal(await unpackDeploymentPackage(zip, join(root, 'two'), async () => before), whole);
  for (const path of Object.keys(many)) assert.equal(inode('one', path), inode('two', path));
  assert.notEqual(inode('one', 'index.mjs'), inode('two', 'index.mjs'));
  assert.equal(readFileSync(join(root, 'two/index.mjs'), 'utf8'), 'two');
  assert.equal(readFileSync(join(root, 'two/new/deep/file'), 'utf8'), 'y');
  assert.throws(() => statSync(join(root, 'two/gone')), { code: 'ENOENT' });
  assert.equal(readFileSync(join(root, 'one/index.mjs'), 'utf8'), 'one');
});

test('other rights make another file', async () => {
  const before = { zip: zipOf(many), folder: join(root, 'one') };
  await unpackDeploymentPackage(before.zip, before.folder);
  await unpackDeploymentPackage(withMode(0o100755), join(root, 'two'), async () => before);
  assert.equal(statSync(join(root, 'two/lib/0/f0')).mode & 0o777, 0o755);
  assert.equal(statSync(join(root, 'one/lib/0/f0')).mode & 0o777, 0o644);
});

test('where the files of the package before are gone, all are written', async () => {
  const before = { zip: zipOf(many), folder: join(root, 'lost') };
  await unpackDeploymentPackage(zipOf(many), join(root, 'two'), async () => before);
  assert.equal(readFileSync(join(root, 'two/lib/1/f1'), 'utf8'), '1');
});
