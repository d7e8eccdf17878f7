// Work on its own clock: deleting what was discarded or has expired. Nothing runs for a queue as such.
import type { Logger } from '../../core/logger.ts';
import { bounds, limits } from './limits.ts';
import type { Sqs } from './sqs.ts';
import {
  deleteExpired,
  forgetDeletedQueues,
  forgetSent,
  refreshGroup,
  setsWithExpired,
  sweepDiscarded,
} from './store/index.ts';

export class Background {
  readonly #sqs: Sqs;
  readonly #log: Logger;
  #running: Promise<void> | undefined;
  #again = false;
  #stopping = false;
  #cancelTimer: (() => void) | undefined;

  constructor(sqs: Sqs, log: Logger) {
    this.#sqs = sqs;
    this.#log = log;
  }

  start(): void {
    this.#stopping = false;
    this.wake();
    this.#cancelTimer = this.#sqs.clock.after(bounds.sweepIntervalMs, () => this.start());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  /** Sweeps now, or again when a sweep is under way. */
  wake(): void {
    if (this.#stopping) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#stopping) {
        this.#again = false;
        await this.#sweep();
      }
    } catch (error) {
      this.#log.error({ err: error }, 'clearing away messages failed');
    } finally {
      this.#running = undefined;
    }
  }

  async #sweep(): Promise<void> {
    const { store, clock } = this.#sqs;
    const now = clock.now();
    while (!this.#stopping && (await store.transaction((queries) => sweepDiscarded(queries, bounds.sweepRows))));
    for (;;) {
      const sets = await setsWithExpired(store.committed, now, bounds.sweepRows);
      if (sets.length === 0) break;
      for (const { message_set, sent_until } of sets) {
        if (this.#stopping) return;
        await store.transaction(async (queries) => {
          const groups = await deleteExpired(queries, message_set, sent_until, bounds.sweepRows);
          for (const group of groups) await refreshGroup(queries, message_set, group);
        });
      }
    }
    for (;;) {
      if (this.#stopping) return;
      const forgotten = await store.transaction((queries) => forgetSent(queries, now, bounds.sweepRows));
      if (forgotten < bounds.sweepRows) break;
    }
    await store.transaction((queries) => forgetDeletedQueues(queries, now - limits.nameReuseMs));
  }
}
