// Looks for Python 3.8 and newer: version managers' folders, and python3.X files on PATH and in /usr.
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Found } from './types.ts';

const oldestMinor = 8;

/** Reads directories and starts nothing. Those of /usr come without their third version number. */
export function findPythons(env: Record<string, string | undefined>): Found[] {
  const found: Found[] = [];
  const add = (candidate: Found | null) => {
    if (candidate !== null && !found.some(({ executable }) => executable === candidate.executable)) {
      found.push(candidate);
    }
  };
  for (const [folder, source] of managerFolders(env)) {
    for (const name of list(folder)) {
      const version = /(?:^|-)(3\.\d+\.\d+)(?:$|-)/.exec(name)?.[1]?.split('.').map(Number);
      if (version) add(inspect(path.join(folder, name, 'bin', `python3.${version[1]}`), source, version));
    }
  }
  for (const folder of new Set([...(env.PATH?.split(':') ?? []), '/usr/bin', '/usr/local/bin'])) {
    if (!path.isAbsolute(folder)) continue;
    for (const name of list(folder)) {
      const minor = /^python3\.(\d+)$/.exec(name)?.[1];
      if (minor) add(inspect(path.join(folder, name), 'PATH', [3, Number(minor)]));
    }
  }
  return found;
}

function managerFolders(env: Record<string, string | undefined>): [string, string][] {
  const folders: [string, string][] = [];
  if (env.PYENV_ROOT) folders.push([path.join(env.PYENV_ROOT, 'versions'), 'pyenv']);
  if (env.UV_PYTHON_INSTALL_DIR) folders.push([env.UV_PYTHON_INSTALL_DIR, 'uv']);
  if (env.HOME) {
    const data = env.XDG_DATA_HOME ?? path.join(env.HOME, '.local/share');
    folders.push([path.join(env.HOME, '.pyenv/versions'), 'pyenv'], [path.join(data, 'uv/python'), 'uv']);
    folders.push([path.join(data, 'mise/installs/python'), 'mise']);
    folders.push([path.join(env.HOME, '.asdf/installs/python'), 'asdf']);
  }
  return folders;
}

/** What `file` is; null for scripts such as pyenv's shims, for broken links, and for what cannot be shown elsewhere. */
function inspect(file: string, source: string, version: number[]): Found | null {
  if (version[1]! < oldestMinor || !existsSync(file)) return null;
  const executable = realpathSync(file);
  if (!isElf(executable)) return null;
  if (executable.startsWith('/usr/') || executable.startsWith('/bin/')) {
    return { family: 'python', version, executable, prefix: null, source };
  }
  const prefix = path.dirname(path.dirname(executable));
  // Python finds its library relative to its executable; one that keeps it elsewhere would not run under /var/lang.
  if (!existsSync(path.join(prefix, 'lib', `python3.${version[1]}`, 'os.py'))) return null;
  return { family: 'python', version, executable, prefix, source };
}

function isElf(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const magic = Buffer.alloc(4);
    readSync(descriptor, magic, 0, 4, 0);
    return magic.toString('latin1') === '\x7fELF';
  } finally {
    closeSync(descriptor);
  }
}

/** Whether it is linked to a shared libpython in its own prefix, which then has to be named to the loader. */
export function hasSharedLibrary({ prefix, version }: Found): boolean {
  return prefix !== null && existsSync(path.join(prefix, 'lib', `libpython3.${version[1]}.so.1.0`));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
