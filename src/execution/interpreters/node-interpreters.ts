// Looks for Node.js: the packages that Lambent brings or has fetched, version managers' folders, and PATH.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { askVersion } from './ask-version.ts';
import type { Found } from './types.ts';

export interface NodeSearch {
  /** Folder that holds `node_modules` of Lambent itself. */
  packageDir: string;
  dataDir: string;
  env: Record<string, string | undefined>;
}

/** npm package of a Node for this machine; `process.arch` in npm's own words. */
export const nodePackage = `node-linux-${process.arch}`;

/** Folder into which the Node of `runtime` is fetched. */
export const fetchedDir = (dataDir: string, runtime: string) => path.join(dataDir, 'runtimes', runtime);

/** All that lie in folders of their own; reads directories and package.json files, and starts nothing. */
export function findNodes({ packageDir, dataDir, env }: NodeSearch): Found[] {
  const found = nodesOfPackage(path.join(packageDir, 'node_modules', nodePackage), 'bundled');
  for (const runtime of list(path.join(dataDir, 'runtimes'))) {
    if (!/^nodejs\d+\.x$/.test(runtime)) continue;
    found.push(...nodesOfPackage(path.join(fetchedDir(dataDir, runtime), 'node_modules', nodePackage), 'fetched'));
  }
  for (const [folder, source] of managerFolders(env)) {
    for (const name of list(folder)) {
      const version = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(name)?.slice(1).map(Number);
      const prefix = path.join(folder, name, source === 'fnm' ? 'installation' : '');
      const executable = path.join(prefix, 'bin', 'node');
      if (version && existsSync(executable)) found.push({ family: 'nodejs', version, executable, prefix, source });
    }
  }
  return found;
}

function managerFolders({ HOME, NVM_DIR, XDG_DATA_HOME }: NodeSearch['env']): [string, string][] {
  if (!HOME) return [];
  const data = XDG_DATA_HOME ?? path.join(HOME, '.local/share');
  return [
    [path.join(NVM_DIR ?? path.join(HOME, '.nvm'), 'versions/node'), 'nvm'],
    [path.join(data, 'fnm/node-versions'), 'fnm'],
    [path.join(data, 'mise/installs/node'), 'mise'],
  ];
}

export function nodesOfPackage(folder: string, source: string): Found[] {
  try {
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const prefix = realpathSync(folder);
    const executable = path.join(prefix, 'bin', 'node');
    return [{ family: 'nodejs', version: version.split('.').map(Number), executable, prefix, source }];
  } catch {
    return [];
  }
}

/** The `node` of PATH, if it is a real one; its version has to be asked, which takes some 10 ms. */
export async function findNodeOfPath(env: NodeSearch['env']): Promise<Found[]> {
  for (const folder of env.PATH?.split(':') ?? []) {
    const file = path.join(folder, 'node');
    if (!path.isAbsolute(folder) || path.basename(folder) === 'shims' || !existsSync(file)) continue;
    const executable = realpathSync(file);
    const version = await askVersion(executable);
    if (version === null) continue;
    const system = executable.startsWith('/usr/') || executable.startsWith('/bin/');
    const prefix = system ? null : path.dirname(path.dirname(executable));
    // A prefix is shown to functions as a whole: never someone's home or the root of the disk.
    if (prefix !== null && !existsSync(path.join(prefix, 'include/node'))) continue;
    return [{ family: 'nodejs', version, executable, prefix, source: 'PATH' }];
  }
  return [];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
