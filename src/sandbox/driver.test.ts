// The promises of a sandbox driver, kept by each of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../core/logger.ts';
import {
  type CompanionExitFrame,
  CompanionFrameType,
  type CompanionStartFrame,
  createSandboxDriver,
  encodeJsonFrame,
  FrameReader,
  SandboxBootError,
  type SandboxDriver,
} from './index.ts';
import { bubblewrapObstacle } from './isolation.ts';
import { descendantsOf } from './process-tree.ts';
import { testBuild, withCompanion } from './testing/build.ts';
import { TestRuntime } from './testing/runtime.ts';
import { tracesAfter, tracesOf } from './testing/traces.ts';

const logger = createLogger('silent');
const obstacle = bubblewrapObstacle();

for (const isolation of ['bubblewrap', 'process'] as const) {
  const skip =
    isolation === 'bubblewrap' && obstacle !== null ? obstacle : process.platform !== 'linux' && 'needs /proc';
  describe(`the ${isolation} driver`, { skip, timeout: 60_000 }, () => {
    const instance = `test${isolation}${process.pid}`;
    const create = () => createSandboxDriver({ isolation, network: 'auto', instance, logger });
    let folder: string;
    let driver: SandboxDriver;
    let count = 0;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
      mkdirSync(join(folder, 'task'));
      writeFileSync(join(folder, 'task/index.txt'), 'the code');
      mkdirSync(join(folder, 'opt'));
      writeFileSync(join(folder, 'opt/layer.txt'), 'the layer');
      driver = await create();
    });
    after(async () => {
      await driver.close();
      rmSync(folder, { recursive: true });
    });

    const boot = () => driver.boot({ id: `s${count++}`, build: testBuild });

    async function start(limits: { memoryMib?: number; ephemeralStorageMib?: number } = {}) {
      const sandbox = await boot();
      const optDir = join(folder, 'opt');
      await sandbox.assign({
        taskDir: join(folder, 'task'),
        optDir,
        memoryMib: 256,
        ephemeralStorageMib: 512,
        ...limits,
      });
      const runtime = new TestRuntime(sandbox);
      await runtime.become({ NAME: 'value' });
      return { sandbox, runtime };
    }

    it('refuses to boot what does not start, and says what it wrote', async () => {
      const command = ['/bin/sh', '-c', 'echo no such luck >&2; exit 7'];
      const build = { ...testBuild, command, hostCommand: command };
      await assert.rejects(driver.boot({ id: 'broken', build }), (error: SandboxBootError) => {
        assert(error instanceof SandboxBootError);
        assert.match(error.message, /exit status 7/);
        assert.match(error.output, /no such luck/);
        return true;
      });
    });

    it('refuses to boot from a folder that is not there', async () => {
      const build = { ...testBuild, runtimeDir: '/nowhere', hostCommand: ['/nowhere'] };
      await assert.rejects(driver.boot({ id: 'nowhere', build }), SandboxBootError);
    });

    it('refuses to assign code that is not there, and can be killed then', async () => {
      const sandbox = await boot();
      const assignment = { taskDir: '/nowhere', optDir: null, memoryMib: 128, ephemeralStorageMib: 512 };
      if (isolation === 'bubblewrap') await assert.rejects(sandbox.assign(assignment), /nowhere/);
      await sandbox.kill();
    });

    it('shows a booted interpreter its code once it is assigned', async () => {
      const { sandbox, runtime } = await start();
      const { task, opt, tmp } = sandbox.paths;
      assert.equal(await runtime.evaluate(`return readFileSync('index.txt', 'utf8')`), 'the code');
      assert.equal(await runtime.evaluate(`return readFileSync('${task}/index.txt', 'utf8')`), 'the code');
      assert.equal(await runtime.evaluate(`return readFileSync('${opt}/layer.txt', 'utf8')`), 'the layer');
      assert.equal(
        await runtime.evaluate(
          `const fs = require('fs'); fs.writeFileSync('${tmp}/x', 'y'); return readFileSync('${tmp}/x', 'utf8')`,
        ),
        'y',
      );
      await sandbox.kill();
    });

    it('hands over no environment of its own', async () => {
      const { sandbox, runtime } = await start();
      const names = await runtime.evaluate('return Object.keys(process.env).sort()');
      assert.deepEqual(
        names.filter((name: string) => !['LD_LIBRARY_PATH', 'PWD', 'TMPDIR'].includes(name)),
        ['HOME', 'LANG', 'NAME', 'PATH'],
      );
      await sandbox.kill();
    });

    it('accepts connections from inside on its two servers', async () => {
      const { sandbox, runtime } = await start();
      for (const [server, address] of [
        [sandbox.runtimeApi, sandbox.runtimeApiAddress],
        [sandbox.endpoint, sandbox.endpointAddress],
      ] as const) {
        server.on('connection', (socket) => socket.on('data', (data) => socket.end(`${data} pong`)));
        const [host, port] = address.split(':');
        const answer = await runtime.evaluate(`
          const socket = require('net').connect(${port}, '${host}');
          socket.write('ping');
          let text = '';
          for await (const chunk of socket) text += chunk;
          return text;`);
        assert.equal(answer, 'ping pong');
      }
      await sandbox.kill();
    });

    it('connects to a port inside, and tells when nothing listens there', async () => {
      const { sandbox, runtime } = await start();
      const port = await runtime.evaluate(`
        const server = require('net').createServer((socket) => socket.on('data', (text) => socket.end('heard ' + text)));
        return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))`);
      const connection = await sandbox.connect(port);
      connection.write('me');
      let heard = '';
      for await (const chunk of connection) heard += chunk;
      assert.equal(heard, 'heard me');
      await assert.rejects(sandbox.connect(1), /ECONNREFUSED/);
      await sandbox.kill();
      await assert.rejects(sandbox.connect(port), /has ended/);
    });

    it('opens a port inside to datagrams and to connections', async () => {
      const { sandbox, runtime } = await start();
      const { port, datagrams, connections } = await sandbox.openPort(2000);
      if (sandbox.hasOwnPorts) assert.equal(port, 2000);
      const datagram = once(datagrams, 'message');
      connections.on('connection', (socket) => socket.end('heard'));
      const heard = await runtime.evaluate(`
        const socket = require('dgram').createSocket('udp4');
        await new Promise((done) => socket.send('from inside', ${port}, '127.0.0.1', done));
        socket.close();
        let heard = '';
        for await (const chunk of require('net').connect(${port}, '127.0.0.1')) heard += chunk;
        return heard;`);
      assert.equal(heard, 'heard');
      assert.equal(String((await datagram)[0]), 'from inside');
      if (sandbox.hasOwnPorts) await assert.rejects(sandbox.openPort(port), /EADDRINUSE/);
      await sandbox.kill();
      await assert.rejects(sandbox.openPort(port), /has ended/);
    });

    it('asks the program to end', async () => {
      const { sandbox, runtime } = await start();
      await runtime.evaluate(`process.on('SIGTERM', () => process.exit(7))`);
      sandbox.terminate();
      assert.equal((await sandbox.exited).code, 7);
      await sandbox.kill();
    });

    it('starts programs beside the runtime, and tells what they write and how all end', async () => {
      const sandbox = await driver.boot({ id: `s${count++}`, build: withCompanion });
      const optDir = join(folder, 'opt');
      mkdirSync(join(optDir, 'extensions'));
      const program = '#!/bin/sh\necho "$NAME"; echo "$0" >&2; exit 3\n';
      writeFileSync(join(optDir, 'extensions/one'), program, { mode: 0o755 });
      writeFileSync(join(optDir, 'extensions/two'), program, { mode: 0o644 });
      await sandbox.assign({ taskDir: join(folder, 'task'), optDir, memoryMib: 256, ephemeralStorageMib: 512 });
      const exits: CompanionExitFrame[] = [];
      const output = ['', '', '', ''];
      const reader = new FrameReader();
      const ended = new Promise<void>((resolve) => {
        sandbox.companion!.on('data', (chunk: Buffer) => {
          for (const { type, body } of reader.push(chunk)) {
            if (type === CompanionFrameType.output) output[body[0]!] += body.toString('utf8', 1);
            else if (exits.push(JSON.parse(body.toString())) === 3) resolve();
          }
        });
      });
      const files = ['one', 'two'].map((name) => ({ file: `${sandbox.paths.opt}/extensions/${name}` }));
      const frame: CompanionStartFrame = { extensions: files, env: { NAME: 'value' } };
      sandbox.companion!.write(encodeJsonFrame(CompanionFrameType.start, frame));
      const runtime = new TestRuntime(sandbox);
      await runtime.become();
      await runtime.evaluate(`process.on('SIGTERM', () => process.exit(5)); return 1`);
      sandbox.companion!.write(encodeJsonFrame(CompanionFrameType.signal, { signal: 'SIGTERM' }));
      await ended;
      assert.deepEqual(output, ['value\n', `${files[0]!.file}\n`, '', '']);
      const byExtension = (extension: number | null) => exits.find((exit) => exit.extension === extension);
      assert.deepEqual(byExtension(0), { extension: 0, code: 3, signal: null });
      assert.deepEqual(byExtension(1), { extension: 1, error: 'EACCES' });
      assert.deepEqual(byExtension(null), { extension: null, code: 5, signal: null });
      rmSync(join(optDir, 'extensions'), { recursive: true });
      await sandbox.kill();
    });

    it('captures stdout and stderr', async () => {
      const { sandbox, runtime } = await start();
      await runtime.evaluate(`writeSync(1, 'out'); writeSync(2, 'err')`);
      assert.equal(String((await once(sandbox.stdout, 'data'))[0]), 'out');
      assert.equal(String((await once(sandbox.stderr, 'data'))[0]), 'err');
      await sandbox.kill();
    });

    it('stands still while frozen, and goes on when thawed', async () => {
      const { sandbox, runtime } = await start();
      await runtime.evaluate(`globalThis.count = 0; setInterval(() => writeSync(1, '.'), 1)`);
      let ticks = 0;
      sandbox.stdout.on('data', (data: Buffer) => (ticks += data.length));
      await sleep(50);
      sandbox.freeze();
      sandbox.freeze();
      await sleep(50);
      const frozenAt = ticks;
      assert(frozenAt > 0);
      await sleep(100);
      assert.equal(ticks, frozenAt);
      sandbox.thaw();
      sandbox.thaw();
      await sleep(50);
      assert(ticks > frozenAt);
      await sandbox.kill();
    });

    it('stops child processes as well', async () => {
      const { sandbox, runtime } = await start();
      await runtime.evaluate(
        `require('child_process').spawn('sh', ['-c', 'while :; do echo; done'], { stdio: 'inherit' }); 0`,
      );
      let ticks = 0;
      sandbox.stdout.on('data', (data: Buffer) => (ticks += data.length));
      await sleep(50);
      sandbox.freeze();
      await sleep(50);
      const frozenAt = ticks;
      assert(frozenAt > 0);
      await sleep(50);
      assert.equal(ticks, frozenAt);
      await sandbox.kill();
    });

    it('tells the exit status of a runtime that ends', async () => {
      const { sandbox, runtime } = await start();
      void runtime.evaluate('process.exit(3)');
      assert.deepEqual(await sandbox.exited, { code: 3, signal: null, outOfMemory: false });
      await sandbox.kill();
    });

    it('tells the signal that ended a runtime', async () => {
      const { sandbox, runtime } = await start();
      void runtime.evaluate(`process.kill(process.pid, 'SIGTERM')`);
      assert.deepEqual(await sandbox.exited, { code: null, signal: 'SIGTERM', outOfMemory: false });
      await sandbox.kill();
    });

    it('ends what allocates more than its memory, and says so', async () => {
      const { sandbox, runtime } = await start({ memoryMib: 128 });
      void runtime.evaluate(`const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5)`);
      const exit = await sandbox.exited;
      assert.equal(exit.outOfMemory, true);
      await sandbox.kill();
      assert(sandbox.peakMemoryBytes() > 100 << 20);
    });

    it('measures the memory of child processes, too', async () => {
      const { sandbox, runtime } = await start();
      const small = sandbox.peakMemoryBytes();
      assert(small > 4 << 20, `${small}`);
      await runtime.evaluate(`
        const child = require('child_process').spawn(process.execPath, ['-e', 'globalThis.kept = Buffer.alloc(64 << 20, 1); console.log(1); setInterval(() => {}, 1000)']);
        await new Promise((resolve) => child.stdout.once('data', resolve));`);
      assert(sandbox.peakMemoryBytes() > small + (60 << 20));
      await sandbox.kill();
    });

    it('kills promptly, frozen or not, and more than once', async () => {
      for (const frozen of [false, true]) {
        const { sandbox, runtime } = await start();
        await runtime.evaluate(
          `require('child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref(); 0`,
        );
        if (frozen) sandbox.freeze();
        const before = performance.now();
        await Promise.all([sandbox.kill(), sandbox.kill()]);
        assert(performance.now() - before < 500, `killed in ${performance.now() - before} ms`);
        assert.equal((await sandbox.exited).signal, 'SIGKILL');
        sandbox.freeze();
        sandbox.thaw();
        await sandbox.kill();
      }
    });

    it('holds no folder of code that no sandbox uses any more', async () => {
      const taskDir = join(folder, 'short-lived');
      mkdirSync(taskDir);
      const sandbox = await boot();
      await sandbox.assign({ taskDir, optDir: null, memoryMib: 128, ephemeralStorageMib: 512 });
      await sandbox.kill();
      rmSync(taskDir, { recursive: true });
      assert.equal(readdirSync(folder).includes('short-lived'), false);
    });

    it('refuses code when it has ended', { skip: isolation === 'process' && 'it has nothing to mount' }, async () => {
      const sandbox = await boot();
      await sandbox.kill();
      const assignment = { taskDir: join(folder, 'task'), optDir: null, memoryMib: 128, ephemeralStorageMib: 512 };
      await assert.rejects(sandbox.assign(assignment), /has ended/);
    });

    it('boots many at a time', async () => {
      const sandboxes = await Promise.all(Array.from({ length: 8 }, boot));
      assert.equal(new Set(sandboxes.map(({ id }) => id)).size, 8);
      await Promise.all(sandboxes.map((sandbox) => sandbox.kill()));
    });

    it('closes and leaves nothing behind', async () => {
      await start();
      const { sandbox } = await start();
      sandbox.freeze();
      assert.notDeepEqual(tracesOf(instance), []);
      await driver.close();
      assert.deepEqual(tracesOf(instance), []);
      assert.deepEqual(descendantsOf(process.pid), []);
      await assert.rejects(boot(), SandboxBootError);
      driver = await create();
    });

    it('leaves nothing behind when the server is killed', async () => {
      const other = `${instance}k`;
      const server = await startServer(isolation, other);
      assert.notDeepEqual(tracesOf(other), []);
      server.kill('SIGKILL');
      assert.deepEqual(await tracesAfter(other, 2000), []);
    });

    it('leaves nothing behind when the server is killed while sandboxes boot', async () => {
      for (const delayMs of [0, 5, 15, 30, 60]) {
        const other = `${instance}b${delayMs}`;
        const server = await startServer(isolation, other, 'booting');
        await sleep(delayMs);
        server.kill('SIGKILL');
        assert.deepEqual(await tracesAfter(other, 2000), [], `${delayMs} ms`);
      }
    });

    if (isolation === 'bubblewrap') {
      it('reports its sandboxes as ended when their parent dies, and starts another', async () => {
        const { sandbox: running } = await start();
        const { sandbox: frozen } = await start();
        frozen.freeze();
        const parent = descendantsOf(process.pid).find((pid) =>
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/parent.ts'),
        );
        process.kill(parent!, 'SIGKILL');
        for (const sandbox of [running, frozen]) assert.equal((await sandbox.exited).signal, 'SIGKILL');
        await Promise.all([running.kill(), frozen.kill()]);
        const { sandbox, runtime } = await start();
        assert.equal(await runtime.evaluate('return 1'), 1);
        await sandbox.kill();
      });

      it('clears at its start what server and parent left that were killed together', async () => {
        const other = `${instance}l`;
        const server = await startServer(isolation, other);
        const parent = descendantsOf(server.pid!).find((pid) =>
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/parent.ts'),
        );
        process.kill(parent!, 'SIGSTOP');
        server.kill('SIGKILL');
        process.kill(parent!, 'SIGKILL');
        await once(server, 'exit');
        const successor = await createSandboxDriver({ isolation, network: 'auto', instance: other, logger });
        await successor.close();
        assert.deepEqual(await tracesAfter(other, 1000), []);
      });

      it('gives /tmp the size that was asked for', async () => {
        const { sandbox, runtime } = await start({ ephemeralStorageMib: 1024 });
        const size = await runtime.evaluate(`const s = require('fs').statfsSync('/tmp'); return s.bsize * s.blocks`);
        assert.equal(size, 1024 << 20);
        await sandbox.kill();
      });
    }
  });
}

/** A server process of its own, once it has written `line`. */
async function startServer(isolation: string, instance: string, line: 'booting' | 'up' = 'up') {
  const script = fileURLToPath(new URL('testing/server.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', script, isolation, 'auto', instance];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const written of createInterface(server.stdout)) if (written === line) break;
  return server;
}
