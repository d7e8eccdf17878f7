// Control groups of both versions: on the kernel where this machine lets us, on plain files where it does not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CgroupHierarchy } from './cgroup.ts';
import { detectCgroups, parseCgroupMounts } from './detect.ts';
import { readText } from './files.ts';
import { CgroupHierarchyV1 } from './v1.ts';
import { CgroupHierarchyV2 } from './v2.ts';

const instance = `cgrouptest${process.pid}`;

describe('the list of mounts', () => {
  it('tells the control groups among them', () => {
    const mountinfo = `22 28 0:21 / /proc rw,relatime - proc proc rw
31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw
35 30 0:32 /docker/1 /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:14 - cgroup cgroup rw,cpu,cpuacct
`;
    assert.deepEqual(parseCgroupMounts(mountinfo), [
      { version: 'v2', mountPoint: '/sys/fs/cgroup/unified', root: '/', controllers: ['rw'] },
      {
        version: 'v1',
        mountPoint: '/sys/fs/cgroup/cpu,cpuacct',
        root: '/docker/1',
        controllers: ['rw', 'cpu', 'cpuacct'],
      },
    ]);
  });
});

/** A folder below a mount of version 2 on which this machine lets us make groups, be it without controllers. */
function writableV2(): string | null {
  const mount = parseCgroupMounts(readText('/proc/self/mountinfo') ?? '').find(({ version }) => version === 'v2');
  try {
    mkdirSync(`${mount!.mountPoint}/lambent-${instance}`);
    return `${mount!.mountPoint}/lambent-${instance}`;
  } catch {
    return null;
  }
}

