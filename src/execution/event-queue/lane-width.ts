// How many events of a lane run at once: few at first, more while the machine has time to spare, fewer when throttled.
import { availableParallelism } from 'node:os';
import { backOffMs } from './back-off.ts';

/** Events that run at once before anything is known of how long they take. */
const initialWidth = Math.max(2, availableParallelism());
/** An account has seldom more concurrency than that. */
const maxWidth = 10_000;
/** Share of the machine that must have been idle for a lane to be widened. */
const idleToWiden = 0.25;

export class LaneWidth {
  #width = initialWidth;
  /** Throttles in a row, those that came together counted as one. */
  #throttles = 0;
  /** Monotonic time until which a throttled lane stays as narrow as it is, or pauses. */
  #narrowUntil = 0;
  /** Whether it was widened and not throttled since. */
  #provesWide = false;

  get width(): number {
    return this.#width;
  }

  /** For a lane that has more to run than its width allows, from time to time. */
  widen(idleShare: number, now: number): void {
    if (now < this.#narrowUntil) return;
    if (this.#provesWide) this.#throttles = 0;
    this.#provesWide = idleShare >= idleToWiden;
    if (this.#provesWide) this.#width = Math.min(maxWidth, this.#width * 2);
  }

  /**
   * There was no room for an event while `running` others of the lane ran. Returns for how long the lane is to pause;
   * undefined when it goes on as soon as one of them ends.
   */
  throttled(running: number, now: number): number | undefined {
    this.#width = Math.max(1, Math.min(this.#width, running));
    this.#provesWide = false;
    if (now >= this.#narrowUntil) {
      this.#throttles += 1;
      this.#narrowUntil = now + backOffMs(this.#throttles);
    }
    return running > 0 ? undefined : this.#narrowUntil - now;
  }

  /** Forgets what is known of throttles, since their cause may be gone. */
  reset(): void {
    this.#throttles = 0;
    this.#narrowUntil = 0;
  }
}
