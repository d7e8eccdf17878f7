// Reads and writes the kernel's one-value files.
import { readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The number after `key` in a file of `key value` lines; 0 when there is none. */
export function readField(path: string, key: string): number {
  for (const line of (readText(path) ?? '').split('\n')) {
    if (line.startsWith(key) && /\s/.test(line[key.length] ?? '')) return Number.parseInt(line.slice(key.length), 10);
  }
  return 0;
}

/** Writes; false when the file is missing or refuses the value. */
export function tryWrite(path: string, value: string | number): boolean {
  try {
    writeFileSync(path, String(value), { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

function killMembers(procsFile: string): number {
  const pids = (readText(procsFile) ?? '').split('\n').filter(Boolean).map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went by itself.
    }
  }
  return pids.length;
}

/** Takes the group folder away, killing members until none is left. Rejects after 5 s in vain. */
export async function removeGroup(folder: string): Promise<void> {
  for (let waitedMs = 0; ; ) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (waitedMs > 5000) throw new Error(`cannot remove ${folder}: ${code}`, { cause: error });
    }
    killMembers(`${folder}/cgroup.procs`);
    const waitMs = waitedMs < 20 ? 1 : 10;
    waitedMs += waitMs;
    await sleep(waitMs);
  }
}

/** Takes the group folder away unless something is in it. */
export function removeEmptyGroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Someone else's groups are in it, or it is gone.
  }
}
