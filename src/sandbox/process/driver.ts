// The driver for machines without namespaces for us (macOS, restricted containers): plain processes, told apart by
// process group. Functions see the machine as the server's user does; only the platform's own faults are contained.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { awaitBooted } from '../await-booted.ts';
import { bootError, untilBooted } from '../boot-limit.ts';
import { type Channels, closeChannels, isComplete } from '../channels.ts';
import { connectToPort } from '../connect-to-port.ts';
import {
  type BootRequest,
  type Enforcement,
  type Sandbox,
  SandboxBootError,
  type SandboxDriver,
  type SandboxExit,
} from '../driver.ts';
import { programEnvironment } from '../find-program.ts';
import { LiveSandbox } from '../live-sandbox.ts';
import { MemoryWatch } from '../memory-watch.ts';
import { descendantsOf, signalAll } from '../process-tree.ts';
import { openPort } from '../open-port.ts';
import { ProcessGroupMeter } from './group-meter.ts';
import { Guardian } from './guardian.ts';

/** Nothing runs before the guardian knows of it: were the server killed in between, the shell would read an end and stop. */
const startWhenTold = 'read -r _ <&6 && exec "$@" 6<&-';
/** Where a build has no companion, fd 5 is closed as well. */
const startAlone = 'read -r _ <&6 && exec "$@" 5<&- 6<&-';

export class ProcessDriver implements SandboxDriver {
  readonly enforcement: Enforcement;
  readonly #folder: string;
  readonly #guardian: Guardian;
  readonly #memoryWatch = new MemoryWatch(250);
  readonly #sandboxes = new Set<Sandbox>();
  #closed = false;

  constructor({ instance, enforcement }: { instance: string; enforcement: Enforcement }) {
    this.enforcement = enforcement;
    const prefix = `lambent-${instance}-`;
    for (const name of readdirSync(tmpdir())) {
      if (name.startsWith(prefix)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
    this.#folder = mkdtempSync(join(tmpdir(), prefix));
    this.#guardian = new Guardian(this.#folder);
  }

  async boot({ id, build }: BootRequest): Promise<Sandbox> {
    if (this.#closed) throw new SandboxBootError('the sandbox driver is closed');
    const folder = join(this.#folder, id);
    const paths = {
      task: join(folder, 'task'),
      opt: join(folder, 'opt'),
      tmp: join(folder, 'tmp'),
      runtime: build.runtimeDir,
    };
    mkdirSync(paths.tmp, { recursive: true, mode: 0o700 });
    const [command, ...args] = build.hostCommand;
    const hasCompanion = build.hasCompanion === true;
    const child = spawn('sh', ['-c', hasCompanion ? startWhenTold : startAlone, 'sh', command!, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc', hasCompanion ? 'pipe' : 'ignore', 'pipe'],
      detached: true,
      cwd: paths.tmp,
      env: {
        ...programEnvironment,
        LANG: 'en_US.UTF-8',
        HOME: paths.tmp,
        TMPDIR: paths.tmp,
        LAMBENT_RUNTIME_API_PORT: '0',
        LAMBENT_ENDPOINT_PORT: '0',
      },
    });
    if (child.pid !== undefined) this.#guardian.add(child.pid);
    const gate = child.stdio.at(6) as Writable;
    gate.on('error', () => {});
    gate.end('\n');
    const channels: Partial<Channels> = {
      frames: child.stdio[3] as Socket,
      // Node throws away what a process that has ended wrote, unless someone is reading.
      stdout: child.stdout!.pipe(new PassThrough()),
      stderr: child.stderr!.pipe(new PassThrough()),
      ...(hasCompanion ? { companion: child.stdio.at(5) as Socket } : {}),
    };
    const ports = { runtimeApi: 0, endpoint: 0 };
    const exited = exitOf(child);
    const end = () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      // Also those that left the group, as far as they still descend from it.
      const strays = descendantsOf(child.pid);
      signalAll([-child.pid], 'SIGKILL');
      signalAll(strays, 'SIGKILL');
    };
    const release = async () => {
      closeChannels(channels);
      if (child.pid !== undefined) {
        signalAll([-child.pid], 'SIGKILL');
        this.#guardian.remove(child.pid);
      }
      await rm(folder, { recursive: true, force: true });
    };
    const connected = new Promise<void>((resolve) => {
      child.on('message', (message: { server: 'runtimeApi' | 'endpoint'; port: number }, handle) => {
        if (handle === undefined) return;
        channels[message.server] = handle as Server;
        ports[message.server] = message.port;
        if (isComplete(channels, hasCompanion)) resolve();
      });
    });
    try {
      await untilBooted(
        connected.then(() => awaitBooted(channels.frames!)),
        exited,
      );
    } catch (error) {
      end();
      await exited;
      const failure = await bootError(id, error, channels.stderr);
      await release();
      throw failure;
    }
    const sandbox: Sandbox = new LiveSandbox({
      ...{ id, paths, ports, exited, end, channels: channels as Channels, memoryWatch: this.#memoryWatch },
      meter: new ProcessGroupMeter(child.pid!),
      connect: connectToPort,
      hasOwnPorts: false,
      openPort: () => openPort(0),
      programPid: () => child.pid,
      assign: async ({ taskDir, optDir, fileSystem }) => {
        if (fileSystem !== undefined) throw new Error('a file system needs isolation by bubblewrap to be mounted');
        await symlink(taskDir, paths.task);
        if (optDir === null) await mkdir(paths.opt);
        else await symlink(optDir, paths.opt);
      },
      release: async () => {
        this.#sandboxes.delete(sandbox);
        await release();
      },
    });
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#sandboxes, (sandbox) => sandbox.kill()));
    await this.#guardian.close();
  }
}

function exitOf(child: ChildProcess): Promise<SandboxExit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null, outOfMemory: false }));
    child.once('exit', (code, signal) => resolve({ code, signal, outOfMemory: false }));
  });
}
