// What X-Ray does on its own clock: forget traces that are older than it keeps them.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds, limits } from './limits.ts';
import type { SegmentStore } from './store/segments.ts';

export class Sweeper {
  readonly #store: SegmentStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  #cancel = () => {};
  #stopped = false;

  constructor(store: SegmentStore, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Sweeps now, and every hour from then on. */
  async start(): Promise<void> {
    await this.sweep().catch((error) => this.#log.error({ err: error }, 'old traces could not be forgotten'));
    if (this.#stopped) return;
    this.#cancel = this.#clock.after(bounds.sweepIntervalMs, () => void this.start());
  }

  async sweep(): Promise<void> {
    const before = this.#clock.now() - limits.retentionMs;
    while (!this.#stopped && (await this.#store.forget(before, bounds.tracesPerSweep)) === bounds.tracesPerSweep) {
      // Others are let in between.
      await new Promise(setImmediate);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }
}
