// Deployment packages: kept as blobs, and unpacked once into a folder that all environments of that code share.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '../../storage/index.ts';
import { unpackDeploymentPackage } from './deployment-package.ts';
import type { CodeRecord } from './function-record.ts';

export class CodeFolders {
  readonly #folder: string;
  readonly #blobs: Blobs;
  /** Hashes whose folder is known to be there. */
  readonly #unpacked = new Set<string>();
  /** The last thing asked for each hash; the next waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /** `folder` holds the unpacked code; it may be deleted whole, since it follows from the blobs. */
  constructor(folder: string, blobs: Blobs) {
    this.#folder = folder;
    this.#blobs = blobs;
  }

  /** Host folder of unpacked code, whether or not it is there. */
  pathOf(sha256: string): string {
    return join(this.#folder, sha256);
  }

  /** Keeps a package and unpacks it. Rejects as `unpackDeploymentPackage` does, with nothing kept. */
  async add(zip: Buffer): Promise<CodeRecord> {
    const sha256 = createHash('sha256').update(zip).digest('hex');
    return this.#inTurn(sha256, async () => {
      const unzippedBytes = await this.#unpack(sha256, zip);
      await this.#blobs.put(zip);
      return { sha256, zippedBytes: zip.length, unzippedBytes };
    });
  }

  isUnpacked(sha256: string): boolean {
    return this.#unpacked.has(sha256);
  }

  /** Makes sure that the code is unpacked, e.g. after the folder was deleted. Rejects when its package is lost. */
  async ensure(sha256: string): Promise<void> {
    await this.#inTurn(sha256, async () => {
      if (await exists(this.pathOf(sha256))) {
        this.#unpacked.add(sha256);
        return;
      }
      const zip = await this.#blobs.get(sha256);
      if (zip === undefined) throw new Error(`the package ${sha256} is missing from the data folder`);
      await this.#unpack(sha256, zip);
    });
  }

  package(sha256: string): Promise<Buffer | undefined> {
    return this.#blobs.get(sha256);
  }

  /** Deletes code that `isUsed` denies when its turn comes. */
  async discard(sha256: string, isUsed: () => Promise<boolean>): Promise<void> {
    await this.#inTurn(sha256, async () => {
      if (await isUsed()) return;
      this.#unpacked.delete(sha256);
      await this.#blobs.delete(sha256);
      await rm(this.pathOf(sha256), { recursive: true, force: true });
    });
  }

  /** Deletes folders that a crash left behind, or whose code no version has any more. */
  async sweep(inUse: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    for (const name of await readdir(this.#folder)) {
      if (!inUse.has(name)) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  async #unpack(sha256: string, zip: Buffer): Promise<number> {
    const temporary = join(this.#folder, `incoming-${randomUUID()}`);
    const unzippedBytes = await unpackDeploymentPackage(zip, temporary);
    try {
      await rename(temporary, this.pathOf(sha256));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // The same code is there already.
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    this.#unpacked.add(sha256);
    return unzippedBytes;
  }

  #inTurn<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(sha256) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#turns.set(sha256, settled);
    void settled.then(() => {
      if (this.#turns.get(sha256) === settled) this.#turns.delete(sha256);
    });
    return turn;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
