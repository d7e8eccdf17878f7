// Memory and processor time of processes and their descendants, as the kernel counts them.
import { readdirSync, readFileSync } from 'node:fs';

export interface Memory {
  /** Proportional share: what is shared is divided among those that share it. */
  pssMib: number;
  /** What would come free if it ended. */
  privateMib: number;
  rssMib: number;
}

/** Parent's pid by pid, of every process. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      found.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ', 1)[0]));
    } catch {
      // It has ended.
    }
  }
  return found;
}

export function childrenOf(pid: number): number[] {
  return [...parents()].filter(([, parent]) => parent === pid).map(([child]) => child);
}

/** `pid` and all that descends from it. */
export function processTree(pid: number): number[] {
  const all = parents();
  const tree = [pid];
  for (const member of tree) for (const [child, parent] of all) if (parent === member) tree.push(child);
  return tree;
}

export function commandLine(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}

export function memoryOf(pids: readonly number[]): Memory {
  const memory: Memory = { pssMib: 0, privateMib: 0, rssMib: 0 };
  for (const pid of pids) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
    memory.pssMib += kib('Pss') / 1024;
    memory.privateMib += (kib('Private_Clean') + kib('Private_Dirty')) / 1024;
    memory.rssMib += kib('Rss') / 1024;
  }
  return memory;
}

/** Processor time in milliseconds, which the kernel counts in hundredths of a second. Those that have ended count nothing. */
export function processorMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13);
      return sum + (Number(user) + Number(system)) * 10;
    } catch {
      return sum;
    }
  }, 0);
}
