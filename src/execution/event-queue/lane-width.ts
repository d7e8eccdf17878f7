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
const slowdownAllowed = 1.25;
/** Doubling must leave time for work that goes before events. */
const idleToWidenBesideUrgent = 0.5;
const longMs = 250;
/** Lanes are tried wider again after half a minute at most. */
const mostSlowdowns = 6;

export interface Surroundings {
  /** Share of the machine that had nothing to do lately, from 0 to 1. */
  idleShare: number;
  /** Whether the lane runs as many as it may. */
  isFull: boolean;
  /** Whether work is under way that goes before events. */
  isUrgent: boolean;
}

export class LaneWidth {
  #width = initialWidth;
  /** Changes with the width: what began before says nothing of it. */
  #era = 0;
  /** Of the events that began and ended in this era. */
  #durations = { sum: 0, count: 0 };
  /** Mean duration at the width before; undefined when it is not known. */
  #meanBefore: number | undefined;
  /** Widenings in a row that only made events, or more urgent work, slower. */
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

  /** For a lane that has more to run than runs now, from time to time. */
  adjust({ idleShare, isFull, isUrgent }: Surroundings, now: number): void {
    const { sum, count } = this.#durations;
    const mean = count === 0 ? undefined : sum / count;
    if (isUrgent && idleShare < idleToWiden) {
      this.#giveWay(mean, now);
      return;
    }
    if (!isFull || now < this.#narrowUntil) return;
    if (this.#provesWide) this.#throttles = 0;
    this.#provesWide = false;
    if (mean !== undefined && this.#meanBefore !== undefined) {
      if (mean > this.#meanBefore * slowdownAllowed) {
        this.#giveWay(mean, now);
        return;
      }
      this.#slowdowns = 0;
    }
    if (!this.#mayWiden(idleShare, isUrgent, mean)) return;
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

  #mayWiden(idleShare: number, isUrgent: boolean, mean: number | undefined): boolean {
    if (isUrgent) return idleShare >= idleToWidenBesideUrgent;
    return idleShare >= idleToWiden || mean !== undefined || this.#width < widthUnknown;
  }

  /** Fewer at once, and for longer each time. Events that take long wait for something, most likely: some of them go on. */
  #giveWay(mean: number | undefined, now: number): void {
    const least = mean !== undefined && mean >= longMs ? widthUnknown : initialWidth;
    if (now < this.#narrowUntil && this.#width <= least) return;
    this.#slowdowns += 1;
    this.#narrowUntil = now + backOffMs(Math.min(this.#slowdowns, mostSlowdowns));
    this.#become(Math.min(this.#width, Math.max(least, Math.ceil(this.#width / 2))), undefined);
  }

  #become(width: number, meanBefore: number | undefined): void {
    this.#width = width;
    this.#era += 1;
    this.#durations = { sum: 0, count: 0 };
    this.#meanBefore = meanBefore;
  }
}
