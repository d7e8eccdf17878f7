// Finds, signals and measures the descendants of a process by /proc, for machines without control groups for us.
import { readdirSync } from 'node:fs';
import { readField, readText } from './cgroup/files.ts';

/** All descendants of `pid` that run now, nearest first; none where there is no /proc. */
export function descendantsOf(pid: number): number[] {
  const found = [pid];
  for (const each of found) found.push(...childrenOf(each));
  return found.slice(1);
}

function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended meanwhile.
    return [];
  }
  return threads.flatMap((thread) => {
    const children = readText(`/proc/${pid}/task/${thread}/children`);
    return children ? children.split(' ').filter(Boolean).map(Number) : [];
  });
}

export function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Memory that these programs hold themselves, in bytes; what they share after a fork counts for each. */
export function anonymousBytesOf(pids: Iterable<number>): number {
  let kibibytes = 0;
  for (const pid of pids) kibibytes += readField(`/proc/${pid}/status`, 'RssAnon:');
  return kibibytes * 1024;
}

/** False for one that has ended but that nobody has waited for. */
export function isRunning(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may contain anything; the state follows the last of them.
  return stat !== null && stat[stat.lastIndexOf(')') + 2] !== 'Z';
}

/** Stops the descendants of `pid`, and those that they fork meanwhile. Returns them. */
export function stopDescendants(pid: number): number[] {
  const stopped = new Set<number>();
  for (;;) {
    const fresh = descendantsOf(pid).filter((each) => !stopped.has(each));
    if (fresh.length === 0) return [...stopped];
    signalAll(fresh, 'SIGSTOP');
    for (const each of fresh) stopped.add(each);
  }
}
