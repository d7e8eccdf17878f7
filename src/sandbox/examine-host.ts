// What of this machine matters to sandboxes: facts for `lambent doctor`.
import { execFileSync } from 'node:child_process';
import { release } from 'node:os';
import { mounterCommand } from './bubblewrap/start-mounter.ts';
import { natObstacles } from './bubblewrap/network/choose.ts';
import { detectCgroups } from './cgroup/detect.ts';
import { findProgram, programEnvironment } from './find-program.ts';
import { bubblewrapObstacle } from './isolation.ts';

export interface HostFacts {
  platform: string;
  /** e.g. `6.1.0-18-amd64`. */
  kernel: string;
  root: boolean;
  /** e.g. `0.8.0`; null when it is not installed. */
  bubblewrapVersion: string | null;
  /** What keeps bubblewrap from isolating functions, with its remedy; null when it works. */
  bubblewrapObstacle: string | null;
  /** Control groups that Lambent can make; null when there are none. */
  cgroups: { version: 'v1' | 'v2'; controllers: string[] } | null;
  /** What mounts code into sandboxes: `perl` takes 0.1 ms, `mount` some 3 ms. */
  mounter: 'perl' | 'mount';
  programs: { name: string; path: string | null; use: string }[];
  /** Network modes that can be had. */
  networks: ('none' | 'nat' | 'host')[];
  /** What stands against either way of network `nat`. */
  natObstacles: { veth: string | null; pasta: string | null };
}

const programUses = {
  bwrap: 'isolates functions',
  unshare: 'keeps the mounts of sandboxes from the rest of the machine',
  setpriv: 'runs sandboxes without root',
  perl: 'mounts code in 0.1 ms',
  ip: 'connects sandboxes to the network',
  nft: 'routes the network of sandboxes',
  pasta: 'connects sandboxes to the network without root',
};

/** Tries things out, which takes some 50 ms and leaves nothing behind. */
export function examineHost(): HostFacts {
  const linux = process.platform === 'linux';
  const obstacle = bubblewrapObstacle();
  const cgroups = linux ? detectCgroups('doctor') : null;
  const nat = linux ? natObstacles() : { veth: 'it needs Linux', pasta: 'it needs Linux' };
  const isolated = obstacle === null;
  return {
    platform: process.platform,
    kernel: release(),
    root: process.getuid?.() === 0,
    bubblewrapVersion: bubblewrapVersion(),
    bubblewrapObstacle: obstacle,
    cgroups: cgroups && { version: cgroups.version, controllers: [...cgroups.controllers] },
    mounter: mounterCommand()[0] === 'sh' ? 'mount' : 'perl',
    programs: Object.entries(programUses).map(([name, use]) => ({ name, path: findProgram(name), use })),
    networks: [
      ...(isolated ? (['none'] as const) : []),
      ...(isolated && (nat.veth === null || nat.pasta === null) ? (['nat'] as const) : []),
      'host',
    ],
    natObstacles: nat,
  };
}

function bubblewrapVersion(): string | null {
  if (!findProgram('bwrap')) return null;
  try {
    return execFileSync('bwrap', ['--version'], { env: programEnvironment, encoding: 'utf8' })
      .replace(/^\D+/, '')
      .trim();
  } catch {
    return null;
  }
}
