// The server's end of one sandbox parent: starts it, gives it work, and tells who waits what came of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChannelName } from '../channels.ts';
import { programEnvironment } from '../find-program.ts';
import { groupName } from './command.ts';
import type { OpenPort } from '../open-port.ts';
import type { FromParent, SetupMessage, ToParent } from './messages.ts';
import { Mounter } from './mounter.ts';
import { Stage } from './stage.ts';

/** What the parent reports of one sandbox. */
export interface SandboxReports {
  started(pid: number): void;
  channel(name: ChannelName, handle: Socket | Server, port: number | undefined): void;
  exited(code: number | null, signal: NodeJS.Signals | null, oomKilled: boolean): void;
  /** Nothing of it is left outside the parent's namespaces. */
  cleared(): void;
}

/** How long the parent may take to set itself up. */
const setupLimitMs = 10_000;

export class ParentLink {
  /** The run folder. Its contents exist in the parent's mount namespace only. */
  readonly runDir: string;
  readonly mounter: Mounter;
  readonly stage: Stage;
  /** Resolves when the parent has ended, for whatever reason. */
  readonly ended: Promise<void>;
  #process: ChildProcess;
  #reports = new Map<string, SandboxReports>();
  /** Connections that are being made. */
  readonly #connecting = new Map<number, PromiseWithResolvers<Socket>>();
  /** Ports that are being opened. */
  readonly #opening = new Map<number, { datagrams?: DatagramSocket } & PromiseWithResolvers<OpenPort>>();
  #calls = 0;
  #over = false;

