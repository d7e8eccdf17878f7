// How many invocations of an account run at once in a region.
import type { FunctionTarget } from '../function-target.ts';
import type { ThrottleReason } from './invocation.ts';

export class Admission {
  readonly #limit: number;
  readonly #running = new Map<string, number>();

  /** `limit` is the account's concurrency quota in each region. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts an invocation in; the reason when there is no room. Each admission is paired with one `leave`. */
  enter(target: FunctionTarget): ThrottleReason | undefined {
    const key = `${target.account}/${target.region}`;
    const running = this.#running.get(key) ?? 0;
    if (running >= this.#limit) return 'ConcurrentInvocationLimitExceeded';
    this.#running.set(key, running + 1);
    return undefined;
  }

  leave(target: FunctionTarget): void {
    const key = `${target.account}/${target.region}`;
    const running = this.#running.get(key)! - 1;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
  }

  /** Invocations that run now, in all accounts. */
  get running(): number {
    let sum = 0;
    for (const count of this.#running.values()) sum += count;
    return sum;
  }
}
