// A statistic set: what is kept of the values of one period, enough for every statistic that can be asked for.
import { type Counts, Distribution } from './distribution.ts';

export class StatisticSet {
  sampleCount = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** Absent while all values are the same, and once the distribution is unknown. */
  #distribution: Distribution | undefined;

  /** A set as it was stored: without a distribution, either all values are the same or nobody knows. */
  static of(
    sampleCount: number,
    sum: number,
    minimum: number,
    maximum: number,
    distribution?: Distribution,
  ): StatisticSet {
    const set = new StatisticSet();
    set.sampleCount = sampleCount;
    set.sum = sum;
    set.minimum = minimum;
    set.maximum = maximum;
    set.#distribution = distribution;
    return set;
  }

  /** Adds a value that came `count` times. */
  add(value: number, count = 1): void {
    if (count <= 0) return;
    if (this.#distribution !== undefined) this.#distribution.add(value, count);
    else if (value !== this.minimum || value !== this.maximum) {
      if (this.sampleCount === 0) {
        this.minimum = value;
        this.maximum = value;
      } else if (this.minimum === this.maximum) {
        this.#distribution = new Distribution([[this.minimum, this.sampleCount]]);
        this.#distribution.add(value, count);
      }
    }
    this.sampleCount += count;
    this.sum += value * count;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  /** Adds all values of another set. */
  merge(other: StatisticSet): void {
    if (other.sampleCount <= 0) return;
    const { counts } = other;
    if (counts === undefined) {
      this.#distribution = undefined;
      this.sampleCount += other.sampleCount;
      this.sum += other.sum;
    } else {
      const unknown = this.sampleCount > 0 && this.counts === undefined;
      const sum = this.sum + other.sum;
      const sampleCount = this.sampleCount + other.sampleCount;
      if (!unknown) for (const [value, count] of counts) this.add(value, count);
      // Bins are no longer the values themselves; sums stay exact.
      this.sum = sum;
      this.sampleCount = sampleCount;
    }
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
  }

  /** Absent when there is nothing to store beside the four numbers. */
  get distribution(): Distribution | undefined {
    return this.#distribution;
  }

  /** How often each value came; undefined when only statistics of the values were given. */
  get counts(): Counts | undefined {
    if (this.#distribution !== undefined) return this.#distribution.counts;
    if (this.sampleCount === 0) return new Map();
    return this.minimum === this.maximum ? new Map([[this.minimum, this.sampleCount]]) : undefined;
  }
}
