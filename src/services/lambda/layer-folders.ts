// What functions find in /opt: the unpacked layers of a function laid over each other, in one folder for each such stack.
import { randomUUID } from 'node:crypto';
import { copyFile, link, lstat, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeFolders } from './code-folders.ts';
import { stackOf } from './layer-record.ts';

/** Says whether a function version has exactly the layers of a stack. */
export interface StackRegister {
  needStack(stack: string): Promise<boolean>;
}

interface Stack {
  packages: readonly string[];
  /** How many of those who may still show it to an environment have said so. */
  holders: number;
}

export class LayerFolders {
  readonly #folder: string;
  readonly #code: CodeFolders;
  readonly #register: StackRegister;
  /** Stacks whose folder is there. */
  readonly #ready = new Map<string, Stack>();
  /** The last thing asked for each stack; the next waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /** `folder` may be deleted whole while the server is stopped, since it follows from the packages. */
  constructor(folder: string, code: CodeFolders, register: StackRegister) {
    this.#folder = folder;
    this.#code = code;
    this.#register = register;
  }

  /** Host folder for `packages` laid over each other, whether or not it is there; null for none. */
  pathOf(packages: readonly string[]): string | null {
    if (packages.length === 0) return null;
    // One layer alone needs no folder of its own.
    return packages.length === 1 ? this.#code.pathOf(packages[0]!) : this.#pathOfStack(stackOf(packages));
  }

  isReady(packages: readonly string[]): boolean {
    if (packages.length === 0) return true;
    return packages.length === 1 ? this.#code.isUnpacked(packages[0]!) : this.#ready.has(stackOf(packages));
  }

  /** Makes sure that the folder is there. Rejects when a package is lost. */
  async ensure(packages: readonly string[]): Promise<void> {
    if (packages.length < 2) {
      for (const sha256 of packages) await this.#code.ensure(sha256);
      return;
    }
    const stack = stackOf(packages);
    await this.#inTurn(stack, async () => {
      if (this.#ready.has(stack)) return;
      await this.#code.holdWhile(packages, () => this.#build(stack, packages));
      this.#ready.set(stack, { packages, holders: 0 });
    });
  }

  /**
   * Keeps the stacks with one of `packages` in them at least until the end of `work`; those that no function version has
   * then, and nobody else holds, are deleted.
   */
  async holdWhile<T>(packages: readonly string[], work: () => Promise<T>): Promise<T> {
    const held = this.#with(packages);
    for (const [, stack] of held) stack.holders += 1;
    try {
      return await work();
    } finally {
      for (const [, stack] of held) stack.holders -= 1;
      for (const [name] of this.#with(packages)) await this.#discard(name);
    }
  }

  /** Deletes everything, before the first environment is started: which stacks are in use shows with the invocations. */
  async sweep(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Deletes a stack that, when its turn comes, no function version has and nobody holds. */
  async #discard(name: string): Promise<void> {
    await this.#inTurn(name, async () => {
      const stack = this.#ready.get(name);
      if (stack === undefined || stack.holders > 0 || (await this.#register.needStack(name))) return;
      this.#ready.delete(name);
      await rm(this.#pathOfStack(name), { recursive: true, force: true });
    });
  }

  #with(packages: readonly string[]): [string, Stack][] {
    return [...this.#ready].filter(([, stack]) => stack.packages.some((sha256) => packages.includes(sha256)));
  }

  #pathOfStack(stack: string): string {
    return join(this.#folder, stack);
  }

  async #build(stack: string, packages: readonly string[]): Promise<void> {
    const temporary = join(this.#folder, `incoming-${randomUUID()}`);
    try {
      await mkdir(temporary, { recursive: true, mode: 0o755 });
      for (const sha256 of packages) {
        await this.#code.ensure(sha256);
        await layOver(this.#code.pathOf(sha256), temporary);
      }
      await rm(this.#pathOfStack(stack), { recursive: true, force: true });
      await rename(temporary, this.#pathOfStack(stack));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  }

  #inTurn<T>(stack: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(stack) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#turns.set(stack, settled);
    void settled.then(() => {
      if (this.#turns.get(stack) === settled) this.#turns.delete(stack);
    });
    return turn;
  }
}

/** Puts what is in `from` into `into`, over what is there. Files are shared by hard links where the disk can do it. */
export async function layOver(from: string, into: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const destination = join(into, entry.name);
    const there = await lstat(destination).catch(() => undefined);
    if (entry.isDirectory()) {
      // Nothing is ever written through a link of a layer below.
      if (there !== undefined && !there.isDirectory()) await rm(destination);
      if (there === undefined || !there.isDirectory()) {
        await mkdir(destination, { mode: (await stat(source)).mode & 0o777 });
      }
      await layOver(source, destination);
      continue;
    }
    if (there !== undefined) await rm(destination, { recursive: true });
    if (entry.isSymbolicLink()) await symlink(await readlink(source), destination);
    else await linkOrCopy(source, destination);
  }
}

async function linkOrCopy(source: string, destination: string): Promise<void> {
  try {
    await link(source, destination);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EXDEV', 'EMLINK', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    await copyFile(source, destination);
  }
}
