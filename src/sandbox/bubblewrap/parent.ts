// The sandbox parent: a small process in a mount namespace of its own that starts and ends every sandbox for the server.
// It outlives nothing: when its stdin closes, however the server went, it clears everything away.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Socket as DatagramSocket } from 'node:dgram';
import { Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Cgroup, CgroupHierarchy } from '../cgroup/cgroup.ts';
import { detectCgroups } from '../cgroup/detect.ts';
import { readText } from '../cgroup/files.ts';
import { groupName, networkRemoval, runName, sandboxCommand } from './command.ts';
import type { BootMessage, ConnectMessage, FromParent, OpenMessage, SetupMessage, ToParent } from './messages.ts';
import { Mounter } from './mounter.ts';
import { setUpVeth, tearDownVeth } from './network/veth.ts';
import { makeRootFolder } from './root-folder.ts';
import { SandboxProcess } from './sandbox-process.ts';
import { seccompProgram } from './seccomp.ts';
import { startMounter } from './start-mounter.ts';

class SandboxParent {
  readonly #setup: SetupMessage;
  readonly #cgroups: CgroupHierarchy | null;
  readonly #sandboxes = new Map<string, SandboxProcess>();
  /**
   * An empty group that is always frozen. Version 1 patches the running kernel when the machine's first group freezes
   * and when its last one thaws; with this one neither happens, and freezing takes 0.02 ms instead of 0.1.
   */
  readonly #frozen: Cgroup | undefined;
  #clearing = false;

  constructor(setup: SetupMessage) {
    this.#setup = setup;
    this.#cgroups = detectCgroups(setup.instance);
    // No sandbox's id has a dot.
    if (this.#cgroups?.version === 'v1') this.#frozen = this.#cgroups.group(groupName(setup.runDir, '.frozen'));
  }

  /** Puts the run folder in place. Rejects when this machine does not let it. */
  async prepare(): Promise<void> {
    const { runDir, instance, network } = this.#setup;
    if (network.mode === 'nat' && network.by === 'veth') setUpVeth(instance, runName(runDir), network);
    this.#frozen?.create();
    this.#frozen?.freeze();
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
    // What was asked for before the server went may be heard after.
    if (this.#clearing) return;
    const { id, slot } = boot;
    try {
      const sandbox = this.#start(boot);
      this.#sandboxes.set(id, sandbox);
      void sandbox.cleared.then(() => this.#sandboxes.delete(id));
    } catch (error) {
      process.stderr.write(`sandbox ${id} in slot ${slot}: ${(error as Error).message}\n`);
      send({ type: 'exited', id, code: 126, signal: null, oomKilled: false });
      send({ type: 'cleared', id });
    }
  }

  kill(id: string): void {
    this.#sandboxes.get(id)?.kill();
  }

  connect({ id, port, call }: ConnectMessage): void {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) send({ type: 'connected', id, call, reason: 'the sandbox has ended' });
    else sandbox.connect(port, call);
  }

  open({ id, port, call }: OpenMessage): void {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) send({ type: 'opened', id, call, reason: 'the sandbox has ended' });
    else sandbox.open(port, call);
  }

  #start(boot: BootMessage): SandboxProcess {
    const { runDir, instance, firstUid, network } = this.#setup;
    const group = this.#cgroups?.group(groupName(runDir, boot.id));
    const command = sandboxCommand(boot, {
      ...{ runDir, instance, network, hostPid: process.pid },
      uid: firstUid === null ? null : firstUid + boot.slot,
      cgroupProcs: group?.procsFiles ?? [],
      processesLimited: this.#cgroups?.controllers.has('pids') ?? false,
    });
    const removal = networkRemoval(network, instance, runDir, boot.slot);
    const { id, hasCompanion } = boot;
    return new SandboxProcess({ id, hasCompanion, command, group, removal, send });
  }

  /** Ends everything and takes away what is outside this process's namespaces. */
  async clear(): Promise<void> {
    this.#clearing = true;
    const sandboxes = [...this.#sandboxes.values()];
    for (const sandbox of sandboxes) sandbox.kill();
    await Promise.all(sandboxes.map(({ cleared }) => cleared));
    await this.#frozen?.remove();
    this.#cgroups?.removeBase();
    const { runDir, instance, network } = this.#setup;
    if (network.mode === 'nat' && network.by === 'veth') tearDownVeth(instance, runName(runDir));
    spawnSync('umount', ['-l', runDir]);
    rmSync(runDir, { recursive: true, force: true });
  }
}

function send(message: FromParent, handle?: Socket | Server | DatagramSocket): void {
  if (!process.connected) {
    handle?.removeAllListeners();
    return;
  }
  process.send!(message, handle, undefined, () => {
    // A connection's copy here closes itself once sent, others do not.
    if (handle instanceof Server || handle instanceof DatagramSocket) handle.close();
  });
}

/**
 * Closes what the server's own parent left open in it: Node keeps its children from the lowest of such descriptors only,
 * and a sandbox would hand the others to functions.
 */
function closeInherited(): void {
  const closeOnExec = 0o2000000;
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    const flags = /^flags:\s*(\d+)/m.exec(readText(`/proc/self/fdinfo/${fd}`) ?? '')?.[1];
    if (fd > 2 && flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0) closeSync(fd);
  }
}

closeInherited();

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
  else if (message.type === 'connect') parent?.connect(message);
  else if (message.type === 'open') parent?.open(message);
});

// The server holds the other end of stdin and writes nothing to it. The channel's own `disconnect` does not come while a
// handle waits to be acknowledged, which a server that was killed never does.
process.stdin.resume().once('close', async () => {
  await parent?.clear().catch(() => {});
  process.exit(0);
});

// Nobody listens any more once the server has gone.
process.stderr.on('error', () => {});

// The server decides when to end; a signal to the whole process group or control group must not come before it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
