// Stops and measures the descendants of a process by /proc, for machines without control groups for us.
import { readdirSync } from 'node:fs';
import { readField, readText } from './cgroup/files.ts';
import type { Meter } from './meter.ts';

/** All descendants of `pid` that run now, nearest first. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readText(`/proc/${name}/stat`);
    if (stat === null) continue;
    // The name in parentheses may contain anything; state and parent follow the last of them.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const siblings = children.get(parent);
    if (siblings) siblings.push(Number(name));
    else children.set(parent, [Number(name)]);
  }
  const found = [pid];
  for (const each of found) found.push(...(children.get(each) ?? []));
  return found.slice(1);
}

export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** `pid` itself, a supervisor, is neither stopped nor measured unless `includeSelf`. */
export class ProcessTree implements Meter {
  readonly #pid: number;
  readonly #includeSelf: boolean;

  constructor(pid: number, includeSelf = false) {
    this.#pid = pid;
    this.#includeSelf = includeSelf;
  }

  limitMemory(): void {}

  weighCpu(): void {}

  limitCpu(): void {}

  freeze(): void {
    const stopped = new Set<number>();
    // Again until nothing new shows: what was not yet stopped may have forked.
    for (let fresh = this.#members(); fresh.length > 0; fresh = this.#members().filter((pid) => !stopped.has(pid))) {
      signalAll(fresh, 'SIGSTOP');
      for (const pid of fresh) stopped.add(pid);
    }
  }

  thaw(): void {
    signalAll(this.#members(), 'SIGCONT');
  }

  anonymousBytes(): number {
    return this.#members().reduce((sum, pid) => sum + readField(`/proc/${pid}/status`, 'RssAnon:') * 1024, 0);
  }

  close(): void {}

  #members(): number[] {
    const descendants = descendantsOf(this.#pid);
    return this.#includeSelf ? [this.#pid, ...descendants] : descendants;
  }
}
