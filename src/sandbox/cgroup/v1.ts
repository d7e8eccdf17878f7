// Control groups of version 1: one folder per controller and sandbox. Needs root.
import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { type Cgroup, type CgroupHierarchy, maxProcesses } from './cgroup.ts';
import { readField, readText, removeEmptyGroup, removeGroup, tryWrite } from './files.ts';

export const v1Controllers = ['memory', 'cpu', 'pids', 'freezer'] as const;
type Controller = (typeof v1Controllers)[number];

/** `roots`: the folder per controller below which the instance's group is made, e.g. `/sys/fs/cgroup/memory`. */
export class CgroupHierarchyV1 implements CgroupHierarchy {
  readonly version = 'v1';
  readonly controllers: ReadonlySet<Controller>;
  readonly #bases: Map<Controller, string>;

  constructor(roots: Map<Controller, string>, instance: string) {
    this.#bases = new Map([...roots].map(([controller, root]) => [controller, `${root}/lambent-${instance}`]));
    this.controllers = new Set(this.#bases.keys());
  }

  group(id: string): Cgroup {
    return new CgroupV1(new Map([...this.#bases].map(([controller, base]) => [controller, `${base}/${id}`])));
  }

  removeBase(): void {
    for (const base of this.#bases.values()) removeEmptyGroup(base);
  }

  async removeAll(): Promise<void> {
    const ids = new Set<string>();
    for (const base of this.#bases.values()) for (const id of foldersIn(base)) ids.add(id);
    await Promise.all(Array.from(ids, (id) => this.group(id).remove()));
    await Promise.all(Array.from(this.#bases.values(), removeGroup));
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

class CgroupV1 implements Cgroup {
  readonly procsFiles: string[];
  readonly #folders: Map<Controller, string>;
  #freezerFd: number | null = null;

  constructor(folders: Map<Controller, string>) {
    this.#folders = folders;
    this.procsFiles = Array.from(folders.values(), (folder) => `${folder}/cgroup.procs`);
  }

  create(): void {
    for (const folder of this.#folders.values()) mkdirSync(folder, { recursive: true });
    this.#write('pids', 'pids.max', maxProcesses);
    this.#write('memory', 'memory.swappiness', 0);
  }

  limitMemory(bytes: number): void {
    this.#write('memory', 'memory.limit_in_bytes', bytes);
    // Memory and swap together; absent where the kernel does not account swap.
    this.#write('memory', 'memory.memsw.limit_in_bytes', bytes);
  }

  weighCpu(cores: number): void {
    this.#write('cpu', 'cpu.shares', Math.max(2, Math.round(cores * 1024)));
  }

  limitCpu(cores: number | null): void {
    this.#write('cpu', 'cpu.cfs_period_us', cpuPeriodUs);
    this.#write('cpu', 'cpu.cfs_quota_us', cores === null ? -1 : Math.max(1000, Math.round(cores * cpuPeriodUs)));
  }

  freeze(): void {
    this.#setFreezer('FROZEN');
  }

  thaw(): void {
    this.#setFreezer('THAWED');
  }

  anonymousBytes(): number {
    const folder = this.#folders.get('memory');
    return folder === undefined ? 0 : readField(`${folder}/memory.stat`, 'rss');
  }

  tasks(): number {
    const folder = this.#folders.get('pids');
    return folder === undefined ? 0 : Number(readText(`${folder}/pids.current`) ?? 0);
  }

  oomKills(): number {
    const folder = this.#folders.get('memory');
    return folder === undefined ? 0 : readField(`${folder}/memory.oom_control`, 'oom_kill');
  }

  close(): void {
    if (this.#freezerFd !== null) closeSync(this.#freezerFd);
    this.#freezerFd = null;
  }

  async remove(): Promise<void> {
    // A frozen process of version 1 does not even die.
    this.#write('freezer', 'freezer.state', 'THAWED');
    this.close();
    await Promise.all(Array.from(this.#folders.values(), removeGroup));
  }

  #write(controller: Controller, file: string, value: string | number): void {
    const folder = this.#folders.get(controller);
    if (folder !== undefined) tryWrite(`${folder}/${file}`, value);
  }

  #setFreezer(state: 'FROZEN' | 'THAWED'): void {
    // Kept open: freezing is on the path of invocations.
    try {
      this.#freezerFd ??= openSync(`${this.#folders.get('freezer')}/freezer.state`, 'w');
      writeSync(this.#freezerFd, state);
    } catch {
      // The group is gone, with all that ran in it.
    }
  }
}

/** AWS too hands out processor time in slices of 20 ms, which small functions notice as pauses. */
export const cpuPeriodUs = 20_000;
