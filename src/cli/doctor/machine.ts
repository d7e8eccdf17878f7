// What the operating system offers: isolation, limits, networks.
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, totalmem } from 'node:os';
import type { HostFacts } from '../../sandbox/index.ts';
import { formatBytes } from '../format.ts';
import type { Check } from './check.ts';

export function examineMachine(host: HostFacts): Check[] {
  const system = readText('/etc/os-release')?.match(/^PRETTY_NAME="?(.*?)"?$/m)?.[1] ?? host.platform;
  return [
    { name: 'system', state: 'good', value: `${system}, kernel ${host.kernel}, ${arch()}` },
    {
      name: 'resources',
      state: 'good',
      value: `${availableParallelism()} processors, ${formatBytes(totalmem())} memory`,
    },
    { name: 'Node', state: 'good', value: `${process.versions.node} runs Lambent` },
    { name: 'user', state: 'good', value: host.root ? 'root; sandboxes run as users of their own' : 'not root' },
  ];
}

export function examineSandboxes(host: HostFacts): Check[] {
  if (host.platform !== 'linux') {
    const remedy = 'On Linux, functions run in sandboxes.';
    return [{ name: 'sandboxes', state: 'lacking', value: 'plain processes: run only code that you trust', remedy }];
  }
  return [bubblewrap(host), namespaces(), seccomp(), ...limits(host), mounter(host), network(host)];
}

function bubblewrap({ bubblewrapVersion, bubblewrapObstacle }: HostFacts): Check {
  const name = 'bubblewrap';
  if (bubblewrapObstacle === null) return { name, state: 'good', value: `${bubblewrapVersion} isolates functions` };
  return { name, state: 'lacking', value: 'FUNCTIONS ARE NOT ISOLATED', remedy: bubblewrapObstacle };
}

function namespaces(): Check {
  const name = 'namespaces';
  const most = Number(readText('/proc/sys/user/max_user_namespaces') ?? 0);
  if (most > 0) return { name, state: 'good', value: `up to ${most} user namespaces` };
  return { name, state: 'lacking', value: 'no user namespaces', remedy: 'sysctl -w user.max_user_namespaces=15000' };
}

function seccomp(): Check {
  const has = readText('/proc/sys/kernel/seccomp/actions_avail')?.includes('errno') === true;
  if (has) return { name: 'seccomp', state: 'good', value: 'system calls can be filtered' };
  return { name: 'seccomp', state: 'lacking', value: 'this kernel does not filter system calls' };
}

const controllers = [
  { controller: 'memory', name: 'memory limit', otherwise: 'looked at every 50 ms' },
  { controller: 'cpu', name: 'CPU limit', otherwise: 'not limited' },
  { controller: 'pids', name: 'process limit', otherwise: 'not limited for each function' },
  { controller: 'freezer', name: 'freezing', otherwise: 'by signals' },
] as const;

function limits({ cgroups, root }: HostFacts): Check[] {
  const remedy = root
    ? 'Control groups are not writable here: in a container, mount /sys/fs/cgroup writable.'
    : 'Run as root, or as a systemd service with Delegate=yes.';
  return controllers.map(({ controller, name, otherwise }): Check => {
    if (cgroups?.controllers.includes(controller))
      return { name, state: 'good', value: `by cgroup ${cgroups.version}` };
    // Freezing by signals works as well; it lacks nothing that a person would miss.
    if (controller === 'freezer') return { name, state: 'good', value: otherwise };
    return { name, state: 'lacking', value: otherwise, remedy };
  });
}

function mounter({ mounter }: HostFacts): Check {
  const name = 'mounting code';
  if (mounter === 'perl') return { name, state: 'good', value: 'by perl, in 0.1 ms' };
  return { name, state: 'lacking', value: 'by mount, in some 3 ms', remedy: 'apt-get install -y perl' };
}

function network({ networks, natObstacles, root }: HostFacts): Check {
  const value = `functions can have: ${networks.join(', ')}`;
  if (networks.includes('nat')) return { name: 'network', state: 'good', value };
  const obstacle = root ? natObstacles.veth : natObstacles.pasta;
  return { name: 'network', state: 'lacking', value, ...(obstacle === null ? {} : { remedy: `nat: ${obstacle}` }) };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
