// What code in a sandbox may try and must not achieve; after each attempt the driver goes on serving.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLogger } from '../../core/logger.ts';
import { createSandboxDriver, type Sandbox, type SandboxDriver } from '../index.ts';
import { bubblewrapObstacle } from '../isolation.ts';
import { descendantsOf } from '../process-tree.ts';
import { testBuild } from '../testing/build.ts';
import { TestRuntime } from '../testing/runtime.ts';

const skip = bubblewrapObstacle() ?? false;
const hasPython = existsSync('/usr/bin/python3');

describe('code in a bubblewrap sandbox', { skip, timeout: 60_000 }, () => {
  const secret = 'a secret of the host';
  let folder: string;
  let driver: SandboxDriver;
  let sandbox: Sandbox;
  let runtime: TestRuntime;
  let hostServer: Server;
  let count = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'escape-test-'));
    mkdirSync(join(folder, 'task'));
    writeFileSync(join(folder, 'task/index.txt'), 'the code');
    writeFileSync(join(folder, 'secret.txt'), secret, { mode: 0o644 });
    process.env['HOST_SECRET'] = secret;
    hostServer = createServer((socket) => socket.end(secret)).listen(0, '0.0.0.0');
    await once(hostServer, 'listening');
    const instance = `escape${process.pid}`;
    driver = await createSandboxDriver({
      isolation: 'bubblewrap',
      network: 'auto',
      instance,
      logger: createLogger('silent'),
    });
    [sandbox, runtime] = await start();
  });
  after(async () => {
    await driver.close();
    hostServer.close();
    rmSync(folder, { recursive: true });
  });

  async function start(memoryMib = 256): Promise<[Sandbox, TestRuntime]> {
    const started = await driver.boot({ id: `e${count++}`, build: testBuild });
    const limits = { memoryMib, ephemeralStorageMib: 512 };
    await started.assign({ taskDir: join(folder, 'task'), optDir: null, ...limits });
    const talk = new TestRuntime(started);
    await talk.become();
    return [started, talk];
  }

  async function stillServes() {
    const [other, talk] = await start();
    assert.equal(await talk.evaluate(`return readFileSync('/var/task/index.txt', 'utf8')`), 'the code');
    await other.kill();
  }

  /** Runs a program inside. `/usr/bin/python3` calls the kernel where Node has no function for it. */
  const run = (command: string, ...args: string[]): Promise<{ status: number; output: string }> =>
    runtime.evaluate(`
      const { status, stdout, stderr } = require('child_process').spawnSync(${JSON.stringify(command)}, ${JSON.stringify(args)}, { encoding: 'utf8' });
      return { status, output: stdout + stderr };`);

  it('runs without capabilities, as a user that the host does not know', async () => {
    const status = await runtime.evaluate(`return readFileSync('/proc/self/status', 'utf8')`);
    assert.match(status, /^Uid:\t993\t993\t993\t993$/m);
    assert.match(status, /^Groups:\s*(990|65534)?\s*$/m);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      assert.match(status, new RegExp(`^${set}:\t0+$`, 'm'));
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
    if (process.getuid?.() === 0) {
      const map = await runtime.evaluate(`return readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\\s+/)`);
      assert.equal(map[0], '993');
    }
  });

  it('never runs as the kernel user that the server is', {
    skip: process.getuid?.() !== 0 && 'the server is not root',
  }, async () => {
    void runtime.evaluate(`require('child_process').spawn('sleep', ['987.123']); 0`);
    for (let tries = 0; ; tries++) {
      const pid = descendantsOf(process.pid).find((each) =>
        readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('987.123'),
      );
      if (pid === undefined && tries < 1000) continue;
      const uids = /^Uid:(.*)$/m
        .exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!
        .trim()
        .split('\t')
        .map(Number);
      assert(
        uids.every((uid) => uid >= 1_900_000_000),
        String(uids),
      );
      break;
    }
  });

  it('sees no file of the host but the system', async () => {
    for (const path of [
      folder,
      join(folder, 'secret.txt'),
      '/root',
      '/home',
      '/sys',
      '/boot',
      '/var/lib',
      '/etc/shadow',
      '/etc/ssl/private',
    ]) {
      await assert.rejects(
        runtime.evaluate(`require('fs').statSync(${JSON.stringify(path)})`),
        { code: 'ENOENT' },
        path,
      );
    }
    // /mnt is where an operator's own folders appear, and nothing else does.
    for (const empty of ['/tmp', '/mnt']) {
      assert.deepEqual(await runtime.evaluate(`return require('fs').readdirSync('${empty}')`), []);
    }
    assert.deepEqual(
      await runtime.evaluate(
        `return require('fs').readdirSync('/').sort().filter((n) => !/^(s?bin|lib\\w*)$/.test(n))`,
      ),
      ['dev', 'etc', 'mnt', 'opt', 'proc', 'run', 'tmp', 'usr', 'var'],
    );
  });

  it('does not reach the host by the roots of its processes', async () => {
    const paths = await runtime.evaluate(`
      const fs = require('fs');
      return fs.readdirSync('/proc').filter((n) => /^\\d+$/.test(n)).flatMap((pid) => {
        try { return fs.existsSync('/proc/' + pid + '/root${folder}') ? [pid] : []; } catch { return []; }
      });`);
    assert.deepEqual(paths, []);
  });

  it('sees neither the environment nor the processes of the host', async () => {
    const found = await runtime.evaluate(`
      const fs = require('fs');
      return fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => {
        const read = (file) => { try { return fs.readFileSync('/proc/' + pid + '/' + file, 'utf8'); } catch { return ''; } };
        return read('cmdline') + read('environ');
      }).join('\\n');`);
    assert(!found.includes(secret));
    assert(!found.includes('parent.ts'));
    assert(found.split('\n').length < 10, found);
  });

  it('holds no file descriptor beyond its own', async () => {
    const links = await runtime.evaluate(`
      const fs = require('fs');
      return fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });`);
    assert.deepEqual(
      links.filter((link: string) => link.startsWith('/') && !/^\/(dev\/null|proc\/.*)$/.test(link)),
      [],
    );
  });

  it('writes nowhere but to /tmp', async () => {
    const writable = await runtime.evaluate(`
      const fs = require('fs');
      const folders = ['/', '/usr', '/usr/bin', '/etc', '/var', '/var/task', '/var/runtime', '/var/lang', '/opt', '/run', '/dev', '/proc', '/proc/sys', '/etc/ssl/certs', '/tmp'];
      return folders.filter((folder) => { try { fs.writeFileSync(folder + '/probe', 'x'); return true; } catch { return false; } });`);
    assert.deepEqual(writable, ['/tmp']);
    for (const path of [
      '/etc/passwd',
      '/etc/hosts',
      '/etc/resolv.conf',
      '/var/task/index.txt',
      '/var/runtime/bootstrap.mjs',
      '/var/lang/bin/node',
    ]) {
      await assert.rejects(runtime.evaluate(`require('fs').openSync('${path}', 'r+')`), path);
      await assert.rejects(runtime.evaluate(`require('fs').chmodSync('${path}', 0o777)`), path);
    }
  });

  it('has little memory in /dev/shm', async () => {
    const size = await runtime.evaluate(`const s = require('fs').statfsSync('/dev/shm'); return s.bsize * s.blocks`);
    assert.equal(size, 16 << 20);
  });

  it('changes no setting of the kernel', async () => {
    for (const path of [
      'kernel/hostname',
      'kernel/core_pattern',
      'vm/overcommit_memory',
      'net/ipv4/ip_forward',
      'kernel/ns_last_pid',
    ]) {
      await assert.rejects(runtime.evaluate(`require('fs').writeFileSync('/proc/sys/${path}', '1')`), path);
    }
    await assert.rejects(runtime.evaluate(`require('fs').writeFileSync('/proc/sysrq-trigger', 'h')`));
  });

  it('does not mount, unshare, enter or trace', async () => {
    for (const [command, ...args] of [
      ['mount', '-t', 'tmpfs', 'tmpfs', '/tmp'],
      ['mount', '--bind', '/usr', '/tmp'],
      ['umount', '/var/task'],
      ['unshare', '--user', 'true'],
      ['unshare', '--user', '--map-root-user', '--mount', 'true'],
      ['unshare', '--net', 'true'],
      ['nsenter', '--target', '1', '--net', 'true'],
      ['chroot', '/tmp', 'true'],
    ]) {
      const { status, output } = await run(command!, ...args);
      assert.notEqual(status, 0, `${command} ${args.join(' ')}: ${output}`);
    }
  });

  it('is refused system calls that functions have no use for', {
    skip: !hasPython && 'needs /usr/bin/python3',
  }, async () => {
    const script = `
import ctypes, errno, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
numbers = ${JSON.stringify(probedCalls)}
found = {}
for name, arguments in numbers.items():
    ctypes.set_errno(0)
    libc.syscall(*[ctypes.c_long(argument) for argument in arguments])
    found[name] = errno.errorcode.get(ctypes.get_errno(), 'none')
def family(number, kind=socket.SOCK_RAW, protocol=0):
    try:
        socket.socket(number, kind, protocol).close()
        return 'opened'
    except OSError as error:
        return errno.errorcode[error.errno]
found['AF_UNIX'] = family(1, socket.SOCK_STREAM)
found['AF_INET'] = family(2, socket.SOCK_STREAM)
found['route'] = family(16, socket.SOCK_RAW, 0)
found['raw'] = family(2, socket.SOCK_RAW, 1)
found['audit'] = family(16, socket.SOCK_RAW, 9)
found['AF_PACKET'] = family(17)
found['AF_ALG'] = family(38, socket.SOCK_SEQPACKET)
found['AF_VSOCK'] = family(40, socket.SOCK_STREAM)
print(json.dumps(found))
`;
    const { output } = await run('/usr/bin/python3', '-c', script);
    const found = JSON.parse(output);
    const {
      AF_UNIX,
      AF_INET,
      route,
      raw,
      audit,
      AF_PACKET,
      AF_ALG,
      AF_VSOCK,
      clone3,
      allowed,
      personalityQuery,
      ...refused
    } = found;
    assert.deepEqual({ AF_UNIX, AF_INET, route }, { AF_UNIX: 'opened', AF_INET: 'opened', route: 'opened' });
    assert.deepEqual({ raw, audit }, { raw: 'EPERM', audit: 'EAFNOSUPPORT' });
    for (const answer of [AF_PACKET, AF_ALG, AF_VSOCK]) assert.equal(answer, 'EAFNOSUPPORT');
    assert.equal(clone3, 'ENOSYS');
    assert.deepEqual({ allowed, personalityQuery }, { allowed: 'none', personalityQuery: 'none' });
    assert.deepEqual(new Set(Object.values(refused)), new Set(['EPERM']), JSON.stringify(refused));
  });

  it('is killed for calling the kernel by another convention', {
    skip: (!hasPython || process.arch !== 'x64') && 'needs Python on x64',
  }, async () => {
    const script = 'import ctypes; ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))';
    const { status } = await run('/usr/bin/python3', '-c', script);
    assert.equal(status, null);
  });

  it('does not reach the loopback or the addresses of the host', async () => {
    const { port } = hostServer.address() as { port: number };
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
    const reached = await runtime.evaluate(`
      const net = require('net');
      const connect = (host) => new Promise((resolve) => {
        const socket = net.connect(${port}, host);
        socket.setTimeout(500, () => { socket.destroy(); resolve([]); });
        socket.on('data', () => { socket.destroy(); resolve([host]); });
        socket.on('error', () => resolve([]));
      });
      return (await Promise.all(${JSON.stringify(addresses)}.map(connect))).flat();`);
    assert.deepEqual(reached, []);
  });

  it("does not reach another sandbox's Runtime API, processes or network", async () => {
    const [other, talk] = await start();
    let reached = 0;
    other.runtimeApi.on('connection', (socket) => {
      reached++;
      socket.destroy();
    });
    const addresses: string[] = await talk.evaluate(
      `return Object.values(require('os').networkInterfaces()).flat().map(({ address }) => address)`,
    );
    await talk.evaluate(`require('net').createServer((socket) => socket.end('reached')).listen(8080, '0.0.0.0'); 0`);
    sandbox.runtimeApi.on('connection', (socket) => socket.destroy());
    const own: string[] = await runtime.evaluate(
      `return Object.values(require('os').networkInterfaces()).flat().map(({ address }) => address)`,
    );
    const foreign = addresses.filter((address) => !own.includes(address));
    const answers = await runtime.evaluate(`
      const net = require('net');
      const connect = (port, host) => new Promise((resolve) => {
        const socket = net.connect(port, host);
        socket.setTimeout(500, () => { socket.destroy(); resolve('timeout'); });
        socket.on('connect', () => { socket.destroy(); resolve('reached'); });
        socket.on('error', (error) => resolve(error.code));
      });
      const hosts = ${JSON.stringify(foreign)};
      return Promise.all([connect(8080, '127.0.0.1'), connect(9001, '127.0.0.1'), ...hosts.flatMap((host) => [connect(8080, host), connect(9001, host)])]);`);
    // Its own 9001 is its own Runtime API; nothing else answers.
    assert.deepEqual(answers.filter((answer: string) => answer === 'reached').length, 1);
    assert.equal(reached, 0);
    const pid = await talk.evaluate('return process.pid');
    const environ = await runtime.evaluate(
      `try { return readFileSync('/proc/${pid}/cmdline', 'utf8') === readFileSync('/proc/self/cmdline', 'utf8') } catch { return false }`,
    );
    assert.equal(environ, (await runtime.evaluate('return process.pid')) === pid);
    await other.kill();
  });

  it('does not raise its limits', async () => {
    const limits = await runtime.evaluate(`return readFileSync('/proc/self/limits', 'utf8')`);
    assert.match(limits, /Max open files\s+1024\s+1024/);
    assert.match(limits, /Max core file size\s+0\s+0/);
    assert.notEqual((await run('sh', '-c', 'ulimit -n 4096')).status, 0);
    assert.notEqual((await run('sh', '-c', 'ulimit -c unlimited')).status, 0);
  });

  it('does not start processes without end', async () => {
    const [bomb, talk] = await start();
    const started = await talk.evaluate(`
      const { spawn } = require('child_process');
      let running = 0;
      for (let i = 0; i < 1500; i++) {
        try {
          const child = spawn('sleep', ['100'], { stdio: 'ignore' });
          child.on('error', () => {});
          if (child.pid === undefined) break;
          running++;
        } catch { break; }
      }
      return running;`);
    assert(started < 1024, `${started} processes`);
    await stillServes();
    await bomb.kill();
  });

  it('survives a fork bomb next door', async () => {
    const [bomb, talk] = await start();
    await talk.evaluate(
      `require('child_process').spawn('sh', ['-c', 'bomb() { bomb | bomb & }; bomb'], { stdio: 'ignore', detached: true }); 0`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await stillServes();
    await bomb.kill();
  });

  it('fills /tmp to its size and no further, in bytes and in files', async () => {
    const [greedy, talk] = await start();
    const fill = talk.evaluate(`
      const fs = require('fs');
      const file = fs.openSync('/tmp/fill', 'w');
      const piece = Buffer.alloc(8 << 20, 1);
      try { for (;;) fs.writeSync(file, piece); } catch (error) { return [error.code, fs.statSync('/tmp/fill').size]; }`);
    assert.deepEqual(await fill, ['ENOSPC', 512 << 20]);
    assert.equal(await talk.evaluate(`require('fs').unlinkSync('/tmp/fill'); return 1`), 1);
    const files = await talk.evaluate(`
      const fs = require('fs');
      for (let i = 0; ; i++) try { fs.closeSync(fs.openSync('/tmp/' + i, 'w')); } catch (error) { return [error.code, i]; }`);
    assert.equal(files[0], 'ENOSPC');
    assert(files[1] <= 65_536, `${files[1]} files`);
    await greedy.kill();
    await stillServes();
  });

  it('is ended when it allocates without end, and alone', async () => {
    const [greedy, talk] = await start(128);
    void talk.evaluate(`const kept = []; for (;;) kept.push(Buffer.alloc(64 << 20, 1));`);
    assert.equal((await greedy.exited).outOfMemory, true);
    await greedy.kill();
    assert.equal(await runtime.evaluate('return 1'), 1);
  });

  it('does not escape its end by leaving its session', async () => {
    const [stubborn, talk] = await start();
    const marker = `${9_000_000 + process.pid}`;
    await talk.evaluate(
      `require('child_process').spawn('setsid', ['sh', '-c', 'trap "" TERM HUP INT; sleep ${marker}'], { detached: true, stdio: 'ignore' }).unref(); 0`,
    );
    await stubborn.kill();
    const left = readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0${marker}\0`);
      } catch {
        return false;
      }
    });
    assert.deepEqual(left, []);
  });

  it('went on being served all along', stillServes);
});

/** Arguments that would do no harm if a call were let through. */
const probedCalls: Record<string, number[]> =
  process.arch === 'arm64'
    ? {
        ...{
          mount: [40, 0, 0, 0, 0, 0],
          umount2: [39, 0, 0],
          pivot_root: [41, 0, 0],
          setns: [268, -1, 0],
          unshare: [97, 0],
        },
        ...{
          ptrace: [117, 0, 0, 0, 0],
          bpf: [280, -1, 0, 0],
          keyctl: [219, 0, 0],
          perf_event_open: [241, 0, 0, -1, -1, 0],
        },
        ...{ userfaultfd: [282, 0], io_uring_setup: [425, 1, 0], open_tree: [428, -1, 0, 0], fsopen: [430, 0, 0] },
        ...{ clone: [220, 0x10000011, 0, 0, 0, 0], clone3: [435, 0, 0], process_vm_readv: [270, 1, 0, 0, 0, 0, 0] },
        ...{
          personality: [92, 0x40000],
          personalityQuery: [92, 0xffffffff],
          allowed: [172],
          TIOCSTI: [29, 0, 0x5412, 0],
        },
      }
    : {
        ...{
          mount: [165, 0, 0, 0, 0, 0],
          umount2: [166, 0, 0],
          pivot_root: [155, 0, 0],
          setns: [308, -1, 0],
          unshare: [272, 0],
        },
        ...{
          ptrace: [101, 0, 0, 0, 0],
          bpf: [321, -1, 0, 0],
          keyctl: [250, 0, 0],
          perf_event_open: [298, 0, 0, -1, -1, 0],
        },
        ...{ userfaultfd: [323, 0], io_uring_setup: [425, 1, 0], open_tree: [428, -1, 0, 0], fsopen: [430, 0, 0] },
        ...{ clone: [56, 0x10000011, 0, 0, 0, 0], clone3: [435, 0, 0], process_vm_readv: [310, 1, 0, 0, 0, 0, 0] },
        ...{
          personality: [135, 0x40000],
          personalityQuery: [135, 0xffffffff],
          allowed: [39],
          TIOCSTI: [16, 0, 0x5412, 0],
        },
        ...{ move_mount: [429, -1, 0, -1, 0, 0], mount_setattr: [442, -1, 0, 0, 0, 0], kexec_load: [246, 0, 0, 0, 0] },
        ...{ open_by_handle_at: [304, -1, 0, 0], name_to_handle_at: [303, -1, 0, 0, 0, 0], syslog: [103, 10, 0, 0] },
        ...{
          settimeofday: [164, 0, 0],
          swapon: [167, 0, 0],
          iopl: [172, 0],
          modify_ldt: [154, 0, 0, 0],
          chroot: [161, 0],
        },
      };
