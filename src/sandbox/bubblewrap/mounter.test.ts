// Both mounters do the same: Perl's and the shell's.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programEnvironment } from '../find-program.ts';
import { bubblewrapObstacle } from '../isolation.ts';
import { encodeRequest, Mounter } from './mounter.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const perl = '/usr/bin/perl';

describe('a request to the mounter', () => {
  it('carries any path', () => {
    assert.equal(encodeRequest([['umount', '/a b;c\n']]), 'umount /a\\0040b\\0073c\\0012\n');
    assert.equal(encodeRequest([['bind', '/é', '/\\']]), 'bind /\\0303\\0251 /\\0134\n');
    assert.equal(
      encodeRequest([
        ['rmdir', '/x'],
        ['rmdir', '/y*'],
      ]),
      'rmdir /x;rmdir /y\\0052\n',
    );
  });
});

for (const [name, command] of [
  ['mounter.pl', [perl, file('mounter.pl'), process.arch]],
  ['mounter.sh', ['sh', file('mounter.sh')]],
] as const) {
  const skip = bubblewrapObstacle() ?? (name === 'mounter.pl' && !existsSync(perl) && `needs ${perl}`);
  describe(name, { skip, timeout: 20_000 }, () => {
    let folder: string;
    let mounter: Mounter;
    let child: ChildProcess;
    /** What lies in the mounter's mount namespace, seen by way of its root. */
    let inside: (path: string) => string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mounter-test-'));
      mkdirSync(join(folder, 'run'));
      mkdirSync(join(folder, 'with a ;blank*'));
      writeFileSync(join(folder, 'with a ;blank*/file'), 'content');
      const namespaces = [...(process.getuid?.() === 0 ? [] : ['-Ur']), '--mount', '--propagation', 'private'];
      child = spawn('unshare', [...namespaces, ...command], {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
        env: programEnvironment,
      });
      mounter = new Mounter(child.stdio[3] as Socket);
      await mounter.run([]);
      inside = (path) => `/proc/${child.pid}/root${folder}/${path}`;
    });
    after(async () => {
      const exited = once(child, 'exit');
      mounter.close();
      await exited;
      assert.equal(existsSync(join(folder, 'run/stage')), false);
      rmSync(folder, { recursive: true });
    });

    const path = (end: string) => join(folder, end);
    const flagsOf = (end: string) => {
      const line = readFileSync(inside('').replace(/root.*/, 'mountinfo'), 'utf8')
        .split('\n')
        .find((each) => each.includes(` ${path(end)} `));
      return line?.split(' ')[5]?.split(',') ?? [];
    };

    it('mounts a tmpfs that shares its mounts', async () => {
      await mounter.run([
        ['share', path('run'), 'mode=0711'],
        ['mkdir', '0711', path('run/stage')],
        ['mkdir', '0755', path('run/slot')],
        ['mkdir', '0755', path('run/tmp')],
      ]);
      assert(existsSync(inside('run/stage')));
    });

    it('shows a folder, with an odd name, read-only; and that again', async () => {
      await mounter.run([
        ['stage', path('with a ;blank*'), path('run/stage')],
        ['bind', path('run/stage'), path('run/slot')],
      ]);
      for (const end of ['run/stage/file', 'run/slot/file']) {
        assert.equal(readFileSync(inside(end), 'utf8'), 'content');
        assert.throws(() => writeFileSync(inside(end), 'x'), { code: 'EROFS' });
      }
      for (const flag of ['ro', 'nosuid', 'nodev']) assert(flagsOf('run/slot').includes(flag), flag);
    });

    it('lends a folder that stays writable, without its devices and set-user-id programs', async () => {
      await mounter.run([
        ['mkdir', '0755', path('run/lent')],
        ['lend', path('with a ;blank*'), path('run/lent')],
      ]);
      writeFileSync(inside('run/lent/new'), 'written');
      assert.equal(readFileSync(join(folder, 'with a ;blank*/new'), 'utf8'), 'written');
      for (const flag of ['rw', 'nosuid', 'nodev']) assert(flagsOf('run/lent').includes(flag), flag);
      await mounter.run([
        ['umount', path('run/lent')],
        ['rmdir', path('run/lent')],
      ]);
    });

    it('mounts a tmpfs of a size, and changes it', async () => {
      await mounter.run([['tmpfs', path('run/tmp'), 'mode=1777,size=1m']]);
      assert.throws(() => writeFileSync(inside('run/tmp/x'), Buffer.alloc(2 << 20)), { code: 'ENOSPC' });
      await mounter.run([['resize', path('run/tmp'), 'mode=1777,size=4m']]);
      writeFileSync(inside('run/tmp/x'), Buffer.alloc(2 << 20));
      for (const flag of ['rw', 'nosuid', 'nodev']) assert(flagsOf('run/tmp').includes(flag), flag);
    });

    it('says what failed and does no more of that request', async () => {
      const request = mounter.run([
        ['bind', path('missing'), path('run/slot')],
        ['mkdir', '0755', path('run/later')],
      ]);
      await assert.rejects(request, /mounting failed: bind .*missing/);
      assert.equal(existsSync(inside('run/later')), false);
    });

    it('unmounts', async () => {
      await mounter.run([
        ['umount', path('run/slot')],
        ['umount', path('run/stage')],
        ['rmdir', path('run/slot')],
      ]);
      assert.equal(existsSync(inside('run/slot')), false);
      assert.equal(existsSync(inside('run/stage/file')), false);
    });
  });
}
