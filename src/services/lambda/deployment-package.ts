// Opens a deployment package: checks the zip as hostile input and unpacks it whole or not at all.
import { createWriteStream, linkSync, mkdirSync } from 'node:fs';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { hashOfEntry } from './code-signature.ts';
import { invalidParameter } from './errors.ts';
import { limits } from './limits.ts';

const badZip = () =>
  invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
const tooLarge = () => invalidParameter(`Unzipped size must be smaller than ${limits.unzippedBytes} bytes`);

const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;
const directoryType = 0o040000;
const regularFile = 0o100000;
const maxLinkBytes = 4096;

interface PackageEntry {
  /** Relative, with forward slashes, without a trailing one. */
  path: string;
  kind: 'file' | 'folder' | 'link';
  /** Permission bits. */
  mode: number;
  entry: Entry;
}

/** A package that lies unpacked already. */
export interface UnpackedPackage {
  zip: Buffer;
  folder: string;
}

/** Of smaller packages every file is written: that takes no longer than looking for what stayed. */
const fewEntries = 50;
/** Calls between which others have their turn: less than a millisecond. */
const stepSize = 50;

/**
 * Unpacks `zip` into `folder`, which must not exist and does not after a failure. Resolves to the unpacked size in bytes.
 * Rejects with InvalidParameterValueException for a zip that is broken, encrypted, too large, or reaches outside itself.
 * Files that are the same, byte for byte, in the package `before` become hard links to its own.
 */
export async function unpackDeploymentPackage(
  zip: Buffer,
  folder: string,
  before?: () => Promise<UnpackedPackage | undefined>,
): Promise<number> {
  const file = await openZip(zip);
  const entries = await readEntries(file);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const linked =
      entries.length < fewEntries ? undefined : await linkUnchanged(zip, entries, folder, await before?.());
    const rest = linked === undefined ? entries : entries.filter((entry) => !linked.entries.has(entry));
    return await writeEntries(file, rest, folder, limits.unzippedBytes - (linked?.bytes ?? 0));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw isOurs(error) ? error : isHostFault(error) ? error : badZip();
  } finally {
    file.close();
  }
}

/**
 * Hashes of all that a package unpacks to, but for the entry at `signaturePath`, whose content is handed over; undefined
 * when it is not there. Rejects as `unpackDeploymentPackage` does.
 */
export async function hashDeploymentPackage(
  zip: Buffer,
  signaturePath: string,
): Promise<{ hashes: Map<string, string>; signature: Buffer | undefined }> {
  const file = await openZip(zip);
  try {
    const hashes = new Map<string, string>();
    let signature: Buffer | undefined;
    const budget = { left: limits.unzippedBytes };
    for (const { path, kind, entry } of await readEntries(file)) {
      if (kind === 'folder') continue;
      const content = await readAll(file, entry, budget);
      if (path === signaturePath) signature = content;
      else hashes.set(path, hashOfEntry(kind, content));
    }
    return { hashes, signature };
  } catch (error) {
    throw isOurs(error) ? error : badZip();
  } finally {
    file.close();
  }
}

function openZip(zip: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
    yauzl.fromBuffer(zip, options, (error, file) => {
      if (error) reject(badZip());
      else resolve(file!);
    });
  });
}

/** Reads the whole directory before anything is written, so that a bad entry at the end writes nothing. */
function readEntries(file: ZipFile): Promise<PackageEntry[]> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, PackageEntry>();
    let announced = 0;
    file.on('error', () => reject(badZip()));
    file.on('end', () => (foldersHold(entries) ? resolve([...entries.values()]) : reject(badZip())));
    file.on('entry', (entry: Entry) => {
      const next = describe(entry);
      announced += entry.uncompressedSize;
      if (announced > limits.unzippedBytes) return reject(tooLarge());
      if (next === undefined || entries.size >= limits.packageEntries) return reject(badZip());
      // Of two entries with one name the later wins, as with every unzip.
      entries.delete(next.path);
      entries.set(next.path, next);
      file.readEntry();
    });
    file.readEntry();
  });
}

/**
 * Whether all that is below something is below a folder: a file below a link, or below another file, would be written
 * somewhere else than it says. Also that the folders which follow from the names are not too many.
 */
function foldersHold(entries: ReadonlyMap<string, PackageEntry>): boolean {
  const folders = new Set<string>();
  for (const path of entries.keys()) {
    for (let parent = dirname(path); parent !== '.' && !folders.has(parent); parent = dirname(parent)) {
      if ((entries.get(parent)?.kind ?? 'folder') !== 'folder') return false;
      folders.add(parent);
      if (entries.size + folders.size > limits.packageEntries) return false;
    }
  }
  return true;
}

/** undefined for what has no place in a package: encrypted entries, devices, sockets, empty names. */
function describe(entry: Entry): PackageEntry | undefined {
  if (entry.isEncrypted()) return undefined;
  const isFolder = entry.fileName.endsWith('/');
  const parts = entry.fileName.split('/').filter((part) => part !== '' && part !== '.');
  const path = parts.join('/');
  if (path === '' && !isFolder) return undefined;
  if (path.includes('\0') || parts.length > limits.packageDepth) return undefined;
  if (parts.some((part) => part === '..' || Buffer.byteLength(part) > 255)) return undefined;
  const madeByUnix = entry.versionMadeBy >> 8 === 3;
  const attributes = madeByUnix ? entry.externalFileAttributes >>> 16 : 0;
  const type = attributes & fileTypeMask;
  if (![0, symbolicLink, directoryType, regularFile].includes(type)) return undefined;
  const permissions = attributes & 0o777;
  if (isFolder || type === directoryType) return { path, kind: 'folder', mode: 0o755, entry };
  if (type === symbolicLink) {
    return entry.uncompressedSize > maxLinkBytes ? undefined : { path, kind: 'link', mode: 0o777, entry };
  }
  // Packers that know no rights, or only the owner's, are many; the function is not the owner.
  const executable = (permissions & 0o111) === 0 ? 0 : 0o111;
  return { path, kind: 'file', mode: 0o644 | executable, entry };
}

