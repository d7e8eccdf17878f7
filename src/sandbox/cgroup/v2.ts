// Control groups of version 2: one folder per sandbox. Works as root, and without root where a subtree is delegated.
import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { type Cgroup, type CgroupHierarchy, maxProcesses } from './cgroup.ts';
import { readField, readText, removeEmptyGroup, removeGroup, tryWrite } from './files.ts';
import { cpuPeriodUs } from './v1.ts';

/** `base`: the instance's own folder, whose children have the controllers that `cgroup.subtree_control` names. */
export class CgroupHierarchyV2 implements CgroupHierarchy {
  readonly version = 'v2';
  readonly controllers: ReadonlySet<'memory' | 'cpu' | 'pids' | 'freezer'>;
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
    const enabled = new Set((readText(`${base}/cgroup.subtree_control`) ?? '').split(/\s+/));
    // Freezing is part of every group but the root.
    this.controllers = new Set([
      ...(['memory', 'cpu', 'pids'] as const).filter((name) => enabled.has(name)),
      'freezer',
    ]);
  }

  group(id: string): Cgroup {
    return new CgroupV2(`${this.#base}/${id}`);
  }

  removeBase(): void {
    removeEmptyGroup(this.#base);
  }

  async removeAll(): Promise<void> {
    let ids: string[] = [];
    try {
      ids = readdirSync(this.#base, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name);
    } catch {
      return;
    }
    await Promise.all(ids.map((id) => this.group(id).remove()));
    await removeGroup(this.#base);
  }
}

class CgroupV2 implements Cgroup {
  readonly procsFiles: string[];
  readonly #folder: string;
  #freezerFd: number | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    this.procsFiles = [`${folder}/cgroup.procs`];
  }

  create(): void {
    mkdirSync(this.#folder, { recursive: true });
    this.#write('pids.max', maxProcesses);
    this.#write('memory.swap.max', 0);
    // A function that runs out of memory ends as a whole, as on AWS.
    this.#write('memory.oom.group', 1);
  }

  limitMemory(bytes: number): void {
    this.#write('memory.max', bytes);
  }

  weighCpu(cores: number): void {
    this.#write('cpu.weight', Math.min(10_000, Math.max(1, Math.round(cores * 100))));
  }

  limitCpu(cores: number | null): void {
    const quota = cores === null ? 'max' : Math.max(1000, Math.round(cores * cpuPeriodUs));
    this.#write('cpu.max', `${quota} ${cpuPeriodUs}`);
  }

  freeze(): void {
    this.#setFreezer('1');
  }

  thaw(): void {
    this.#setFreezer('0');
  }

  anonymousBytes(): number {
    return readField(`${this.#folder}/memory.stat`, 'anon');
  }

  tasks(): number {
    return Number(readText(`${this.#folder}/pids.current`) ?? 0);
  }

  oomKills(): number {
    return readField(`${this.#folder}/memory.events`, 'oom_kill');
  }

  close(): void {
    if (this.#freezerFd !== null) closeSync(this.#freezerFd);
    this.#freezerFd = null;
  }

  async remove(): Promise<void> {
    this.close();
    // Kernels before 5.14 lack it; removeGroup kills what it finds.
    this.#write('cgroup.kill', 1);
    await removeGroup(this.#folder);
  }

  #write(file: string, value: string | number): void {
    tryWrite(`${this.#folder}/${file}`, value);
  }

  #setFreezer(state: '0' | '1'): void {
    try {
      this.#freezerFd ??= openSync(`${this.#folder}/cgroup.freeze`, 'w');
      writeSync(this.#freezerFd, state);
    } catch {
      // The group is gone, with all that ran in it.
    }
  }
}
