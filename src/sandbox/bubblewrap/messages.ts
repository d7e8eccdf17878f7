// What the server and its sandbox parent say to each other over their IPC channel.
import type { ChannelName } from '../channels.ts';
import type { ExtraFolder } from '../driver.ts';
import type { NetworkPlan } from './network/plan.ts';

export interface SetupMessage {
  type: 'setup';
  /** Folder that the parent covers with a tmpfs of its own. */
  runDir: string;
  /** Names what of this driver is visible on the machine: cgroups, interfaces, nftables. */
  instance: string;
  /** Kernel uid of slot 0, slot n has the n-th after it; null without root, where all run as the server's user. */
  firstUid: number | null;
  network: NetworkPlan;
}

export interface BootMessage {
  type: 'boot';
  id: string;
  slot: number;
  /** Folders staged below the run folder, shown as `/var/runtime` and `/var/lang`. */
  runtimeDir: string;
  langDir: string | null;
  /** Folders staged below the run folder, by their name below `/var/lambent`. */
  extras: Partial<Record<ExtraFolder, string>>;
  command: string[];
  hasCompanion: boolean;
}

export interface KillMessage {
  type: 'kill';
  id: string;
}

/** Connect to a port of 127.0.0.1 inside; `connected` answers it. */
export interface ConnectMessage {
  type: 'connect';
  id: string;
  port: number;
  /** Unique among those that are not answered. */
  call: number;
}

/** Open a port of 127.0.0.1 inside; two `opened` answer it, or one with a reason why not. */
export interface OpenMessage {
  type: 'open';
  id: string;
  port: number;
  /** Unique among those that are not answered. */
  call: number;
}

export type ToParent = SetupMessage | BootMessage | KillMessage | ConnectMessage | OpenMessage;

export type FromParent =
  /** The parent is set up; comes with the mounter's socket. */
  | { type: 'ready' }
  | { type: 'failed'; reason: string }
  | { type: 'started'; id: string; pid: number }
  /** Comes with a socket or a listening server. */
  | { type: 'channel'; id: string; name: ChannelName; port?: number }
  /** Comes with a socket, unless there is a reason why not. */
  | { type: 'connected'; id: string; call: number; reason?: string }
  /** Comes with a socket for datagrams or a listening server, unless there is a reason why not. */
  | { type: 'opened'; id: string; call: number; reason?: string }
  /** The processes are gone, and so is the cgroup. */
  | { type: 'exited'; id: string; code: number | null; signal: NodeJS.Signals | null; oomKilled: boolean }
  /** What was made for it outside is gone as well; the last message about it. */
  | { type: 'cleared'; id: string };