/** The files of `entries` that could be linked, and their size; undefined where there is nothing to link to. */
async function linkUnchanged(
  zip: Buffer,
  entries: PackageEntry[],
  folder: string,
  before: UnpackedPackage | undefined,
): Promise<{ entries: Set<PackageEntry>; bytes: number } | undefined> {
  if (before === undefined) return undefined;
  const file = await openZip(before.zip);
  const known = new Map((await readEntries(file)).map((entry) => [entry.path, entry]));
  file.close();
  const unchanged = entries.filter((entry) => {
    const old = known.get(entry.path);
    if (entry.kind !== 'file' || old?.kind !== 'file' || old.mode !== entry.mode) return false;
    return storedAlike(zip, entry.entry, before.zip, old.entry);
  });
  await makeFolders(
    unchanged.map(({ path }) => dirname(path)),
    folder,
  );
  const linked = new Set<PackageEntry>();
  let bytes = 0;
  await inSteps(unchanged, (entry) => {
    try {
      linkSync(join(before.folder, entry.path), join(folder, entry.path));
    } catch {
      // It is gone, or has as many links as it may have: the file is then written as any other.
      return;
    }
    linked.add(entry);
    bytes += entry.entry.uncompressedSize;
  });
  return { entries: linked, bytes };
}

/** Whether two entries hold the same bytes, compressed in the same way. */
function storedAlike(zip: Buffer, entry: Entry, otherZip: Buffer, other: Entry): boolean {
  if (entry.crc32 !== other.crc32 || entry.uncompressedSize !== other.uncompressedSize) return false;
  if (entry.compressionMethod !== other.compressionMethod) return false;
  const stored = storedBytes(zip, entry);
  return stored.length === entry.compressedSize && stored.equals(storedBytes(otherZip, other));
}

/** What follows an entry's local header, whose length depends on two fields in it. */
function storedBytes(zip: Buffer, { relativeOffsetOfLocalHeader: at, compressedSize }: Entry): Buffer {
  if (at + 30 > zip.length) return Buffer.alloc(0);
  const start = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  return zip.subarray(start, start + compressedSize);
}

/** Makes folders below `root`, given relative to it. */
async function makeFolders(paths: string[], root: string): Promise<void> {
  const folders = new Set<string>();
  for (const path of new Set(paths)) {
    for (let at = path; at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  const parentsFirst = Array.from(folders).sort((a, b) => a.length - b.length);
  await inSteps(parentsFirst, (path) => mkdirSync(join(root, path), { mode: 0o755 }));
}

/** Many calls of some microseconds each: waiting for another thread to make them would take longer than they do. */
async function inSteps<T>(items: readonly T[], call: (item: T) => void): Promise<void> {
  for (let at = 0; at < items.length; at += stepSize) {
    for (const item of items.slice(at, at + stepSize)) call(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function writeEntries(
  file: ZipFile,
  entries: PackageEntry[],
  folder: string,
  unzippedBytes: number,
): Promise<number> {
  const made = new Set<string>([folder]);
  const makeFolder = async (path: string) => {
    if (made.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o755 });
    made.add(path);
  };
  const budget = { left: unzippedBytes };
  const links: { path: string; target: string }[] = [];
  for (const { path, kind, mode, entry } of entries) {
    const destination = join(folder, path);
    if (kind === 'folder') {
      await makeFolder(destination);
      continue;
    }
    await makeFolder(dirname(destination));
    if (kind === 'link') {
      links.push({ path: destination, target: (await readAll(file, entry, budget)).toString() });
      continue;
    }
    await pipeline(
      await openEntry(file, entry),
      checked(entry, budget),
      createWriteStream(destination, { flags: 'wx', mode: 0o600 }),
    );
    await chmod(destination, mode);
  }
  // Links come last, so that nothing is ever written through one. Where they lead is resolved inside the sandbox.
  for (const { path, target } of links) {
    if (target === '' || target.includes('\0')) throw badZip();
    await symlink(target, path);
  }
  return limits.unzippedBytes - budget.left;
}

function openEntry(file: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    file.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream!)));
  });
}

async function readAll(file: ZipFile, entry: Entry, budget: { left: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await pipeline(await openEntry(file, entry), checked(entry, budget), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

/** Counts what truly comes out, since what a zip says of its sizes is only what it says, and checks that it is undamaged. */
function checked(entry: Entry, budget: { left: number }): Transform {
  let checksum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      budget.left -= chunk.length;
      checksum = crc32(chunk, checksum);
      if (budget.left < 0) done(tooLarge());
      else done(null, chunk);
    },
    flush(done) {
      done(checksum === entry.crc32 ? null : badZip());
    },
  });
}

function isOurs(error: unknown): boolean {
  return (error as Error).name === 'AwsError';
}

/** No space, no rights: the machine's fault, not the zip's. */
function isHostFault(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE', 'EIO'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}
