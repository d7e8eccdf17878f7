// Looks for Java 8 and newer: JAVA_HOME, version managers' folders, /usr/lib/jvm, and the java of PATH.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Found } from './types.ts';

/** Reads each Java's `release` file and starts none. */
export function findJavas(env: Record<string, string | undefined>): Found[] {
  const found: Found[] = [];
  for (const [home, source] of candidates(env)) {
    const java = inspect(home, source);
    if (java !== null && !found.some(({ executable }) => executable === java.executable)) found.push(java);
  }
  return found;
}

function candidates(env: Record<string, string | undefined>): [string, string][] {
  const homes: [string, string][] = env.JAVA_HOME ? [[env.JAVA_HOME, 'JAVA_HOME']] : [];
  const folders: [string, string][] = [['/usr/lib/jvm', 'system']];
  if (env.HOME) {
    const data = env.XDG_DATA_HOME ?? path.join(env.HOME, '.local/share');
    folders.unshift([path.join(env.HOME, '.sdkman/candidates/java'), 'sdkman']);
    folders.unshift(
      [path.join(data, 'mise/installs/java'), 'mise'],
      [path.join(env.HOME, '.asdf/installs/java'), 'asdf'],
    );
    folders.unshift([path.join(env.HOME, '.jdks'), 'jdks']);
  }
  for (const [folder, source] of folders) {
    for (const name of list(folder)) homes.push([path.join(folder, name), source]);
  }
  for (const folder of env.PATH?.split(':') ?? []) {
    const file = path.join(folder, 'java');
    if (path.isAbsolute(folder) && existsSync(file))
      homes.push([path.dirname(path.dirname(realpathSync(file))), 'PATH']);
  }
  return homes;
}

function inspect(home: string, source: string): Found | null {
  const file = path.join(home, 'bin/java');
  // Java 8 keeps the runtime in a folder of its own, whose java finds all it needs there.
  if (!existsSync(file)) return null;
  const executable = realpathSync(file);
  const prefix = path.dirname(path.dirname(executable));
  const version = versionIn(prefix) ?? versionIn(path.dirname(prefix));
  if (version === null || version[0]! < 8) return null;
  return { family: 'java', version, executable, prefix: prefix.startsWith('/usr/') ? null : prefix, source };
}

/** e.g. `[17, 0, 15]`; what was called 1.8.0_402 is `[8, 0, 402]`. */
function versionIn(home: string): number[] | null {
  try {
    const text = /^JAVA_VERSION="([^"]+)"/m.exec(readFileSync(path.join(home, 'release'), 'utf8'))?.[1];
    const numbers = text?.split(/[._+-]/).map(Number) ?? [];
    const [major = 0, minor = 0, patch = 0] = numbers[0] === 1 ? [numbers[1], 0, numbers[3]] : numbers;
    return major > 0 ? [major, minor, patch] : null;
  } catch {
    return null;
  }
}

/** The compiler that comes with it; null for one that only runs programs. */
export function compilerOf({ executable }: Found): string | null {
  for (const folder of ['.', '../../bin']) {
    const file = path.join(path.dirname(executable), folder, 'javac');
    if (existsSync(file)) return file;
  }
  return null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
