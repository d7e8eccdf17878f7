// Deployment packages: kept as blobs, and unpacked once into a folder that all environments of that code share.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '../../storage/index.ts';
import { unpackDeploymentPackage } from './deployment-package.ts';
import type { CodeRecord } from './function-record.ts';

/** Remembers which packages lie in the blobs, so that those which a crash left behind are found again. */
export interface PackageRegister {
  /** Called before a package is stored. */
  note(sha256: string): Promise<void>;
  /** Called after a package was deleted. */
  forget(sha256: string): Promise<void>;
  isUsed(sha256: string): Promise<boolean>;
  all(): Promise<string[]>;
}

export class CodeFolders {
  readonly #folder: string;
  readonly #blobs: Blobs;
  readonly #register: PackageRegister;
  /** Hashes whose folder is known to be there. */
  readonly #unpacked = new Set<string>();
  /** The last thing asked for each hash; the next waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** How many have each hash in hand: changes under way, and environments that are being ended. */
  readonly #held = new Map<string, number>();

  /** `folder` holds the unpacked code; it may be deleted whole, since it follows from the blobs. */
  constructor(folder: string, blobs: Blobs, register: PackageRegister) {
    this.#folder = folder;
    this.#blobs = blobs;
    this.#register = register;
  }

  /** Host folder of unpacked code, whether or not it is there. */
  pathOf(sha256: string): string {
    return join(this.#folder, sha256);
  }

  /**
   * Keeps a package, unpacks it, and hands it to `use`, until whose end it is not deleted. What no version uses then is
   * deleted. Rejects as `unpackDeploymentPackage` does. `before` is the package that it replaces, whose files it may share.
   */
  async hold<T>(zip: Buffer, use: (code: CodeRecord) => Promise<T>, before?: string): Promise<T> {
    const sha256 = hashOf(zip);
    return this.holdWhile([sha256], async () => {
      const unzippedBytes = await this.#inTurn(sha256, async () => {
        const size = await this.#unpack(sha256, zip, before);
        await this.#register.note(sha256);
        await this.#blobs.put(zip);
        return size;
      });
      return use({ sha256, zippedBytes: zip.length, unzippedBytes });
    });
  }

  /** Keeps code at least until the end of `work`; what no version uses then, and nobody else holds, is deleted. */
  async holdWhile<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const sha256 of hashes) this.#held.set(sha256, (this.#held.get(sha256) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const sha256 of hashes) {
        const holders = this.#held.get(sha256)! - 1;
        if (holders === 0) this.#held.delete(sha256);
        else this.#held.set(sha256, holders);
        await this.#discard(sha256);
      }
    }
  }

  /** What `hold` would hand over; nothing is kept. */
  async examine(zip: Buffer): Promise<CodeRecord> {
    const temporary = this.#temporary();
    const unzippedBytes = await unpackDeploymentPackage(zip, temporary);
    await rm(temporary, { recursive: true, force: true });
    return { sha256: hashOf(zip), zippedBytes: zip.length, unzippedBytes };
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

  /** Deletes code that, when its turn comes, no version has and nobody holds. */
  async #discard(sha256: string): Promise<void> {
    await this.#inTurn(sha256, async () => {
      if (this.#held.has(sha256) || (await this.#register.isUsed(sha256))) return;
      this.#unpacked.delete(sha256);
      await rm(this.pathOf(sha256), { recursive: true, force: true });
      await this.#blobs.delete(sha256);
      await this.#register.forget(sha256);
    });
  }

  /** Deletes what a crash left behind: folders half unpacked, packages that no version has. */
  async sweep(): Promise<void> {
    const known = new Set(await this.#register.all());
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    for (const name of await readdir(this.#folder)) {
      if (!known.has(name)) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
    for (const sha256 of known) await this.#discard(sha256);
  }

  #temporary(): string {
    return join(this.#folder, `incoming-${randomUUID()}`);
  }

  async #unpack(sha256: string, zip: Buffer, before?: string): Promise<number> {
    const temporary = this.#temporary();
    const unzippedBytes = await unpackDeploymentPackage(zip, temporary, async () => {
      const old = before === undefined || before === sha256 ? undefined : await this.#blobs.get(before);
      return old === undefined ? undefined : { zip: old, folder: this.pathOf(before!) };
    });
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

function hashOf(zip: Buffer): string {
  return createHash('sha256').update(zip).digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
