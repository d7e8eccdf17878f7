// The sandbox parent: a small process in a mount namespace of its own that starts and ends every sandbox for the server.
// It outlives nothing: when its channel to the server closes, however the server went, it clears everything away.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cgroup, CgroupHierarchy } from '../cgroup/cgroup.ts';
import { detectCgroups } from '../cgroup/detect.ts';
import type { ChannelName } from '../channels.ts';
import { descendantsOf, isRunning, signalAll } from '../process-tree.ts';
import { groupName, networkRemoval, runName, sandboxCommand } from './command.ts';
import { stopReading } from './hand-over.ts';
import type { BootMessage, FromParent, SetupMessage, ToParent } from './messages.ts';
import { setUpVeth, tearDownVeth } from './network/veth.ts';
import { makeRootFolder } from './root-folder.ts';
import { Mounter } from './mounter.ts';
import { seccompProgram } from './seccomp.ts';
import { startMounter } from './start-mounter.ts';

class SandboxParent {
  readonly #setup: SetupMessage;
  readonly #cgroups: CgroupHierarchy | null;
  readonly #children = new Map<string, ChildProcess>();
  /** The first process inside each sandbox, with whose end the kernel ends all others. */
  readonly #inits = new Map<string, number>();

  constructor(setup: SetupMessage) {
    this.#setup = setup;
    this.#cgroups = detectCgroups(setup.instance);
  }

  /** Puts the run folder in place. Rejects when this machine does not let it. */
  async prepare(): Promise<void> {
    const { runDir, instance, network } = this.#setup;
    if (network.mode === 'nat' && network.by === 'veth') setUpVeth(instance, runName(runDir), network);
    const mounting = startMounter();
    const mounter = new Mounter(mounting);
    // Shared: what is mounted in it later appears in the sandboxes that were given a part of it.
    await mounter.run([['share', runDir, 'mode=0711']]);
    for (const folder of ['stage', 'slot']) mkdirSync(join(runDir, folder), { mode: 0o711 });
    writeFileSync(join(runDir, 'seccomp'), seccompProgram(process.arch));
    await mounter.run(makeRootFolder(runDir, network.resolvConf));
    mounter.release();
    send({ type: 'ready' }, mounting);
  }

  boot(boot: BootMessage): void {
    const { runDir, instance, firstUid, network } = this.#setup;
    const group = this.#group(boot.id);
    group?.create();
    const uid = firstUid === null ? null : firstUid + boot.slot;
    const cgroupProcs = group?.procsFiles ?? [];
    const processesLimited = this.#cgroups?.controllers.has('pids') ?? false;
    const options = { runDir, instance, uid, cgroupProcs, processesLimited, network, hostPid: process.pid };
    const [file, ...args] = sandboxCommand(boot, options);
    // A process group of its own, which ends with it.
    const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'], detached: true });
    this.#children.set(boot.id, child);
    child.on('message', (message: { server: ChannelName; port: number }, server) => {
      if (server === undefined) return;
      this.#inits.set(boot.id, descendantsOf(child.pid!)[0]!);
      send({ type: 'channel', id: boot.id, name: message.server, port: message.port }, server as Server);
    });
    child.on('exit', (code, signal) => void this.#settle(boot, code, signal));
    // Not even a shell could be started.
    child.on('error', () => child.pid === undefined && void this.#settle(boot, 127, null));
    if (child.pid === undefined) return;
    send({ type: 'started', id: boot.id, pid: child.pid });
    const sockets = [child.stdio[3], child.stdout, child.stderr] as Socket[];
    for (const [index, name] of (['frames', 'stdout', 'stderr'] as const).entries()) {
      stopReading(sockets[index]!);
      send({ type: 'channel', id: boot.id, name }, sockets[index]!);
    }
  }

  kill(id: string): void {
    const child = this.#children.get(id);
    if (child === undefined) return;
    this.#group(id)?.thaw();
    child.kill('SIGKILL');
  }

  async #settle(boot: BootMessage, code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const { runDir, instance, network } = this.#setup;
    const group = this.#group(boot.id);
    const oomKilled = (group?.oomKills() ?? 0) > 0;
    const { pid } = this.#children.get(boot.id)!;
    if (pid !== undefined) signalAll([-pid], 'SIGKILL');
    const removal = networkRemoval(network, instance, runDir, boot.slot);
    const removed = removal === null ? Promise.resolve() : runShell(removal);
    await group?.remove();
    await this.#ended(boot.id);
    send({ type: 'exited', id: boot.id, code, signal, oomKilled });
    // The kernel takes its time over interfaces; what waits for the processes' end need not.
    await removed;
    this.#children.delete(boot.id);
    send({ type: 'cleared', id: boot.id });
  }

  /** bubblewrap's own end may come moments before that of what it started. */
  async #ended(id: string): Promise<void> {
    const init = this.#inits.get(id);
    this.#inits.delete(id);
    for (let tries = 0; init !== undefined && isRunning(init) && tries < 1000; tries++) await sleep(1);
  }

  #group(id: string): Cgroup | undefined {
    return this.#cgroups?.group(groupName(this.#setup.runDir, id));
  }

  /** Ends everything and takes away what is outside this process's namespaces. */
  async clear(): Promise<void> {
    const groups = Array.from(this.#children.keys(), (id) => this.#group(id));
    const exits = Array.from(this.#children.values(), (child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const id of this.#children.keys()) this.kill(id);
    await Promise.all(exits);
    await Promise.all(groups.map((group) => group?.remove()));
    this.#cgroups?.removeBase();
    const { runDir, instance, network } = this.#setup;
    if (network.mode === 'nat' && network.by === 'veth') tearDownVeth(instance, runName(runDir));
    spawnSync('umount', ['-l', runDir]);
    rmSync(runDir, { recursive: true, force: true });
  }
}

function runShell(line: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', line], { stdio: 'ignore' });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function send(message: FromParent, handle?: Socket | Server): void {
  if (!process.connected) {
    handle?.removeAllListeners();
    return;
  }
  process.send!(message, handle, undefined, () => {
    // A socket's copy here closes itself once sent, a server's does not.
    if (handle instanceof Server) handle.close();
  });
}

let parent: SandboxParent | undefined;

async function setUp(setup: SetupMessage): Promise<void> {
  try {
    parent = new SandboxParent(setup);
    await parent.prepare();
  } catch (error) {
    send({ type: 'failed', reason: (error as Error).message });
  }
}

process.on('message', (message: ToParent) => {
  if (message.type === 'setup') void setUp(message);
  else if (message.type === 'boot') parent?.boot(message);
  else if (message.type === 'kill') parent?.kill(message.id);
});

process.on('disconnect', async () => {
  await parent?.clear().catch(() => {});
  process.exit(0);
});

// The server decides when to end; a signal to the whole process group or control group must not come before it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