function kernelTests(hierarchy: () => CgroupHierarchy) {
  it('freezes, thaws and ends what is in it', async () => {
    const group = hierarchy().group('one');
    group.create();
    const joins = group.procsFiles.map((file) => `echo $$ >'${file}'`).join(' && ');
    const child = spawn('sh', ['-c', `${joins} && while :; do echo; done`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let ticks = 0;
    child.stdout.on('data', (data: Buffer) => (ticks += data.length));
    await once(child.stdout, 'data');
    group.freeze();
    await sleep(30);
    const frozenAt = ticks;
    await sleep(30);
    assert.equal(ticks, frozenAt);
    group.thaw();
    await sleep(30);
    assert(ticks > frozenAt);
    group.freeze();
    const exited = once(child, 'exit');
    await group.remove();
    assert.equal((await exited)[1], 'SIGKILL');
    assert.equal(existsSync(group.procsFiles[0]!), false);
    assert.equal(group.anonymousBytes(), 0);
  });

  it('removes all groups of the instance', async () => {
    for (const id of ['a', 'b']) hierarchy().group(id).create();
    await hierarchy().removeAll();
    assert.equal(existsSync(hierarchy().group('a').procsFiles[0]!), false);
    await hierarchy().removeAll();
  });
}

const detected = process.platform === 'linux' ? detectCgroups(instance) : null;

describe('the control groups of this machine', { skip: detected === null && 'it lets us make none' }, () => {
  kernelTests(() => detected!);

  it('measures and limits memory', {
    skip: detected?.controllers.has('memory') !== true && 'no memory controller',
  }, async () => {
    const group = detected!.group('memory');
    group.create();
    group.limitMemory(64 << 20);
    const joins = group.procsFiles.map((file) => `echo $$ >'${file}'`).join(' && ');
    const code = `globalThis.kept = [Buffer.alloc(16 << 20, 1)]; console.log(1); process.stdin.once('data', () => { for (;;) kept.push(Buffer.alloc(8 << 20, 1)); })`;
    const child = spawn('sh', ['-c', `${joins} && exec '${process.execPath}' -e "$0"`, code], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert(group.anonymousBytes() > 16 << 20);
    assert.equal(group.oomKills(), 0);
    child.stdin.write('go\n');
    await once(child, 'exit');
    assert(group.oomKills() > 0);
    await group.remove();
    await detected!.removeAll();
  });
});

const v2Base = process.platform === 'linux' ? writableV2() : null;

describe('control groups of version 2', { skip: v2Base === null && 'this machine lets us make none' }, () => {
  kernelTests(() => {
    mkdirSync(v2Base!, { recursive: true });
    return new CgroupHierarchyV2(v2Base!);
  });
});

describe('the files of control groups', () => {
  /** A group folder as the kernel would have filled it. */
  function folderWith(files: Record<string, string>, ...paths: string[]) {
    const base = mkdtempSync(join(tmpdir(), 'cgroup-test-'));
    for (const path of paths) {
      mkdirSync(join(base, path), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(base, path, name), text);
    }
    const read = (path: string) => readFileSync(join(base, path), 'utf8');
    return { base, read, remove: () => rmSync(base, { recursive: true }) };
  }

  it('are written as version 2 wants them', () => {
    const names = ['memory.max', 'memory.swap.max', 'memory.oom.group', 'pids.max', 'cpu.max', 'cpu.weight'];
    const files = { ...Object.fromEntries(names.map((name) => [name, ''])), 'memory.stat': 'anon 4096\nfile 8192\n' };
    const { base, read, remove } = folderWith({ ...files, 'memory.events': 'low 0\noom 1\noom_kill 2\n' }, 'x');
    writeFileSync(join(base, 'cgroup.subtree_control'), 'cpu memory\n');
    const hierarchy = new CgroupHierarchyV2(base);
    assert.deepEqual([...hierarchy.controllers], ['memory', 'cpu', 'freezer']);
    const group = hierarchy.group('x');
    group.create();
    group.limitMemory(1 << 30);
    group.weighCpu(0.5);
    group.limitCpu(0.5);
    assert.equal(read('x/memory.max'), String(1 << 30));
    assert.equal(read('x/memory.swap.max'), '0');
    assert.equal(read('x/memory.oom.group'), '1');
    assert.equal(read('x/pids.max'), '1024');
    assert.equal(read('x/cpu.weight'), '50');
    assert.equal(read('x/cpu.max'), '10000 20000');
    assert.equal(group.anonymousBytes(), 4096);
    assert.equal(group.oomKills(), 2);
    remove();
  });

  it('are written as version 1 wants them', () => {
    const names = [
      'memory.limit_in_bytes',
      'memory.memsw.limit_in_bytes',
      'memory.swappiness',
      'pids.max',
      'cpu.cfs_quota_us',
    ];
    const files = { ...Object.fromEntries([...names, 'cpu.cfs_period_us', 'cpu.shares'].map((name) => [name, ''])) };
    const stat = {
      'memory.stat': 'cache 1\nrss 4096\nrss_huge 0\n',
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    };
    const { base, read, remove } = folderWith({ ...files, ...stat }, 'm/lambent-i/x', 'c/lambent-i/x');
    const group = new CgroupHierarchyV1(
      new Map([
        ['memory', `${base}/m`],
        ['cpu', `${base}/c`],
      ]),
      'i',
    ).group('x');
    group.create();
    group.limitMemory(1 << 30);
    group.weighCpu(0.0001);
    group.limitCpu(0.001);
    assert.equal(read('m/lambent-i/x/memory.limit_in_bytes'), String(1 << 30));
    assert.equal(read('m/lambent-i/x/memory.memsw.limit_in_bytes'), String(1 << 30));
    assert.equal(read('c/lambent-i/x/cpu.shares'), '2');
    assert.equal(read('c/lambent-i/x/cpu.cfs_period_us'), '20000');
    // The kernel takes no less than a millisecond.
    assert.equal(read('c/lambent-i/x/cpu.cfs_quota_us'), '1000');
    group.limitCpu(null);
    // A plain file keeps the rest of what was longer.
    assert.match(read('c/lambent-i/x/cpu.cfs_quota_us'), /^-1/);
    assert.equal(group.anonymousBytes(), 4096);
    assert.equal(group.oomKills(), 2);
    remove();
  });
});
