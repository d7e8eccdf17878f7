// What a server has on the machine beside its data folder: processes, mounts, control groups, interfaces, folders.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the server that has this data folder names what it makes. */
export function instanceOf(dataDir: string): string {
  return createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12);
}

export interface Holdings {
  /** Processes that see the instance's run folder: the sandbox parent, sandboxes, what runs in them. */
  processes: string[];
  mounts: string[];
  cgroups: string[];
  interfaces: string[];
  firewallTables: string[];
  folders: string[];
}

/** Everything on this machine that belongs to `instance`. */
export function holdingsOf(instance: string): Holdings {
  const mark = `lambent-${instance}`;
  return {
    processes: processesWith(`${mark}-`),
    mounts: lines(read('/proc/self/mountinfo')).filter((line) => line.includes(mark)),
    cgroups: globSync(`/sys/fs/cgroup/{,*/,*/*/}${mark}`).flatMap((group) => [group, ...globSync(`${group}/*/`)]),
    interfaces: interfacesOf(instance),
    firewallTables: lines(output('nft', 'list', 'tables')).filter((line) => line.includes(`lambent_${instance}`)),
    folders: readdirSync(tmpdir())
      .filter((name) => name.startsWith(mark))
      .map((name) => join(tmpdir(), name)),
  };
}

/** Waits until nothing of `instance` is left; resolves to what is left all the same. */
export async function leftoversOf(instance: string, limitMs = 10_000): Promise<string[]> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const left = Object.entries(holdingsOf(instance)).flatMap(([kind, items]) =>
      (items as string[]).map((item) => `${kind}: ${item}`),
    );
    if (left.length === 0 || Date.now() > giveUpAt) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/mountinfo`).includes(mark) || read(`/proc/${pid}/cmdline`).includes(mark))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`);
}

function interfacesOf(instance: string): string[] {
  const digits = createHash('sha256').update(instance).digest('hex').slice(0, 4);
  if (!existsSync('/sys/class/net')) return [];
  return readdirSync('/sys/class/net').filter((name) => name.startsWith(`lbnt${digits}-`));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function output(command: string, ...args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
