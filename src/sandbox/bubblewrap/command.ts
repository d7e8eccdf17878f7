// The command line that starts one sandbox: a shell joins the cgroup and sets limits, then becomes setpriv, then bwrap.
import { join } from 'node:path';
import type { BootMessage } from './messages.ts';

export interface SandboxCommandOptions {
  runDir: string;
  /** Kernel user id to run as; null keeps the caller's. */
  uid: number | null;
  /** `cgroup.procs` files to enter. */
  cgroupProcs: string[];
  shareNetwork: boolean;
  ports: { runtimeApi: number; endpoint: number };
}

/** File descriptor on which the shell opens the seccomp program for bubblewrap; above those that the runtime gets. */
const seccompFd = 9;

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Folder of a slot below the run folder: `task`, `opt` and `tmp` in it appear in the sandbox. */
export function slotDir(runDir: string, slot: number): string {
  return join(runDir, 'slot', String(slot));
}

/** Name of the control group of sandbox `id`, unique to the run of one parent. */
export function groupName(runDir: string, id: string): string {
  return `${runDir.slice(runDir.lastIndexOf('-') + 1)}-${id}`;
}

export function sandboxCommand(boot: BootMessage, options: SandboxCommandOptions): string[] {
  const { runDir, uid } = options;
  const slot = slotDir(runDir, boot.slot);
  const environment = {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    LANG: 'en_US.UTF-8',
    HOME: '/tmp',
    NODE_CHANNEL_FD: '4',
    NODE_CHANNEL_SERIALIZATION_MODE: 'json',
    LAMBENT_RUNTIME_API_PORT: String(options.ports.runtimeApi),
    LAMBENT_ENDPOINT_PORT: String(options.ports.endpoint),
  };
  const bwrap = [
    'bwrap',
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(options.shareNetwork ? [] : ['--unshare-net']),
    ...[
      '--uid',
      '993',
      '--gid',
      '990',
      '--hostname',
      'sandbox',
      '--die-with-parent',
      '--new-session',
      '--cap-drop',
      'ALL',
    ],
    ...['--ro-bind', join(runDir, 'root'), '/', '--proc', '/proc', '--dev-bind', join(runDir, 'dev'), '/dev'],
    ...['--perms', '1777', '--size', String(16 << 20), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--ro-bind', boot.runtimeDir, '/var/runtime'],
    ...(boot.langDir === null ? [] : ['--ro-bind', boot.langDir, '/var/lang']),
    ...[
      '--ro-bind',
      join(slot, 'task'),
      '/var/task',
      '--ro-bind',
      join(slot, 'opt'),
      '/opt',
      '--bind',
      join(slot, 'tmp'),
      '/tmp',
    ],
    ...['--chdir', '/', '--clearenv', '--seccomp', String(seccompFd)],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--', ...boot.command],
  ];
  const drop = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const script = [
    ...options.cgroupProcs.map((file) => `echo $$ >${quote(file)}`),
    'ulimit -c 0',
    'ulimit -n 1024',
    `exec ${seccompFd}<${quote(join(runDir, 'seccomp'))}`,
    `exec ${[...drop, ...bwrap].map(quote).join(' ')}`,
  ];
  return ['sh', '-c', script.join(' && ')];
}

/** AWS's default size of `/tmp`, which sandboxes boot with. */
export const defaultEphemeralStorageMib = 512;

/** Options of a `/tmp`: its size, and files in proportion, since each costs the kernel memory. */
export function tmpfsOptions(sizeMib: number): string {
  return `mode=1777,size=${sizeMib}m,nr_inodes=${sizeMib * 128}`;
}
