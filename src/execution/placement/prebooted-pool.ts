// Sandboxes whose interpreter has started and waits, a few of each runtime in use; refilled behind the backs of callers.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { RuntimeBuild, Sandbox, SandboxDriver } from '../../sandbox/index.ts';

export interface PoolOptions {
  /** How many of a runtime in use are kept ready. */
  minReady: number;
  /** How many demand may raise that to. */
  maxReady: number;
  /** How many interpreters may be starting at once. */
  maxBooting: number;
}

/** A refill waits this long, so that the invocation that took a sandbox has the processor to itself. */
const refillDelayMs = 20;
/** Demand is forgotten by half in this time. */
const decayMs = 60_000;
/** What serves one size of memory alone is kept ready for this long after it was wanted last: there are many sizes. */
const keptUnusedMs = 3_600_000;

interface Waiter {
  resolve(sandbox: Sandbox): void;
  reject(error: unknown): void;
}

/** The sandboxes of one runtime build. */
interface Shelf {
  build: RuntimeBuild;
  ready: Sandbox[];
  waiters: Waiter[];
  booting: number;
  target: number;
  /** When it was wanted last, in monotonic milliseconds. */
  usedAt: number;
}

export class PrebootedPool {
  readonly #driver: SandboxDriver;
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #log: Logger;
  readonly #shelves = new Map<string, Shelf>();
  readonly #cancelDecay: () => void;
  #booting = 0;
  #closed = false;

  constructor(driver: SandboxDriver, options: PoolOptions, clock: Clock, ids: Ids, log: Logger) {
    this.#driver = driver;
    this.#options = options;
    this.#clock = clock;
    this.#ids = ids;
    this.#log = log;
    this.#cancelDecay = everyAfter(clock, decayMs, () => this.#decay());
  }

  /** Starts keeping sandboxes of `build` ready. */
  want(build: RuntimeBuild): void {
    this.#refill(this.#usedShelf(build));
  }

  /** A booted sandbox of `build`; rejects with SandboxBootError when none can be started. */
  take(build: RuntimeBuild): Promise<Sandbox> {
    const shelf = this.#usedShelf(build);
    const sandbox = shelf.ready.shift();
    if (shelf.ready.length === 0) shelf.target = Math.min(this.#options.maxReady, shelf.target * 2);
    if (sandbox !== undefined) {
      this.#clock.after(refillDelayMs, () => this.#refill(shelf));
      return Promise.resolve(sandbox);
    }
    return new Promise((resolve, reject) => {
      shelf.waiters.push({ resolve, reject });
      this.#refill(shelf);
    });
  }

  /** Takes back a sandbox that was not assigned after all. */
  giveBack(build: RuntimeBuild, sandbox: Sandbox): void {
    this.#shelve(this.#shelf(build), sandbox);
  }

  /** Ready sandboxes by runtime. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { build, ready } of this.#shelves.values()) {
      counts[build.runtime] = (counts[build.runtime] ?? 0) + ready.length;
    }
    return counts;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelDecay();
    const ready = [...this.#shelves.values()].flatMap((shelf) => shelf.ready.splice(0));
    await Promise.all(ready.map((sandbox) => sandbox.kill()));
  }

  #shelf(build: RuntimeBuild): Shelf {
    const key = keyOf(build);
    let shelf = this.#shelves.get(key);
    if (shelf === undefined) {
      const usedAt = this.#clock.monotonic();
      shelf = { build, ready: [], waiters: [], booting: 0, target: this.#options.minReady, usedAt };
      this.#shelves.set(key, shelf);
    }
    return shelf;
  }

  #usedShelf(build: RuntimeBuild): Shelf {
    const shelf = this.#shelf(build);
    shelf.usedAt = this.#clock.monotonic();
    return shelf;
  }

  #refill(shelf: Shelf): void {
    while (
      !this.#closed &&
      this.#booting < this.#options.maxBooting &&
      shelf.ready.length + shelf.booting < shelf.target + shelf.waiters.length
    ) {
      void this.#boot(shelf);
    }
  }

  async #boot(shelf: Shelf): Promise<void> {
    shelf.booting += 1;
    this.#booting += 1;
    try {
      const sandbox = await this.#driver.boot({ id: this.#ids.hex(6), build: shelf.build });
      void sandbox.exited.then(() => {
        shelf.ready = shelf.ready.filter((other) => other !== sandbox);
      });
      this.#shelve(shelf, sandbox);
    } catch (error) {
      if (!this.#closed)
        this.#log.error({ err: error, runtime: shelf.build.runtime }, 'an environment could not be started');
      // Whoever waits is told; a shelf that nobody waits for stays short until it is asked for again.
      shelf.waiters.shift()?.reject(error);
    } finally {
      shelf.booting -= 1;
      this.#booting -= 1;
    }
    for (const other of this.#shelves.values()) if (other.waiters.length > 0) this.#refill(other);
    if (shelf.ready.length > 0) this.#refill(shelf);
  }

  #shelve(shelf: Shelf, sandbox: Sandbox): void {
    if (this.#closed) {
      void sandbox.kill();
      return;
    }
    const waiter = shelf.waiters.shift();
    if (waiter !== undefined) waiter.resolve(sandbox);
    else shelf.ready.push(sandbox);
  }

  #decay(): void {
    for (const shelf of this.#shelves.values()) {
      if (this.#isForgotten(shelf)) {
        this.#shelves.delete(keyOf(shelf.build));
        for (const sandbox of shelf.ready.splice(0)) void sandbox.kill();
        continue;
      }
      shelf.target = Math.max(this.#options.minReady, Math.floor(shelf.target / 2));
      for (const sandbox of shelf.ready.splice(shelf.target)) void sandbox.kill();
    }
  }

  /** One that is being filled is not: its sandboxes would come to a shelf that is gone. */
  #isForgotten({ build, booting, usedAt }: Shelf): boolean {
    return build.memoryMib !== undefined && booting === 0 && this.#clock.monotonic() - usedAt >= keptUnusedMs;
  }
}

const keyOf = ({ langDir, runtimeDir, command }: RuntimeBuild) => [langDir, runtimeDir, ...command].join('\0');

/** Calls `action` every `periodMs`; the returned function ends it. */
function everyAfter(clock: Clock, periodMs: number, action: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(periodMs, () => {
      action();
      next();
    });
  };
  next();
  return () => cancel();
}
