// Which isolation this machine offers, found by trying it.
import { execFileSync } from 'node:child_process';
import { readText } from './cgroup/files.ts';
import { findProgram, programEnvironment } from './find-program.ts';
import { firstUidOf } from './bubblewrap/uids.ts';

export type RequestedIsolation = 'auto' | 'bubblewrap' | 'process';

export interface IsolationChoice {
  isolation: 'bubblewrap' | 'process';
  /** Sentences for the banner and `doctor`. */
  notices: string[];
}

/**
 * Throws `Error`, saying what to do, when `bubblewrap` is requested and cannot work here. `auto` falls back to
 * `process`, and says so.
 */
export function detectIsolation(requested: RequestedIsolation): IsolationChoice {
  if (requested === 'process') return { isolation: 'process', notices: [noIsolation()] };
  const obstacle = bubblewrapObstacle();
  if (obstacle === null) return { isolation: 'bubblewrap', notices: [] };
  if (requested === 'bubblewrap') throw new Error(`isolation by bubblewrap cannot work here: ${obstacle}`);
  return { isolation: 'process', notices: [noIsolation(), `Isolation by bubblewrap cannot work here: ${obstacle}.`] };
}

const noIsolation = () =>
  'FUNCTIONS ARE NOT ISOLATED: they run as plain processes and can read and change what the user of this server can. Run only code that you trust.';

/** What keeps sandboxes from working, with its remedy; null when nothing does. Takes some 20 ms. */
export function bubblewrapObstacle(): string | null {
  if (process.platform !== 'linux') return `it needs Linux, and this is ${process.platform}`;
  if (!['x64', 'arm64'].includes(process.arch)) return `there is no system call filter for ${process.arch}`;
  if (!findProgram('bwrap')) return 'the program bwrap is missing: apt-get install -y bubblewrap';
  const root = process.getuid?.() === 0;
  for (const program of ['unshare', 'mount', ...(root ? ['setpriv'] : [])]) {
    if (!findProgram(program)) return `the program ${program} is missing: apt-get install -y util-linux`;
  }
  const uid = firstUidOf('probe');
  const [command, ...args] = [
    ...['unshare', ...(root ? [] : ['--user', '--map-root-user']), '--mount', '--propagation', 'private'],
    ...(root ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'] : []),
    ...['bwrap', '--unshare-user', '--uid', '993', '--gid', '990', '--unshare-pid', '--unshare-net', '--unshare-ipc'],
    ...['--ro-bind', '/', '/', '--proc', '/proc', 'true'],
  ];
  try {
    execFileSync(command!, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 10_000,
      env: programEnvironment,
      cwd: '/',
    });
    return null;
  } catch (error) {
    return explain(String((error as { stderr?: Buffer }).stderr ?? '').trim() || String(error));
  }
}

const forbiddingSettings = [
  { name: 'kernel.unprivileged_userns_clone', forbids: '0', allows: '1' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', forbids: '1', allows: '0' },
  { name: 'user.max_user_namespaces', forbids: '0', allows: '15000' },
];

function explain(message: string): string {
  if (/mount proc/i.test(message)) {
    return `this container hides parts of /proc, so that no new one may be mounted (with Docker: --security-opt systempaths=unconfined) (${message})`;
  }
  for (const { name, forbids, allows } of forbiddingSettings) {
    const value = readText(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim();
    if (value === forbids) return `user namespaces are forbidden: sysctl -w ${name}=${allows} allows them (${message})`;
  }
  return `namespaces are refused, as containers and their system call filters do (with Docker: --security-opt seccomp=unconfined --cap-add SYS_ADMIN) (${message})`;
}
