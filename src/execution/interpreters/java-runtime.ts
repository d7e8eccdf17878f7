// Assembles Lambent's Java runtime in the data folder, once per Java: libraries, our classes, and an archive of both.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { compilerOf } from './java-interpreters.ts';
import { javaLibraries, type ReadMaven, readLibrary } from './java-libraries.ts';
import type { Found } from './types.ts';

const run = promisify(execFile);
const timeoutMs = 120_000;
/** The archive of loaded classes that the JVM maps instead of loading them anew. */
const archive = 'classes.jsa';
const ownJar = 'lambent.jar';
/** Since 13 a JVM can archive what a program has loaded at its end; earlier ones do without. */
const oldestWithArchive = 13;

/** Options that our classes need, and that AWS's runtime has as well: they reach for descriptors and the environment. */
const options = (major: number) => [
  ...(major >= 9 ? ['java.io', 'java.util'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`) : []),
  ...(major >= 22 ? ['--enable-native-access=ALL-UNNAMED'] : []),
];

/** As AWS starts it; the size of the heap comes with the function. */
const collector = '-XX:+UseSerialGC';

const classPath = (folder: string) => [
  `${folder}/${ownJar}`,
  ...javaLibraries.map((library) => `${folder}/lib/${path.basename(library.path)}`),
];

/** The JVM's arguments, from the options to the main class. `folder` is where it sees what was assembled. */
export function javaArguments(folder: string, major: number, archived: boolean): string[] {
  const shared = archived
    ? [`-XX:SharedArchiveFile=${folder}/${archive}`, '-Xshare:auto', '-Xlog:cds=off,cds+dynamic=off']
    : [];
  return [collector, ...shared, ...options(major), '-cp', classPath(folder).join(':'), 'lambent.Bootstrap'];
}

/**
 * A folder with everything, below `dataDir`; assembled first where there is none. Another process sees either nothing or
 * all of it. `compilers` are Javas of this machine, any of which may compile. Rejects with what a person can act upon.
 */
export async function assembleJavaRuntime(
  java: Found,
  compilers: readonly Found[],
  { dataDir, sources, env, read }: AssembleOptions,
): Promise<string> {
  const target = path.join(dataDir, 'runtimes', `java-${java.version.join('.')}-${fingerprint(sources, java)}`);
  if (existsSync(target)) return target;
  await mkdir(path.dirname(target), { recursive: true });
  const folder = await mkdtemp(path.join(path.dirname(target), '.java-'));
  try {
    await mkdir(path.join(folder, 'lib'));
    for (const library of javaLibraries) {
      const file = path.join(folder, 'lib', path.basename(library.path));
      await writeFile(file, await readLibrary(library, env, read));
    }
    await compile(folder, sources, compilers);
    await chmod(folder, 0o755);
    if (java.version[0]! >= oldestWithArchive) await makeArchive(folder, java);
    await rename(folder, target).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; what it put there is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

export interface AssembleOptions {
  dataDir: string;
  /** Folder of our own classes' sources: `src/`, and `warm/` with functions for the rehearsal. */
  sources: string;
  env: Record<string, string | undefined>;
  read: ReadMaven;
}

/** Whether an archive lies in `folder`, which was assembled. */
export const hasArchive = (folder: string) => existsSync(path.join(folder, archive));

function fingerprint(sources: string, java: Found): string {
  const hash = createHash('sha256').update(`${java.executable}\n`);
  for (const { sha256 } of javaLibraries) hash.update(sha256);
  for (const file of javaFiles(sources).sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function compile(folder: string, sources: string, compilers: readonly Found[]): Promise<void> {
  const compiler = compilers.map(compilerOf).find((file) => file !== null);
  if (compiler === undefined) throw new Error('there is no Java compiler (javac) on this machine: install a JDK');
  const javac = async (from: string, to: string) => {
    await mkdir(to, { recursive: true });
    const target = ['--release', '8', '-Xlint:-options', '-cp', path.join(folder, 'lib/*')];
    const files = javaFiles(path.join(sources, from));
    await run(compiler, [...target, '-d', to, ...files], { timeout: timeoutMs, env: {} });
  };
  const jar = async (file: string, classes: string, which: string) => {
    const program = path.join(path.dirname(compiler), 'jar');
    await run(program, ['cf', file, '-C', classes, which], { timeout: timeoutMs, env: {} });
    await rm(path.join(classes, which), { recursive: true });
  };
  const classes = path.join(folder, 'classes');
  await javac('src', classes);
  // Folders on the class path cannot be archived from.
  await jar(path.join(folder, ownJar), classes, '.');
  // Functions for the rehearsal come as those of customers do: as class files, and in jars.
  const warm = path.join(folder, 'warm');
  await javac('warm', warm);
  await mkdir(path.join(warm, 'lib'));
  await jar(path.join(warm, 'lib/warm.jar'), warm, 'warm/WarmHandler.class');
}

/** All below `folder`, as paths. */
function javaFiles(folder: string): string[] {
  const names = readdirSync(folder, { encoding: 'utf8', recursive: true });
  return names.filter((name) => name.endsWith('.java')).map((name) => path.join(folder, name));
}

/**
 * Archives are good only for the paths that they were made with, so it is made in a view of this machine where the
 * folder is /var/runtime, as in a sandbox. Where that cannot be had, functions start without: a little later.
 */
async function makeArchive(folder: string, java: Found): Promise<void> {
  const prefix = java.prefix ?? '/usr';
  const inside = java.prefix === null ? java.executable : `/var/lang/${path.relative(prefix, java.executable)}`;
  const view = [
    ...['--ro-bind', '/usr', '/usr', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/var'],
    ...['bin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--ro-bind-try', '/etc', '/etc', '--bind', folder, '/var/runtime'],
    ...(java.prefix === null ? [] : ['--ro-bind', java.prefix, '/var/lang']),
    ...['--unshare-all', '--die-with-parent', '--dir', '/var/task', '--chdir', '/'],
  ];
  const program = [
    inside,
    `-XX:ArchiveClassesAtExit=/var/runtime/${archive}`,
    ...javaArguments('/var/runtime', java.version[0]!, false),
    'rehearse',
  ];
  const child = run('bwrap', [...view, '--', ...program], {
    timeout: timeoutMs,
    env: { LANG: 'en_US.UTF-8', PATH: '/usr/bin:/bin' },
  });
  await child.catch(() => rm(path.join(folder, archive), { force: true }));
}
