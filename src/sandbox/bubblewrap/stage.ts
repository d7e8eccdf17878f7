// Folders of this machine made visible, read-only, to sandboxes that may not walk the paths to them.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Mounter } from './mounter.ts';

interface Staging {
  path: string;
  users: number;
  mounted: Promise<void>;
}

/** Mounts each folder once, below `<runDir>/stage`, for as long as anyone uses it. */
export class Stage {
  readonly #mounter: Mounter;
  readonly #folder: string;
  readonly #stagings = new Map<string, Staging>();
  #count = 0;

  constructor(mounter: Mounter, runDir: string) {
    this.#mounter = mounter;
    this.#folder = join(runDir, 'stage');
  }

  /** The path at which sandboxes may be given `source`. Pair with `release`. Rejects when it cannot be mounted. */
  async acquire(source: string): Promise<string> {
    let staging = this.#stagings.get(source);
    if (!staging) {
      // Numbered, so that a folder's staging can end while a new one of the same folder begins.
      const name = `${createHash('sha256').update(source).digest('hex').slice(0, 12)}-${this.#count++}`;
      const path = join(this.#folder, name);
      staging = {
        path,
        users: 0,
        mounted: this.#mounter.run([
          ['mkdir', '0755', path],
          ['stage', source, path],
        ]),
      };
      this.#stagings.set(source, staging);
    }
    staging.users++;
    try {
      await staging.mounted;
      return staging.path;
    } catch (error) {
      if (--staging.users === 0) {
        this.#stagings.delete(source);
        await this.#mounter.run([['rmdir', staging.path]]).catch(() => {});
      }
      throw new Error(`cannot show ${source} to sandboxes`, { cause: error });
    }
  }

  async release(source: string): Promise<void> {
    const staging = this.#stagings.get(source);
    if (!staging || --staging.users > 0) return;
    this.#stagings.delete(source);
    await this.#mounter.run([
      ['umount', staging.path],
      ['rmdir', staging.path],
    ]);
  }
}
