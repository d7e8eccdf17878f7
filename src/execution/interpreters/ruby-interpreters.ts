// Looks for Ruby 2.7 and newer: version managers' folders, PATH and /usr/bin.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './types.ts';

const run = promisify(execFile);

/** Those on PATH are started to learn their version. */
export async function findRubies(env: Record<string, string | undefined>): Promise<Found[]> {
  const found: Found[] = [];
  const add = (ruby: Found) => {
    if (!found.some(({ executable }) => executable === ruby.executable)) found.push(ruby);
  };
  for (const [folder, source] of managerFolders(env)) {
    for (const name of list(folder)) {
      const version = /^(?:ruby-)?(\d+)\.(\d+)\.(\d+)/.exec(name)?.slice(1).map(Number);
      const executable = path.join(folder, name, 'bin/ruby');
      if (version && isRecent(version) && existsSync(executable)) {
        add({ family: 'ruby', version, executable: realpathSync(executable), prefix: path.join(folder, name), source });
      }
    }
  }
  for (const folder of new Set([...(env.PATH?.split(':') ?? []), '/usr/bin', '/usr/local/bin'])) {
    const file = path.join(folder, 'ruby');
    if (!path.isAbsolute(folder) || path.basename(folder) === 'shims' || !existsSync(file)) continue;
    const executable = realpathSync(file);
    const version = await askRuby(executable);
    // One outside of /usr keeps its library relative to a folder that only its manager knows.
    const system = executable.startsWith('/usr/') || executable.startsWith('/bin/');
    if (version !== null && isRecent(version) && system) {
      add({ family: 'ruby', version, executable, prefix: null, source: 'PATH' });
    }
  }
  return found;
}

/** Whether it is linked to a shared libruby in its own prefix, which then has to be named to the loader. */
export function hasSharedRuby({ prefix }: Found): boolean {
  return prefix !== null && list(path.join(prefix, 'lib')).some((name) => name.startsWith('libruby.so'));
}

const isRecent = ([major, minor]: number[]) => major! > 2 || (major === 2 && minor! >= 7);

async function askRuby(executable: string): Promise<number[] | null> {
  try {
    const { stdout } = await run(executable, ['-e', 'print RUBY_VERSION'], { timeout: 5000, env: {} });
    return stdout.split('.').map(Number);
  } catch {
    return null;
  }
}

function managerFolders(env: Record<string, string | undefined>): [string, string][] {
  const folders: [string, string][] = [['/opt/rubies', 'ruby-install']];
  if (env.HOME) {
    const data = env.XDG_DATA_HOME ?? path.join(env.HOME, '.local/share');
    folders.push([path.join(env.RBENV_ROOT ?? path.join(env.HOME, '.rbenv'), 'versions'), 'rbenv']);
    folders.push([path.join(env.HOME, '.rubies'), 'ruby-install'], [path.join(env.HOME, '.rvm/rubies'), 'rvm']);
    folders.push([path.join(data, 'mise/installs/ruby'), 'mise'], [path.join(env.HOME, '.asdf/installs/ruby'), 'asdf']);
  }
  return folders;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
