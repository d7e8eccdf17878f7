// What sandboxes could leave on a machine: compared before and after, nothing may be added.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCgroupMounts } from '../cgroup/detect.ts';
import { readText } from '../cgroup/files.ts';

/** Everything on this machine that carries the name of an instance, and every mount. */
export function tracesOf(instance: string): string[] {
  const name = `lambent-${instance}`;
  const groups = parseCgroupMounts(readText('/proc/self/mountinfo') ?? '').flatMap(({ mountPoint }) =>
    readdirSync(mountPoint)
      .filter((entry) => entry === name)
      .map((entry) => `${mountPoint}/${entry}`),
  );
  const processes = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    // Sandboxes of the process driver name their folder only in their environment.
    return ['cmdline', 'environ'].some((file) => readText(`/proc/${pid}/${file}`)?.includes(`/${name}-`));
  });
  return [
    ...groups,
    ...readdirSync(tmpdir()).filter((entry) => entry.startsWith(`${name}-`)),
    ...processes.map(
      (pid) => `process ${pid}: ${readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').slice(0, 200)}`,
    ),
    ...(readText('/proc/self/mountinfo') ?? '').split('\n').filter((line) => line.includes(name)),
    ...nftTables().filter((table) => table.includes(`lambent_${instance}_`)),
  ];
}

/** Waits until there is no trace left; returns what is still there after `limitMs`. */
export async function tracesAfter(instance: string, limitMs: number): Promise<string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const traces = tracesOf(instance);
    if (traces.length === 0 || performance.now() > deadline) return traces;
    await sleep(20);
  }
}

function nftTables(): string[] {
  try {
    return execFileSync('nft', ['list', 'tables'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      '\n',
    );
  } catch {
    return [];
  }
}
