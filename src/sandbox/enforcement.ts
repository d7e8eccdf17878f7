// Says what of a function's limits is enforced on this machine, and what would enforce the rest.
import type { CgroupHierarchy } from './cgroup/cgroup.ts';
import type { Enforcement } from './driver.ts';

export function bubblewrapEnforcement(
  cgroups: CgroupHierarchy | null,
  network: 'none' | 'nat' | 'host',
  otherNotices: string[],
): Enforcement {
  const by = (controller: 'memory' | 'cpu' | 'pids' | 'freezer', otherwise: string) =>
    cgroups?.controllers.has(controller) ? `cgroup ${cgroups.version}` : otherwise;
  const notices = [...otherNotices];
  const missing = (['memory', 'cpu'] as const).filter((controller) => !cgroups?.controllers.has(controller));
  if (missing.length > 0) {
    notices.push(
      `No control groups for ${missing.join(', ')}: memory is only looked at every 50 ms, and processor time is not limited per function. Run as root, or under systemd with Delegate=yes.`,
    );
  }
  return {
    isolation: 'bubblewrap',
    network,
    memory: by('memory', 'watchdog'),
    cpu: by('cpu', 'not limited'),
    processes: by('pids', 'rlimit'),
    freezing: by('freezer', 'signals'),
    notices,
  };
}

export function processEnforcement(otherNotices: string[]): Enforcement {
  const watched = process.platform === 'linux';
  const notices = watched
    ? otherNotices
    : [...otherNotices, `Memory is not limited on ${process.platform}: functions may use all that the machine has.`];
  return {
    isolation: 'process',
    network: 'host',
    memory: watched ? 'watchdog' : 'not limited',
    cpu: 'not limited',
    processes: 'not limited',
    freezing: 'signals',
    notices,
  };
}
