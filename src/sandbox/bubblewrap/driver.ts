// The driver for Linux: sandboxes by bubblewrap, limited by control groups where the machine has them.
import { readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../core/logger.ts';
import { awaitBooted } from '../await-booted.ts';
import { bootError, untilBooted } from '../boot-limit.ts';
import type { CgroupHierarchy } from '../cgroup/cgroup.ts';
import {
  type BootRequest,
  type Enforcement,
  type Sandbox,
  SandboxBootError,
  type SandboxDriver,
  type SandboxExit,
} from '../driver.ts';
import { type Channels, closeChannels, isComplete } from '../channels.ts';
import { connectToPort } from '../connect-to-port.ts';
import { LiveSandbox } from '../live-sandbox.ts';
import { MemoryWatch } from '../memory-watch.ts';
import type { Meter } from '../meter.ts';
import { openPort } from '../open-port.ts';
import { descendantsOf } from '../process-tree.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { NetworkPlan } from './network/plan.ts';
import { tearDownVeth } from './network/veth.ts';
import { ParentLink, runFolderPrefix } from './parent-link.ts';
import { ProcessMeter } from './process-meter.ts';
import { Slot } from './slot.ts';
import { firstUidOf } from './uids.ts';

export interface BubblewrapDriverOptions {
  /** `[a-z0-9]+`, short, the same at every start over the same data. */
  instance: string;
  network: NetworkPlan;
  enforcement: Enforcement;
  cgroups: CgroupHierarchy | null;
  logger: Logger;
}

export class BubblewrapDriver implements SandboxDriver {
  readonly enforcement: Enforcement;
  readonly #options: BubblewrapDriverOptions;
  readonly #cgroups: CgroupHierarchy | null;
  readonly #memoryWatch = new MemoryWatch();
  readonly #sandboxes = new Set<Sandbox>();
  readonly #slots = new Set<number>();
  #link: Promise<ParentLink> | null = null;
  /** A predecessor's traces must be gone before a parent starts: it makes some of the same names. */
  #clearing: Promise<void> = Promise.resolve();
  #closed = false;

  /** Clears what a killed predecessor left. Rejects when sandboxes cannot be made here. */
  static async start(options: BubblewrapDriverOptions): Promise<BubblewrapDriver> {
    const driver = new BubblewrapDriver(options);
    driver.#clearing = driver.#clear();
    await driver.#parent();
    return driver;
  }

  private constructor(options: BubblewrapDriverOptions) {
    this.enforcement = options.enforcement;
    this.#options = options;
    this.#cgroups = options.cgroups;
  }

  async boot({ id, build }: BootRequest): Promise<Sandbox> {
    const link = await this.#parent();
    const slot = this.#takeSlot(link);
    const channels: Partial<Channels> = {};
    const ports = { runtimeApi: 0, endpoint: 0 };
    const { promise: exited, resolve: exit } = Promise.withResolvers<SandboxExit>();
    const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
    const { promise: cleared, resolve: clear } = Promise.withResolvers<void>();
    let meter: Meter | null = null;
    const hasCompanion = build.hasCompanion === true;
    let pid = 0;
    let sent = false;
    const release = async () => {
      // The listening servers keep the sandbox's network namespace alive.
      closeChannels(channels);
      meter?.close();
      await cleared;
      await slot.release();
      this.#slots.delete(slot.number);
    };
    try {
      const folders = await slot.prepare(build);
      link.watch(id, {
        started: (started) => {
          pid = started;
          meter = this.#cgroups?.group(link.groupName(id)) ?? new ProcessMeter(pid);
        },
        channel: (name, handle, port) => {
          Object.assign(channels, { [name]: handle });
          if (port !== undefined && (name === 'runtimeApi' || name === 'endpoint')) ports[name] = port;
          if (isComplete(channels, hasCompanion)) connect();
        },
        exited: (code, signal, oomKilled) => exit(exitOf(code, signal, oomKilled)),
        cleared: clear,
      });
      sent = true;
      link.send({ type: 'boot', id, slot: slot.number, ...folders, command: build.command, hasCompanion });
      await untilBooted(
        connected.then(() => awaitBooted(channels.frames!)),
        exited,
      );
    } catch (error) {
      link.send({ type: 'kill', id });
      if (sent) await exited;
      else clear();
      const failure = await bootError(id, error, channels.stderr);
      await release();
      throw failure;
    }
    const sandbox: Sandbox = new LiveSandbox({
      ...{ id, ports, exited, channels: channels as Channels, meter: meter!, memoryWatch: this.#memoryWatch },
      paths: { task: '/var/task', opt: '/opt', tmp: '/tmp', runtime: '/var/runtime' },
      assign: (assignment) => slot.assign(assignment),
      connect: (port) => (this.#options.network.mode === 'host' ? connectToPort(port) : link.connect(id, port)),
      hasOwnPorts: this.#options.network.mode !== 'host',
      openPort: (port) => (this.#options.network.mode === 'host' ? openPort(0) : link.openPort(id, port)),
      // Below bubblewrap outside is its own first process inside, below that the program.
      programPid: () => descendantsOf(pid)[1],
      end: () => link.send({ type: 'kill', id }),
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
    const link = await this.#link?.catch(() => null);
    await Promise.all(Array.from(this.#sandboxes, (sandbox) => sandbox.kill()));
    await link?.close();
    await this.#clearing;
    await this.#clear();
  }

  /** The living parent; a new one after the last has died. */
  #parent(): Promise<ParentLink> {
    if (this.#closed) return Promise.reject(new SandboxBootError('the sandbox driver is closed'));
    if (this.#link) return this.#link;
    const link = this.#startParent();
    this.#link = link;
    link.then(
      async (started) => {
        await started.ended;
        this.#link = null;
        if (this.#closed) return;
        this.#options.logger.error('the sandbox parent has died, and every sandbox with it');
        this.#clearing = this.#clear();
      },
      () => {
        this.#link = null;
      },
    );
    return link;
  }

  async #startParent(): Promise<ParentLink> {
    await this.#clearing;
    const { instance, network, logger } = this.#options;
    const firstUid = process.getuid?.() === 0 ? firstUidOf(instance) : null;
    const complain = (text: string) => logger.warn({ output: text.trim() }, 'the sandbox parent complains');
    return ParentLink.start(runFolderPrefix(tmpdir(), instance), { instance, firstUid, network }, complain);
  }

  #takeSlot(link: ParentLink): Slot {
    let number = 0;
    while (this.#slots.has(number)) number++;
    this.#slots.add(number);
    return new Slot(link, number);
  }

  /** Removes what parents that were killed could not. Sandboxes themselves die with their parent, unless frozen. */
  async #clear(): Promise<void> {
    await this.#cgroups?.removeAll();
    const { instance, network } = this.#options;
    const prefix = runFolderPrefix(tmpdir(), instance);
    if (network.mode === 'nat' && network.by === 'veth') tearDownVeth(instance);
    endLeftovers(prefix);
    for (const name of readdirSync(tmpdir())) {
      const folder = join(tmpdir(), name);
      if (folder.startsWith(prefix)) rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** bubblewrap tells of a signal that ended the command as shells do. */
function exitOf(code: number | null, signal: NodeJS.Signals | null, oomKilled: boolean): SandboxExit {
  const name = code !== null && code > 128 ? signalNames.get(code - 128) : undefined;
  const ended = name === undefined ? { code, signal } : { code: null, signal: name };
  // The kernel may also have killed a child process, which the runtime outlived.
  return { ...ended, outOfMemory: oomKilled && ended.signal === 'SIGKILL' };
}

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
);
