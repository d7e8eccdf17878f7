// Time for tests: it passes when it is told to, and may be set as on a machine whose clock is set.
import type { Clock } from '../clock.ts';

export interface ManualClockOptions {
  /** Epoch milliseconds at which it begins; default: 2026-01-01T00:00:00Z. */
  start?: number;
  /** Turns of the event loop that whatever a timer begins has before the next one. */
  turns?: number;
}

export class ManualClock implements Clock {
  #monotonic = 0;
  /** Wall time when the monotonic time was 0. */
  #wall: number;
  readonly #turns: number;
  readonly #timers = new Set<{ due: number; callback: () => void }>();

  constructor({ start = Date.UTC(2026, 0, 1), turns: count = 20 }: ManualClockOptions = {}) {
    this.#wall = start;
    this.#turns = count;
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#wall + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { due: this.#monotonic + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the wall time alone on, or back with a negative `ms`, as somebody who sets the machine's clock. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** Sets the time on without calling anybody. */
  jump(ms: number): void {
    this.#monotonic += ms;
  }

  /** Lets time pass at once: calls what is due, with nothing else happening in between. */
  elapse(ms: number): void {
    const end = this.#monotonic + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) this.#call(next);
    this.#monotonic = end;
  }

  /** Lets time pass; what a timer begins has a few turns of the event loop before the next one is called. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await turns(this.#turns);
      const next = this.#next(end);
      if (next === undefined) break;
      this.#call(next);
    }
    this.#monotonic = end;
    await turns(this.#turns);
  }

  #next(end: number): { due: number; callback: () => void } | undefined {
    return [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }

  #call(timer: { due: number; callback: () => void }): void {
    this.#timers.delete(timer);
    this.#monotonic = Math.max(this.#monotonic, timer.due);
    timer.callback();
  }
}

/** Lets what can happen without time passing happen, for `count` turns of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
