// The command line that starts one sandbox: a shell joins the cgroup and sets limits, then becomes setpriv, then bwrap.
import { join } from 'node:path';
import { maxProcesses } from '../cgroup/cgroup.ts';
import type { BootMessage } from './messages.ts';
import { pastaRemoval, pastaScript } from './network/pasta.ts';
import type { NetworkPlan } from './network/plan.ts';
import { vethRemoval, vethScript } from './network/veth.ts';

export interface SandboxCommandOptions {
  runDir: string;
  instance: string;
  /** Kernel user id to run as; null keeps the caller's. */
  uid: number | null;
  /** `cgroup.procs` files to enter. */
  cgroupProcs: string[];
  /** Whether a control group limits the number of processes; a limit of the user does otherwise. */
  processesLimited: boolean;
  network: NetworkPlan;
  /** A process in the network namespace of this machine. */
  hostPid: number;
}

/** File descriptor on which the shell opens the seccomp program for bubblewrap; above those that the runtime gets. */
const seccompFd = 9;

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

const pastaDir = (runDir: string, slot: number) => join(runDir, 'net', String(slot));

/** Folder of a slot below the run folder: `task`, `opt`, `mnt`, `tmp` and `shm` in it appear in the sandbox. */
export function slotDir(runDir: string, slot: number): string {
  return join(runDir, 'slot', String(slot));
}

/** The random end of a run folder's name, unique to the run of one parent. */
export function runName(runDir: string): string {
  return runDir.slice(runDir.lastIndexOf('-') + 1);
}

/** Name of the control group of sandbox `id`, unique to the run of one parent. */
export function groupName(runDir: string, id: string): string {
  return `${runName(runDir)}-${id}`;
}

export function sandboxCommand(boot: BootMessage, options: SandboxCommandOptions): string[] {
  const { runDir, uid, network } = options;
  const slot = slotDir(runDir, boot.slot);
  const environment = {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    LANG: 'en_US.UTF-8',
    // The loader reads it only now: what the function opens later is looked for along it.
    LD_LIBRARY_PATH: '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
    HOME: '/tmp',
    NODE_CHANNEL_FD: '4',
    NODE_CHANNEL_SERIALIZATION_MODE: 'json',
    // The ports as on AWS; on a shared network whichever are free.
    LAMBENT_RUNTIME_API_PORT: network.mode === 'host' ? '0' : '9001',
    LAMBENT_ENDPOINT_PORT: network.mode === 'host' ? '0' : '4566',
  };
  const bwrap = [
    'bwrap',
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(network.mode === 'none' ? ['--unshare-net'] : []),
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
    ...['--bind', join(slot, 'shm'), '/dev/shm', '--remount-ro', '/dev'],
    ...['--ro-bind', boot.runtimeDir, '/var/runtime'],
    ...(boot.langDir === null ? [] : ['--ro-bind', boot.langDir, '/var/lang']),
    ...Object.entries(boot.extras).flatMap(([name, folder]) => ['--ro-bind', folder, `/var/lambent/${name}`]),
    ...[
      '--ro-bind',
      join(slot, 'task'),
      '/var/task',
      '--ro-bind',
      join(slot, 'opt'),
      '/opt',
      '--ro-bind',
      join(slot, 'mnt'),
      '/mnt',
      '--bind',
      join(slot, 'tmp'),
      '/tmp',
    ],
    ...['--chdir', '/', '--clearenv', '--seccomp', String(seccompFd)],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    // Set inside, where the kernel counts what runs in the sandbox's own user namespace.
    ...[
      '--',
      ...(options.processesLimited ? [] : ['prlimit', `--nproc=${maxProcesses}:${maxProcesses}`]),
      ...boot.command,
    ],
  ];
  const drop = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const lines = [
    ...options.cgroupProcs.map((file) => `echo $$ >${quote(file)}`),
    'ulimit -c 0',
    'ulimit -n 1024',
    `exec ${seccompFd}<${quote(join(runDir, 'seccomp'))}`,
    `exec ${[...drop, ...bwrap].map(quote).join(' ')}`,
  ];
  return ['sh', '-ec', connected(lines, boot.slot, options).join('\n')];
}

/** The lines with those around them that make and connect the sandbox's network namespace. */
function connected(
  lines: string[],
  slot: number,
  { network, instance, runDir, uid, hostPid }: SandboxCommandOptions,
): string[] {
  if (network.mode !== 'nat') return lines;
  const inNamespace = (inside: string[]) => `exec unshare --net sh -ec ${quote([...inside, ...lines].join('\n'))}`;
  if (network.by === 'veth') return [inNamespace(vethScript(instance, slot, network, hostPid))];
  const { outside, inside } = pastaScript(pastaDir(runDir, slot), uid !== null);
  return [...outside, inNamespace(inside)];
}

/** The shell line that takes away what `sandboxCommand` made of network for a slot, once nothing runs there; null for nothing. */
export function networkRemoval(network: NetworkPlan, instance: string, runDir: string, slot: number): string | null {
  if (network.mode !== 'nat') return null;
  return network.by === 'veth' ? vethRemoval(instance, slot) : pastaRemoval(pastaDir(runDir, slot));
}

/** AWS's default size of `/tmp`, which sandboxes boot with. */
export const defaultEphemeralStorageMib = 512;

/** Options of a `/tmp`: its size, and files in proportion, since each costs the kernel memory. */
export function tmpfsOptions(sizeMib: number): string {
  return `mode=1777,size=${sizeMib}m,nr_inodes=${sizeMib * 128}`;
}
