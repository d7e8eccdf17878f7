// Folders of this machine made visible, read-only, to sandboxes that may not walk the paths to them.
import { join } from 'node:path';
import type { Mounter, MountOperation } from './mounter.ts';

export interface Staging {
  source: string;
  /** Where sandboxes may be given it from. Usable in requests to the mounter at once, since those are done in order. */
  path: string;
  /** Rejects when it cannot be mounted; `release` is due nevertheless. */
  mounted: Promise<void>;
}

/** Mounts each folder once, below `<runDir>/stage`, for as long as anyone uses it. */
export class Stage {
  readonly #mounter: Mounter;
  readonly #folder: string;
  readonly #stagings = new Map<string, Staging & { users: number }>();
  #count = 0;

  constructor(mounter: Mounter, runDir: string) {
    this.#mounter = mounter;
    this.#folder = join(runDir, 'stage');
  }

  /** Pair with `release`. */
  acquire(source: string): Staging {
    let staging = this.#stagings.get(source);
    if (!staging) {
      // Numbered, so that a folder's staging can end while a new one of the same folder begins.
      const path = join(this.#folder, String(this.#count++));
      const mounted = this.#mounter.run([
        ['mkdir', '0755', path],
        ['stage', source, path],
      ]);
      staging = { source, path, users: 0, mounted: mounted.catch(refuse(source)) };
      // Whoever acquires it handles the failure, in its own time.
      staging.mounted.catch(() => {});
      this.#stagings.set(source, staging);
    }
    staging.users++;
    return staging;
  }

  async release({ source }: Staging): Promise<void> {
    const staging = this.#stagings.get(source);
    if (!staging || --staging.users > 0) return;
    this.#stagings.delete(source);
    const isMounted = await staging.mounted.then(
      () => true,
      () => false,
    );
    const unmount: MountOperation[] = isMounted ? [['umount', staging.path]] : [];
    await this.#mounter.run([...unmount, ['rmdir', staging.path]]);
  }
}

const refuse = (source: string) => (cause: unknown) => {
  throw new Error(`cannot show ${source} to sandboxes`, { cause });
};
