// A clock whose wall time is set forwards and back while its timers run on, as on a machine that is told the time.
import type { Clock } from '../../src/core/clock.ts';

export class SteppedClock implements Clock {
  #monotonic = 0;
  /** Wall time when the monotonic time was 0. */
  #wall = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#wall + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the wall time on, or back with a negative `ms`. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** Lets time pass; what a timer begins has a few turns of the event loop before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await turns();
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.callback();
    }
    this.#monotonic = end;
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}
