// Work on its own clock: deleting what has expired, and merging small blocks of streams that are written to.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds } from './limits.ts';
import { retainedFrom } from './retention.ts';
import type { Store, StoredBatch } from './store/index.ts';

/** A task that runs again and again, an interval after its last end. */
class Repeated {
  readonly #work: () => Promise<void>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #running: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(work: () => Promise<void>, intervalMs: number, clock: Clock) {
    this.#work = work;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  start(): void {
    this.#cancelTimer = this.#clock.after(this.#intervalMs, () => {
      this.#running = this.#work().then(() => {
        this.#running = undefined;
        if (this.#cancelTimer !== undefined) this.start();
      });
    });
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#running;
  }
}

export class Background {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #tasks: Repeated[];
  /** Per stream: how many blocks were added since the last merge, and the earliest time among them. */
  readonly #added = new Map<number, { blocks: number; from: number }>();
  #stopping = false;

  constructor(store: Store, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#tasks = [
      new Repeated(() => this.#guarded(() => this.sweep()), bounds.sweepIntervalMs, clock),
      new Repeated(() => this.#guarded(() => this.mergeBlocks()), bounds.mergeIntervalMs, clock),
    ];
  }

  start(): void {
    this.#stopping = false;
    for (const task of this.#tasks) task.start();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#tasks.map((task) => task.stop()));
  }

  /** Counts the blocks that a batch has added. */
  added({ streamId, events }: StoredBatch): void {
    const first = events.timestamps[0]!;
    const count = this.#added.get(streamId);
    if (count === undefined) this.#added.set(streamId, { blocks: 1, from: first });
    else {
      count.blocks++;
      count.from = Math.min(count.from, first);
    }
  }

  /** Deletes all blocks whose events have expired. */
  async sweep(): Promise<void> {
    for (const group of await this.#store.groups.withRetention()) {
      const before = retainedFrom(group, this.#clock.now());
      let deleted: number;
      do {
        if (this.#stopping) return;
        deleted = await this.#store.blocks.deleteBefore(group.id, before, bounds.sweepBlocks);
        await new Promise(setImmediate);
      } while (deleted === bounds.sweepBlocks);
    }
  }

  /** Merges the blocks of streams to which enough were added. */
  async mergeBlocks(): Promise<void> {
    for (const [streamId, { blocks, from }] of this.#added) {
      if (this.#stopping) return;
      if (blocks < bounds.mergeAfterBlocks) continue;
      this.#added.delete(streamId);
      await this.#store.blocks.merge(streamId, from, 2 * bounds.mergeAfterBlocks);
      await new Promise(setImmediate);
    }
    // Streams of environments that are long gone.
    if (this.#added.size > bounds.countedStreams) this.#added.clear();
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    await work().catch((error) => this.#log.error({ err: error }, 'background work on logs failed'));
  }
}
