// One sandbox as the server holds it: its channels, its limits, its end.
import { Server, Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import type { Meter } from '../meter.ts';
import { type MemoryWatch, measure, type Watched } from '../memory-watch.ts';
import type { Sandbox, SandboxAssignment, SandboxExit } from '../driver.ts';
import type { ChannelName } from './messages.ts';
import type { Slot } from './slot.ts';

export interface SandboxParts {
  id: string;
  slot: Slot;
  meter: Meter;
  memoryWatch: MemoryWatch;
  channels: Record<ChannelName, Socket | Server>;
  ports: { runtimeApi: number; endpoint: number };
  exited: Promise<SandboxExit>;
  /** Kills its processes, which `exited` reports. */
  end(): void;
  /** Called once when its processes are gone: gives back what the driver lent. */
  release(): Promise<void>;
}

const mebibyte = 1024 * 1024;
/** AWS gives one vCPU for 1,769 MB, and in proportion. docs: lambda/latest/dg/configuration-memory.html */
const memoryMibPerVcpu = 1769;

export class BubblewrapSandbox implements Sandbox {
  readonly id: string;
  readonly frames: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly runtimeApi: Server;
  readonly endpoint: Server;
  readonly runtimeApiAddress: string;
  readonly endpointAddress: string;
  readonly paths = { task: '/var/task', opt: '/opt', tmp: '/tmp', runtime: '/var/runtime' };
  readonly exited: Promise<SandboxExit>;
  readonly #parts: SandboxParts;
  readonly #watched: Watched;
  #cores = 0;
  #outOfMemory = false;
  #over = false;
  readonly #released: Promise<void>;

  constructor(parts: SandboxParts) {
    const { channels, ports } = parts;
    this.#parts = parts;
    this.id = parts.id;
    this.frames = channels.frames as Socket;
    this.stdout = channels.stdout as Socket;
    this.stderr = channels.stderr as Socket;
    this.runtimeApi = channels.runtimeApi as Server;
    this.endpoint = channels.endpoint as Server;
    this.runtimeApiAddress = `127.0.0.1:${ports.runtimeApi}`;
    this.endpointAddress = `127.0.0.1:${ports.endpoint}`;
    this.#watched = {
      anonymousBytes: () => parts.meter.anonymousBytes(),
      limitBytes: Number.POSITIVE_INFINITY,
      running: true,
      peakBytes: 0,
      exceeded: () => {
        this.#outOfMemory = true;
        this.#end();
      },
    };
    this.exited = parts.exited.then((exit) => {
      this.#over = true;
      parts.memoryWatch.remove(this.#watched);
      return { ...exit, outOfMemory: exit.outOfMemory || this.#outOfMemory };
    });
    this.#released = this.exited.then(() => this.#release());
  }

  async assign(assignment: SandboxAssignment): Promise<void> {
    const { slot, meter, memoryWatch } = this.#parts;
    const { memoryMib, ephemeralStorageMib } = assignment;
    meter.limitMemory((memoryMib + ephemeralStorageMib) * mebibyte);
    this.#cores = memoryMib / memoryMibPerVcpu;
    meter.weighCpu(this.#cores);
    await slot.assign(assignment);
    if (this.#over) return;
    this.#watched.limitBytes = memoryMib * mebibyte;
    memoryWatch.add(this.#watched);
  }

  limitCpu(): void {
    if (!this.#over) this.#parts.meter.limitCpu(this.#cores);
  }

  freeze(): void {
    if (this.#over || !this.#watched.running) return;
    this.#watched.running = false;
    this.#parts.meter.freeze();
  }

  thaw(): void {
    if (this.#over || this.#watched.running) return;
    this.#watched.running = true;
    this.#parts.meter.thaw();
  }

  peakMemoryBytes(): number {
    if (!this.#over) measure(this.#watched);
    return this.#watched.peakBytes;
  }

  kill(): Promise<void> {
    this.#end();
    return this.#released;
  }

  #end(): void {
    if (this.#over) return;
    this.thaw();
    this.#parts.end();
  }

  async #release(): Promise<void> {
    // The listening servers keep the sandbox's network namespace alive.
    closeChannels(this.#parts.channels);
    await this.#parts.release();
  }
}

/** Closes what carries nothing more. Output that someone reads is left to end by itself. */
export function closeChannels(channels: Partial<Record<ChannelName, Socket | Server>>): void {
  for (const channel of Object.values(channels)) {
    if (channel instanceof Server) channel.close();
    else if (channel instanceof Socket && channel.readableFlowing === null) channel.destroy();
  }
  if (channels.frames instanceof Socket) channels.frames.destroy();
}
