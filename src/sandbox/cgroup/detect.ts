// Finds out which control groups this machine lets us make.
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupHierarchy } from './cgroup.ts';
import { readText, tryWrite } from './files.ts';
import { CgroupHierarchyV1, v1Controllers } from './v1.ts';
import { CgroupHierarchyV2 } from './v2.ts';

interface CgroupMount {
  version: 'v1' | 'v2';
  mountPoint: string;
  /** Which part of the hierarchy is mounted, `/` for all of it. */
  root: string;
  controllers: string[];
}

/** The cgroup file systems of `/proc/self/mountinfo`. */
export function parseCgroupMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line): CgroupMount[] => {
    const [before, after] = line.split(' - ');
    if (before === undefined || after === undefined) return [];
    const [type, , options] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const words = before.split(' ');
    const version = type === 'cgroup' ? 'v1' : 'v2';
    return [{ version, mountPoint: words[4]!, root: words[3]!, controllers: options?.split(',') ?? [] }];
  });
}

/**
 * The hierarchy in which sandboxes of this instance are limited, or null where none can be written. Version 1 is taken
 * where it holds the memory controller. At the root of what is mounted where we may write there, since the process's own
 * group may come and go with a session; else, in version 2, inside the own, delegated group.
 */
export function detectCgroups(instance: string): CgroupHierarchy | null {
  const mounts = parseCgroupMounts(readText('/proc/self/mountinfo') ?? '');
  const v1Roots = new Map(
    v1Controllers.flatMap((controller) => {
      const mount = mounts.find(({ version, controllers }) => version === 'v1' && controllers.includes(controller));
      return mount && isWritable(mount.mountPoint, instance) ? [[controller, mount.mountPoint]] : [];
    }),
  );
  // Without the freezer processes are stopped by signals, which knows no control groups.
  if (v1Roots.has('memory') && v1Roots.has('freezer')) return new CgroupHierarchyV1(v1Roots, instance);
  const v2 = mounts.find(({ version }) => version === 'v2');
  return v2 ? detectV2(v2, instance) : null;
}

function isWritable(folder: string, instance: string): boolean {
  const probe = join(folder, `lambent-probe-${instance}-${process.pid}`);
  try {
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

function detectV2({ mountPoint, root }: CgroupMount, instance: string): CgroupHierarchy | null {
  const own = /^0::(.*)$/m.exec(readText('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const ownFolder = join(mountPoint, own.startsWith(root) ? own.slice(root.length) : own);
  for (const folder of new Set([mountPoint, ownFolder])) {
    if (!isWritable(folder, instance)) continue;
    if (!enableControllers(folder, folder === ownFolder && own !== '/')) continue;
    const base = join(folder, `lambent-${instance}`);
    mkdirSync(base, { recursive: true });
    if (enableControllers(base, false)) return new CgroupHierarchyV2(base);
  }
  return null;
}

/**
 * Lets the children of `folder` be limited. A group with processes of its own may not do so (the rule of "no internal
 * processes"), so when it is ours, those move to a child first.
 */
function enableControllers(folder: string, isOwn: boolean): boolean {
  const control = `${folder}/cgroup.subtree_control`;
  const available = (readText(`${folder}/cgroup.controllers`) ?? '').split(/\s+/);
  const wanted = ['memory', 'cpu', 'pids'].filter((name) => available.includes(name));
  if (!wanted.includes('memory')) return false;
  const enabled = (readText(control) ?? '').split(/\s+/);
  const missing = wanted.filter((name) => !enabled.includes(name));
  if (missing.length === 0) return true;
  const value = missing.map((name) => `+${name}`).join(' ');
  if (tryWrite(control, value)) return true;
  if (!isOwn) return false;
  mkdirSync(`${folder}/lambent-server`, { recursive: true });
  for (const pid of (readText(`${folder}/cgroup.procs`) ?? '').split('\n').filter(Boolean)) {
    tryWrite(`${folder}/lambent-server/cgroup.procs`, pid);
  }
  return tryWrite(control, value);
}
