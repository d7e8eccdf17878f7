// What goes into a deployment package, and that it is the same each time.
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { Packer } from './pack-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lambent-pack-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text = name, mode = 0o644): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  chmodSync(join(root, name), mode);
}

/** Permission and type bits by path. */
async function modes(zip: Buffer): Promise<Record<string, string>> {
  const file = (await promisify(yauzl.fromBuffer)(zip)) as unknown as ZipFile;
  const found: Record<string, string> = {};
  file.on('entry', (entry: Entry) => {
    found[entry.fileName] = (entry.externalFileAttributes >>> 16).toString(8);
  });
  await new Promise((resolve) => file.on('end', resolve));
  return found;
}

test('an empty folder is refused', () => {
  write('f/old.zip');
  assert.throws(() => new Packer().pack([join(root, 'f')]), /There is nothing to deploy/);
});

test('a link that leads nowhere is refused by name', () => {
  write('f/index.js');
  symlinkSync('/no/such/file', join(root, 'f/broken'));
  assert.throws(() => new Packer().pack([join(root, 'f')]), /broken is a link that leads nowhere/);
});

test('the same files make the same bytes, whenever they were written', () => {
  write('f/b.js');
  write('f/a.js');
  const before = new Packer().pack([join(root, 'f')]);
  utimesSync(join(root, 'f/a.js'), 1, 1);
  const after = new Packer().pack([join(root, 'f')]);
  assert.deepEqual(before.paths, ['a.js', 'b.js']);
  assert.ok(before.zip.equals(after.zip));
});

test('version control, caches, zips and what .lambentignore names stay out', () => {
  for (const name of ['index.js', '.git/HEAD', 'node_modules/.cache/x', 'node_modules/m/index.js', 'a/b.zip']) {
    write(`f/${name}`);
  }
  for (const name of ['__pycache__/x.pyc', 'test/a.js', 'docs/keep.md', 'docs/drop.md']) write(`f/${name}`);
  write('f/.lambentignore', 'test/\n*.md\n!docs/keep.md\n');
  const { paths } = new Packer().pack([join(root, 'f')]);
  assert.deepEqual(paths, ['docs/keep.md', 'index.js', 'node_modules/m/index.js']);
});

test('executable files stay executable, a bootstrap becomes it, and links inside stay links', async () => {
  write('f/tool', 'x', 0o755);
  write('f/bootstrap', 'x', 0o600);
  write('f/lib/real.js');
  symlinkSync('lib/real.js', join(root, 'f/link.js'));
  const { zip } = new Packer().pack([join(root, 'f')]);
  assert.deepEqual(await modes(zip), {
    bootstrap: '100755',
    'lib/real.js': '100644',
    'link.js': '120777',
    tool: '100755',
  });
  assert.ok(lstatSync(join(root, 'f/link.js')).isSymbolicLink() && readlinkSync(join(root, 'f/link.js')));
});

test('what a link outside leads to is packed, and circles end', () => {
  write('shared/index.js');
  write('f/index.js');
  mkdirSync(join(root, 'f/node_modules'));
  symlinkSync('../../shared', join(root, 'f/node_modules/shared'));
  symlinkSync(join(root, 'f'), join(root, 'shared/back'));
  const { paths } = new Packer().pack([join(root, 'f')]);
  assert.deepEqual(paths, ['index.js', 'node_modules/shared/index.js']);
});

test("of two folders the later one's files win", () => {
  write('one/a.py', 'old');
  write('one/b.py');
  write('two/a.py', 'new');
  const both = new Packer().pack([join(root, 'one'), join(root, 'two')]);
  assert.deepEqual(both.paths, ['a.py', 'b.py']);
  const single = new Packer().pack([join(root, 'one')]);
  assert.ok(!both.zip.equals(single.zip));
});

test('what has not changed is not read again', () => {
  write('f/a.js', 'one');
  write('f/b.js', 'one');
  const packer = new Packer();
  assert.deepEqual(packer.pack([join(root, 'f')]).fresh, ['a.js', 'b.js']);
  write('f/b.js', 'two');
  write('f/c.js', 'new');
  const again = packer.pack([join(root, 'f')]);
  assert.deepEqual(again.fresh, ['b.js', 'c.js']);
  rmSync(join(root, 'f/a.js'));
  assert.deepEqual(packer.pack([join(root, 'f')]).paths, ['b.js', 'c.js']);
  const other = new Packer().pack([join(root, 'f')]);
  assert.ok(packer.pack([join(root, 'f')]).zip.equals(other.zip));
});

test('files that are made for the package win over those of the folder', () => {
  write('f/index.mjs', 'old');
  write('f/index.ts', 'source');
  const made = [{ path: 'index.mjs', content: Buffer.from('bundled') }];
  const packed = new Packer().pack([join(root, 'f')], { leaveOut: ['*.ts'], made });
  assert.deepEqual(packed.paths, ['index.mjs']);
  assert.ok(packed.zip.includes(Buffer.from('bundled')));
});
