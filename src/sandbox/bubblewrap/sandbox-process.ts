// One sandbox as its parent process sees it: started, signalled, waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cgroup } from '../cgroup/cgroup.ts';
import { descendantsOf, isRunning, signalAll, stopDescendants } from '../process-tree.ts';
import { stopReading } from './hand-over.ts';
import type { FromParent } from './messages.ts';

const connector = fileURLToPath(new URL('connect-inside.ts', import.meta.url));
const opener = fileURLToPath(new URL('open-inside.ts', import.meta.url));

export interface SandboxProcessOptions {
  id: string;
  hasCompanion: boolean;
  command: string[];
  group: Cgroup | undefined;
  /** Shell line that takes away what the command made outside the sandbox; null for nothing. */
  removal: string | null;
  /** Reports to the server, in order. */
  send(message: FromParent, handle?: Socket | Server | DatagramSocket): void;
}

export class SandboxProcess {
  /** Resolves when nothing of it is left; never rejects. */
  readonly cleared: Promise<void>;
  readonly #options: SandboxProcessOptions;
  readonly #child: ChildProcess;
  /** The first process inside, with whose end the kernel ends all others. */
  #init: number | undefined;
  #exited = false;

  /** Throws when not even a control group can be made. */
  constructor(options: SandboxProcessOptions) {
    this.#options = options;
    options.group?.create();
    const [file, ...args] = options.command;
    // A process group of its own, which ends with it.
    const companion = options.hasCompanion ? (['pipe'] as const) : [];
    const child = spawn(file!, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc', ...companion],
      detached: true,
    });
    this.#child = child;
    this.cleared = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => resolve(this.#settle(code, signal)));
      // No process at all; one that was started ends with `exit`.
      child.once('error', () => child.pid === undefined && resolve(this.#settle(127, null)));
    });
    if (child.pid !== undefined) this.#handOver(child.pid);
  }

  kill(): void {
    const { group } = this.#options;
    if (this.#exited || this.#child.pid === undefined) return;
    if (group) group.thaw();
    else this.#killInside(this.#child.pid);
    this.#child.kill('SIGKILL');
  }

  /** Reports a connection to a port inside, made by a process that enters the network there and nothing else. */
  connect(port: number, call: number): void {
    const { id, send } = this.#options;
    const helper = this.#inside(connector, port);
    let reason: string | undefined = 'the network inside could not be entered';
    helper.on('message', (message: { connected: boolean; reason?: string }, handle) => {
      if (handle === undefined) {
        reason = message.reason ?? 'the connection was lost';
        return;
      }
      reason = undefined;
      const socket = handle as Socket;
      stopReading(socket);
      socket.on('error', () => {});
      send({ type: 'connected', id, call }, socket);
    });
    const settle = () => {
      if (reason !== undefined) send({ type: 'connected', id, call, reason });
      reason = undefined;
    };
    helper.once('error', settle);
    // All messages have come by then.
    helper.once('close', settle);
  }

  /** Reports a port inside that is opened, by a process that enters the network there and nothing else. */
  open(port: number, call: number): void {
    const { id, send } = this.#options;
    const helper = this.#inside(opener, port);
    let missing = 2;
    let reason = 'the network inside could not be entered';
    helper.on('message', (message: { reason?: string }, handle) => {
      reason = message.reason ?? 'the port was lost';
      if (handle === undefined) return;
      missing--;
      send({ type: 'opened', id, call }, handle as DatagramSocket | Server);
    });
    const settle = () => {
      if (missing > 0) send({ type: 'opened', id, call, reason });
      missing = 0;
    };
    helper.once('error', settle);
    // All messages have come by then.
    helper.once('close', settle);
  }

  #inside(script: string, port: number): ChildProcess {
    this.#init ??= descendantsOf(this.#child.pid ?? 0)[0];
    const program = [process.execPath, '--disable-warning=ExperimentalWarning', script, String(port)];
    return spawn('nsenter', [`--net=/proc/${this.#init}/ns/net`, ...program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  /**
   * Kills what descends from bubblewrap, stopped so that nothing is added meanwhile. Its own `--die-with-parent` does not
   * hold for a moment in the middle of a boot. Where there is a control group, that tells what is left.
   */
  #killInside(pid: number): void {
    signalAll([pid], 'SIGSTOP');
    const inside = stopDescendants(pid);
    this.#init ??= inside[0];
    signalAll(inside, 'SIGKILL');
  }

  #handOver(pid: number): void {
    const { id, send } = this.#options;
    const child = this.#child;
    send({ type: 'started', id, pid });
    const sockets = [child.stdio[3], child.stdout, child.stderr, child.stdio.at(5)] as Socket[];
    const names = [
      'frames',
      'stdout',
      'stderr',
      ...(this.#options.hasCompanion ? ['companion' as const] : []),
    ] as const;
    for (const [index, name] of names.entries()) {
      stopReading(sockets[index]!);
      send({ type: 'channel', id, name }, sockets[index]!);
    }
    child.on('message', (message: { server: 'runtimeApi' | 'endpoint'; port: number }, server) => {
      if (server === undefined) return;
      this.#init ??= descendantsOf(pid)[0];
      send({ type: 'channel', id, name: message.server, port: message.port }, server as Server);
    });
  }

  async #settle(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#exited = true;
    const { id, group, removal, send } = this.#options;
    const oomKilled = (group?.oomKills() ?? 0) > 0;
    if (this.#child.pid !== undefined) signalAll([-this.#child.pid], 'SIGKILL');
    const removed = removal === null ? null : runShell(removal);
    await group?.remove().catch((error: Error) => process.stderr.write(`${error.message}\n`));
    // bubblewrap's own end may come moments before that of what it started.
    const init = this.#init;
    for (let tries = 0; init !== undefined && isRunning(init) && tries < 1000; tries++) await sleep(1);
    send({ type: 'exited', id, code, signal, oomKilled });
    // The kernel takes its time over interfaces; what waits for the processes' end need not.
    await removed;
    send({ type: 'cleared', id });
  }
}

function runShell(line: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', line], { stdio: 'ignore' });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
