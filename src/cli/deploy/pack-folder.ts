// Packs folders into a deployment package: the same files always make the same bytes.
import ignore, { type Ignore } from 'ignore';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';
import { Failure } from '../failure.ts';

export interface Package {
  zip: Buffer;
  files: number;
  /** Paths in the package, with forward slashes. */
  paths: string[];
}

interface PackedFile {
  path: string;
  mode: number;
  content: () => Buffer;
}

export const ignoreFile = '.lambentignore';
const neverPacked = ['.git', '.lambent', 'node_modules/.cache', '__pycache__', '*.zip', ignoreFile];
/** The earliest time that a zip can hold: when a file was touched is no part of what a function is. */
const zipEpoch = new Date(1980, 0, 1);
const linkMode = 0o120777;

/** Of two folders with the same path the later one's file is taken. */
export async function packFolders(folders: string[]): Promise<Package> {
  const files = new Map<string, PackedFile>();
  for (const folder of folders) {
    for (const file of listFiles(realpathSync(folder))) files.set(file.path, file);
  }
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length === 0) throw new Failure('NothingToPack', `There is nothing to deploy in ${folders.at(-1)}.`);
  const zip = new yazl.ZipFile();
  for (const { path, mode, content } of sorted) {
    zip.addBuffer(content(), path, { mtime: zipEpoch, mode, forceDosTimestamp: true });
  }
  zip.end();
  return { zip: await buffer(zip.outputStream), files: sorted.length, paths: sorted.map(({ path }) => path) };
}

function listFiles(root: string): PackedFile[] {
  const rules = ignore().add(neverPacked);
  const own = join(root, ignoreFile);
  if (existsSync(own)) rules.add(readFileSync(own, 'utf8'));
  return walk(root, root, '', rules, [root]);
}

/** `parents` are the real folders on the way here, so that links in a circle end. */
function walk(root: string, folder: string, prefix: string, rules: Ignore, parents: string[]): PackedFile[] {
  return readdirSync(folder).flatMap((name): PackedFile[] => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const file = join(folder, name);
    const link = lstatSync(file).isSymbolicLink();
    if (link && staysInside(root, folder, file)) {
      return rules.ignores(path) ? [] : [{ path, mode: linkMode, content: () => Buffer.from(readlinkSync(file)) }];
    }
    // A link that leads out, as those of npm's workspaces do, would lead nowhere in a function: what it leads to is packed.
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw new Failure('BrokenLink', `${path} is a link that leads nowhere.`);
    if (stat.isDirectory()) {
      const real = realpathSync(file);
      if (rules.ignores(`${path}/`) || parents.includes(real)) return [];
      return walk(root, file, path, rules, [...parents, real]);
    }
    if (!stat.isFile() || rules.ignores(path)) return [];
    const executable = (stat.mode & 0o111) !== 0 || path === 'bootstrap';
    return [{ path, mode: executable ? 0o100755 : 0o100644, content: () => readFileSync(file) }];
  });
}

function staysInside(root: string, folder: string, link: string): boolean {
  const target = readlinkSync(link);
  if (target.startsWith('/')) return false;
  const inside = !relative(root, resolve(folder, target)).startsWith('..');
  // Below a folder that itself was reached by a link, relative targets mean something else.
  return inside && realpathSync(folder).startsWith(root);
}
