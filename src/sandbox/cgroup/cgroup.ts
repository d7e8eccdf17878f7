// What a control group does for a sandbox, the same for both versions of the kernel's interface.
import type { Meter } from '../meter.ts';

/** Calls are synchronous: each is a write to, or read of, a kernel file. */
export interface Cgroup extends Meter {
  /** Files into which a process writes its id to enter. */
  readonly procsFiles: string[];
  create(): void;
  /** How often the kernel has killed in this group for want of memory. */
  oomKills(): number;
  /** Kills what still runs in it and takes it away; resolves when it is gone. */
  remove(): Promise<void>;
}

export interface CgroupHierarchy {
  readonly version: 'v1' | 'v2';
  /** Controllers that sandboxes are limited by. */
  readonly controllers: ReadonlySet<'memory' | 'cpu' | 'pids' | 'freezer'>;
  /** The group of one sandbox, which need not exist. */
  group(id: string): Cgroup;
  /** Removes the instance's own group unless other sandboxes are in it. */
  removeBase(): void;
  /** Removes all groups of this instance, killing what runs in them, and the instance's own. */
  removeAll(): Promise<void>;
}

/** Processes and threads that a sandbox may have at a time, as on AWS. */
export const maxProcesses = 1024;
