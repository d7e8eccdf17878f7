// Ends processes that outlived a sandbox parent that was killed, known by the run folder in their arguments.
import { readdirSync } from 'node:fs';
import { readText } from '../cgroup/files.ts';
import { signalAll } from '../process-tree.ts';

const programs = ['bwrap', 'pasta'];

/** `prefix`: how the paths of the instance's run folders begin. With bubblewrap's, the processes inside end as well. */
export function endLeftovers(prefix: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
    if (programs.includes(words[0]!) && words.some((word) => word.startsWith(prefix)))
      signalAll([Number(pid)], 'SIGKILL');
  }
}
