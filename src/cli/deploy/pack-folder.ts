// Packs folders into a deployment package: the same files always make the same bytes.
import ignore, { type Ignore } from 'ignore';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { writeZip, type ZipEntry, zipEntry } from './write-zip.ts';

export interface Package {
  zip: Buffer;
  files: number;
  /** Paths in the package, with forward slashes. */
  paths: string[];
  /** Those whose content was read because this packer had not seen it yet. */
  fresh: string[];
}

export interface PackOptions {
  /** Further lines for the ignore rules of every folder. */
  leaveOut?: string[];
  /** Files that are no files on disk; they win over those that are. */
  made?: { path: string; content: Buffer }[];
}

interface PackedFile {
  path: string;
  mode: number;
  /** Changes with the content; null where the content is at hand. */
  state: string | null;
  content: () => Buffer;
}

export const ignoreFile = '.lambentignore';
const neverPacked = ['.git', '.lambent', 'node_modules/.cache', '__pycache__', '*.zip', ignoreFile];
const linkMode = 0o120777;

/** Packs the same folders again and again: what has not changed since is neither read nor compressed another time. */
export class Packer {
  readonly #entries = new Map<string, { state: string; entry: ZipEntry }>();
  /** They remember what they have decided. */
  readonly #rules = new Map<string, Ignore>();

  /** Of two folders with the same path the later one's file is taken. Throws Failure when nothing is there. */
  pack(folders: string[], { leaveOut = [], made = [] }: PackOptions = {}): Package {
    const files = new Map<string, PackedFile>();
    for (const folder of folders) {
      const root = realpathSync(folder);
      for (const file of walk(root, root, '', this.#rulesOf(root, leaveOut), [root])) files.set(file.path, file);
    }
    for (const { path, content } of made) {
      files.set(path, { path, mode: 0o100644, state: null, content: () => content });
    }
    const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    if (sorted.length === 0) throw new Failure('NothingToPack', `There is nothing to deploy in ${folders.at(-1)}.`);
    const fresh: string[] = [];
    const entries = sorted.map((file) => this.#entry(file, fresh));
    for (const path of this.#entries.keys()) if (!files.has(path)) this.#entries.delete(path);
    return { zip: writeZip(entries), files: sorted.length, paths: sorted.map(({ path }) => path), fresh };
  }

  /** Reads these again when they are packed next. */
  forget(paths: readonly string[]): void {
    for (const path of paths) this.#entries.delete(path);
  }

  #rulesOf(root: string, leaveOut: string[]): Ignore {
    const lines = [...neverPacked, ...leaveOut, ...ownRules(root)].join('\n');
    const key = `${root}\n${lines}`;
    const rules = this.#rules.get(key) ?? ignore().add(lines);
    this.#rules.set(key, rules);
    return rules;
  }

  #entry({ path, mode, state, content }: PackedFile, fresh: string[]): ZipEntry {
    const known = this.#entries.get(path);
    if (known !== undefined && known.state === state && known.entry.mode === mode) return known.entry;
    fresh.push(path);
    const entry = zipEntry(path, mode, content());
    if (state === null) this.#entries.delete(path);
    else this.#entries.set(path, { state, entry });
    return entry;
  }
}

/** What of `root` is not packed, and therefore not watched either. */
export function ignoreRules(root: string): Ignore {
  return ignore().add([...neverPacked, ...ownRules(root)]);
}

function ownRules(root: string): string[] {
  const own = join(root, ignoreFile);
  return existsSync(own) ? readFileSync(own, 'utf8').split(/\r?\n/) : [];
}

/** `parents` are the real folders on the way here, so that links in a circle end. */
function walk(root: string, folder: string, prefix: string, rules: Ignore, parents: string[]): PackedFile[] {
  const files: PackedFile[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const file = join(folder, entry.name);
    const link = entry.isSymbolicLink();
    if (link && staysInside(root, folder, file)) {
      if (rules.ignores(path)) continue;
      files.push({ path, mode: linkMode, state: null, content: () => Buffer.from(readlinkSync(file)) });
      continue;
    }
    if (rules.ignores(entry.isDirectory() ? `${path}/` : path)) continue;
    // A link that leads out, as those of npm's workspaces do, would lead nowhere in a function: what it leads to is packed.
    const stat = entry.isDirectory() ? undefined : statSync(file, { throwIfNoEntry: false });
    if (stat === undefined && link) throw new Failure('BrokenLink', `${path} is a link that leads nowhere.`);
    if (entry.isDirectory() || stat?.isDirectory()) {
      const real = link ? realpathSync(file) : file;
      if (rules.ignores(`${path}/`) || parents.includes(real)) continue;
      files.push(...walk(root, file, path, rules, [...parents, real]));
    } else if (stat?.isFile()) {
      const executable = (stat.mode & 0o111) !== 0 || path === 'bootstrap';
      const mode = executable ? 0o100755 : 0o100644;
      files.push({ path, mode, state: stateOf(stat), content: () => readFileSync(file) });
    }
  }
  return files;
}

function stateOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

function staysInside(root: string, folder: string, link: string): boolean {
  const target = readlinkSync(link);
  if (target.startsWith('/')) return false;
  const inside = !relative(root, resolve(folder, target)).startsWith('..');
  // Below a folder that itself was reached by a link, relative targets mean something else.
  return inside && realpathSync(folder).startsWith(root);
}
