// A booted sandbox as the server holds it, whichever driver made it: its channels, its limits, its end.
import type { Server } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { maxProcesses } from './cgroup/cgroup.ts';
import type { Channels } from './channels.ts';
import type { Sandbox, SandboxAssignment, SandboxExit } from './driver.ts';
import { type MemoryWatch, measure, type Watched } from './memory-watch.ts';
import type { Meter } from './meter.ts';
import { closePort, type OpenPort } from './open-port.ts';
import { signalAll } from './process-tree.ts';

export interface LiveSandboxParts {
  id: string;
  channels: Channels;
  ports: { runtimeApi: number; endpoint: number };
  paths: Sandbox['paths'];
  meter: Meter;
  memoryWatch: MemoryWatch;
  exited: Promise<SandboxExit>;
  /** Makes the code appear. */
  assign(assignment: SandboxAssignment): Promise<void>;
  connect(port: number): Promise<Duplex>;
  hasOwnPorts: boolean;
  openPort(port: number): Promise<OpenPort>;
  /** Process of this machine that is the program inside, while it lives. */
  programPid(): number | undefined;
  /** Kills its processes, which `exited` reports. Frozen ones are thawed before. */
  end(): void;
  /** Called once when its processes are gone: gives back what the driver lent. Never rejects. */
  release(): Promise<void>;
}

const mebibyte = 1024 * 1024;
/** AWS gives one vCPU for 1,769 MB, and in proportion. docs: lambda/latest/dg/configuration-memory.html */
const memoryMibPerVcpu = 1769;

export class LiveSandbox implements Sandbox {
  readonly id: string;
  readonly frames: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly runtimeApi: Server;
  readonly endpoint: Server;
  readonly runtimeApiAddress: string;
  readonly endpointAddress: string;
  readonly companion: Duplex | null;
  readonly paths: Sandbox['paths'];
  readonly hasOwnPorts: boolean;
  readonly exited: Promise<SandboxExit>;
  readonly #parts: LiveSandboxParts;
  readonly #watched: Watched;
  readonly #released: Promise<void>;
  #cores = 0;
  #outOfMemory = false;
  #over = false;
  #openPorts: OpenPort[] = [];

  constructor(parts: LiveSandboxParts) {
    const { channels, ports } = parts;
    this.#parts = parts;
    this.id = parts.id;
    this.frames = channels.frames;
    this.stdout = channels.stdout;
    this.stderr = channels.stderr;
    this.runtimeApi = channels.runtimeApi;
    this.endpoint = channels.endpoint;
    this.runtimeApiAddress = `127.0.0.1:${ports.runtimeApi}`;
    this.endpointAddress = `127.0.0.1:${ports.endpoint}`;
    this.companion = channels.companion ?? null;
    this.paths = parts.paths;
    this.hasOwnPorts = parts.hasOwnPorts;
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
    this.#released = this.exited.then(() => {
      for (const open of this.#openPorts) closePort(open);
      return parts.release();
    });
  }

  async assign(assignment: SandboxAssignment): Promise<void> {
    const { meter, memoryWatch } = this.#parts;
    const { memoryMib, ephemeralStorageMib } = assignment;
    // Begun first: another process mounts while this one sets limits.
    const assigned = this.#parts.assign(assignment);
    meter.limitMemory((memoryMib + ephemeralStorageMib) * mebibyte);
    this.#cores = memoryMib / memoryMibPerVcpu;
    meter.weighCpu(this.#cores);
    await assigned;
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

  isCrowded(): boolean {
    return !this.#over && this.#parts.meter.tasks() > maxProcesses / 2;
  }

  connect(port: number): Promise<Duplex> {
    if (this.#over) return Promise.reject(new Error('the sandbox has ended'));
    return this.#parts.connect(port);
  }

  async openPort(port: number): Promise<OpenPort> {
    if (this.#over) throw new Error('the sandbox has ended');
    const open = await this.#parts.openPort(port);
    if (this.#over) {
      closePort(open);
      throw new Error('the sandbox has ended');
    }
    this.#openPorts.push(open);
    return open;
  }

  terminate(): void {
    if (this.#over) return;
    const pid = this.#parts.programPid();
    if (pid !== undefined) signalAll([pid], 'SIGTERM');
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
}