  /**
   * Starts a parent. Rejects with what it wrote when it cannot set itself up.
   * `folderPrefix`: the run folder's path without its random end. `complain` receives what it writes to stderr later.
   */
  static async start(
    folderPrefix: string,
    setup: Omit<SetupMessage, 'type' | 'runDir'>,
    complain: (text: string) => void,
  ): Promise<ParentLink> {
    const runDir = mkdtempSync(folderPrefix);
    chmodSync(runDir, 0o711);
    const namespaces = setup.firstUid === null ? ['--user', '--map-root-user'] : [];
    const child = spawn(
      'unshare',
      [
        ...namespaces,
        ...['--mount', '--propagation', 'private', process.execPath, '--disable-warning=ExperimentalWarning'],
        fileURLToPath(new URL('parent.ts', import.meta.url)),
      ],
      // A session of its own, so that a terminal's interrupt reaches the server alone.
      { stdio: ['pipe', 'ignore', 'pipe', 'ipc'], detached: true, env: programEnvironment, cwd: '/' },
    );
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    let output = '';
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-4000);
    });
    try {
      const mounting = await new Promise<Socket>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the sandbox parent does not answer')), setupLimitMs);
        void ended.then(() => reject(new Error('the sandbox parent ended')));
        child.once('message', (message: FromParent, handle) => {
          clearTimeout(timer);
          if (message.type === 'ready') resolve(handle as Socket);
          else reject(new Error(message.type === 'failed' ? message.reason : `unexpected ${message.type}`));
        });
        child.send({ type: 'setup', runDir, ...setup } satisfies ToParent, (error) => error && reject(error));
      });
      child.stderr!.on('data', complain);
      return new ParentLink(child, runDir, mounting, ended);
    } catch (error) {
      child.kill('SIGKILL');
      await ended;
      rmSync(runDir, { recursive: true, force: true });
      throw new Error(`${(error as Error).message}${output && `: ${output.trim()}`}`, { cause: error });
    }
  }

  private constructor(child: ChildProcess, runDir: string, mounting: Socket, ended: Promise<void>) {
    this.#process = child;
    this.runDir = runDir;
    this.mounter = new Mounter(mounting);
    this.stage = new Stage(this.mounter, runDir);
    this.ended = ended.then(() => this.#finish());
    child.on('message', (message: FromParent, handle) => this.#receive(message, handle as Handle | undefined));
    child.stdin!.on('error', () => {});
    // A broken channel shows as the parent's end.
    child.on('error', () => {});
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Name of a sandbox's control group: ids may recur while an earlier parent of this instance still clears up. */
  groupName(id: string): string {
    return groupName(this.runDir, id);
  }

  watch(id: string, reports: SandboxReports): void {
    this.#reports.set(id, reports);
    // Too late: whoever asked hears the same as those that ended with it.
    if (this.#over) this.#finish();
  }

  /** A connection to a port of 127.0.0.1 in sandbox `id`. Rejects when there is none to be had. */
  connect(id: string, port: number): Promise<Socket> {
    if (this.#over) return Promise.reject(new Error('the sandbox has ended'));
    const call = this.#calls++;
    const connecting = Promise.withResolvers<Socket>();
    this.#connecting.set(call, connecting);
    this.send({ type: 'connect', id, port, call });
    return connecting.promise;
  }

  /** A port of 127.0.0.1 in sandbox `id`. Rejects when it is not to be had. */
  openPort(id: string, port: number): Promise<OpenPort> {
    if (this.#over) return Promise.reject(new Error('the sandbox has ended'));
    const call = this.#calls++;
    const opening = Promise.withResolvers<OpenPort>();
    this.#opening.set(call, opening);
    this.send({ type: 'open', id, port, call });
    return opening.promise;
  }

  send(message: ToParent): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** Makes the parent end, with every sandbox; resolves when it has. */
  async close(): Promise<void> {
    this.#process.stdin!.destroy();
    this.mounter.close();
    await this.ended;
  }

  #receive(message: FromParent, handle: Handle | undefined): void {
    if (message.type === 'ready' || message.type === 'failed') return;
    if (message.type === 'connected') {
      const connecting = this.#connecting.get(message.call);
      this.#connecting.delete(message.call);
      if (handle !== undefined) connecting?.resolve(handle as Socket);
      else connecting?.reject(new Error(message.reason ?? 'the connection was lost'));
      return;
    }
    if (message.type === 'opened') {
      this.#opened(message.call, message.reason, handle);
      return;
    }
    const reports = this.#reports.get(message.id);
    if (message.type === 'started') reports?.started(message.pid);
    else if (message.type === 'channel') {
      // Undefined when the other end was closed before it got here.
      if (reports && handle) reports.channel(message.name, handle as Socket | Server, message.port);
    } else if (message.type === 'exited') {
      reports?.exited(message.code, message.signal, message.oomKilled);
    } else {
      this.#reports.delete(message.id);
      reports?.cleared();
    }
  }

  /** Datagrams come first, connections then. */
  #opened(call: number, reason: string | undefined, handle: Handle | undefined): void {
    const opening = this.#opening.get(call);
    if (opening === undefined) return;
    if (handle instanceof DatagramSocket) {
      opening.datagrams = handle;
      return;
    }
    this.#opening.delete(call);
    const { datagrams } = opening;
    if (handle !== undefined && datagrams !== undefined) {
      opening.resolve({ port: datagrams.address().port, datagrams, connections: handle as Server });
      return;
    }
    datagrams?.close();
    opening.reject(new Error(reason ?? 'the port was lost'));
  }

  #finish(): void {
    this.#over = true;
    this.mounter.close();
    for (const reports of this.#reports.values()) {
      reports.exited(null, 'SIGKILL', false);
      reports.cleared();
    }
    this.#reports.clear();
    for (const { reject } of this.#connecting.values()) reject(new Error('the sandbox has ended'));
    this.#connecting.clear();
    for (const { reject } of this.#opening.values()) reject(new Error('the sandbox has ended'));
    this.#opening.clear();
    rmSync(this.runDir, { recursive: true, force: true });
  }
}

type Handle = Socket | Server | DatagramSocket;

/** Where run folders of an instance lie, without their random end. */
export function runFolderPrefix(temporaryDir: string, instance: string): string {
  return join(temporaryDir, `lambent-${instance}-`);
}
