// Token buckets by name: each refills steadily up to what it holds, and is forgotten once it is full again.
import type { Clock } from '../../core/clock.ts';

interface Bucket {
  tokens: number;
  /** Monotonic milliseconds at which `tokens` was true. */
  at: number;
  /** When it will be full again at the latest, without another request. */
  fullAt: number;
}

/** Buckets beyond this number make it worth looking for full ones. */
const sweepSize = 1_000;

export class TokenBuckets {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = sweepSize;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Takes a token out of the bucket `name`, which holds `capacity`; false when it is empty. */
  take(name: string, perSecond: number, capacity = perSecond): boolean {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      if (capacity < 1) return false;
      this.#sweep(now);
      this.#buckets.set(name, { tokens: capacity - 1, at: now, fullAt: now + 1000 / perSecond });
      return true;
    }
    const refilled = Math.min(capacity, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    const taken = refilled >= 1;
    bucket.tokens = taken ? refilled - 1 : refilled;
    bucket.at = now;
    bucket.fullAt = now + ((capacity - bucket.tokens) * 1000) / perSecond;
    return taken;
  }

  /** Puts back what was taken for nothing. */
  giveBack(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) bucket.tokens += 1;
  }

  /** How many buckets are not known to be full. */
  get size(): number {
    return this.#buckets.size;
  }

  #sweep(now: number): void {
    if (this.#buckets.size < this.#sweepAt) return;
    for (const [name, { fullAt }] of this.#buckets) if (fullAt <= now) this.#buckets.delete(name);
    this.#sweepAt = Math.max(sweepSize, 2 * this.#buckets.size);
  }
}
