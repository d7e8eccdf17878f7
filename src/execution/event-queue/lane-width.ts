// How many events of a lane run at once: few at first, more while that speeds the lane up, fewer when throttled.
import { availableParallelism } from 'node:os';
import { backOffMs } from './back-off.ts';

/** Events that run at once before anything is known of how long they take. */
const initialWidth = Math.max(2, availableParallelism());
/** How wide a lane may become on a busy machine before the first of its events is over. */
const widthUnknown = 16;
/** No account has more concurrency than that without asking. */
const maxWidth = 10_000;
/** With this share of the machine idle, more can run without a look at how long events take. */
const idleToWiden = 0.25;
/** Events that wait for something take no longer when more of them run; those that compute do. */
const slowdownAllowed = 1.5;

export class LaneWidth {
  #width = initialWidth;
  /** Changes with the width: what began before says nothing of it. */
  #era = 0;
  /** Of the events that began and ended in this era. */
  #durations = { sum: 0, count: 0 };
  /** Mean duration at the width before; undefined when it is not known. */
  #meanBefore: number | undefined;
  /** Widenings in a row that only made events slower. */
  #slowdowns = 0;
  /** Throttles in a row, those that came together counted as one. */
  #throttles = 0;
  /** Monotonic time until which the lane stays as narrow as it is, or pauses. */
  #narrowUntil = 0;
  /** Whether it was widened and not throttled since. */
  #provesWide = false;

  get width(): number {
    return this.#width;
  }

  /** To be handed back when an event that begins now is over. */
  get era(): number {
    return this.#era;
  }

  /** An event that was not throttled is over. */
  finished(durationMs: number, era: number): void {
    if (era !== this.#era) return;
    this.#durations.sum += durationMs;
    this.#durations.count += 1;
  }

  /** For a lane that has more to run than its width allows, from time to time. */
  widen(idleShare: number, now: number): void {
    if (now < this.#narrowUntil) return;
    if (this.#provesWide) this.#throttles = 0;
    this.#provesWide = false;
    const { sum, count } = this.#durations;
    const mean = count === 0 ? undefined : sum / count;
    if (mean !== undefined && this.#meanBefore !== undefined && mean > this.#meanBefore * slowdownAllowed) {
      this.#slowdowns += 1;
      this.#narrowUntil = now + backOffMs(this.#slowdowns);
      this.#become(Math.max(initialWidth, Math.ceil(this.#width / 2)), undefined);
      return;
    }
    if (mean !== undefined && this.#meanBefore !== undefined) this.#slowdowns = 0;
    const isKnown = mean !== undefined;
    if (idleShare < idleToWiden && !isKnown && this.#width >= widthUnknown) return;
    this.#provesWide = true;
    this.#become(Math.min(maxWidth, this.#width * 2), mean);
  }

  /**
   * There was no room for an event while `running` others of the lane ran. Returns for how long the lane is to pause;
   * undefined when it goes on as soon as one of them ends.
   */
  throttled(running: number, now: number): number | undefined {
    if (running < this.#width) this.#become(Math.max(1, running), undefined);
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

  #become(width: number, meanBefore: number | undefined): void {
    this.#width = width;
    this.#era += 1;
    this.#durations = { sum: 0, count: 0 };
    this.#meanBefore = meanBefore;
  }
}
