// How many invocations run at once: those of a function with a reservation, those of a provisioned version, and the rest.
import type { FunctionTarget } from '../function-target.ts';
import type { ConcurrencyAllowance, ThrottleReason } from './invocation.ts';

/** Where an invocation was counted in. */
export interface Admitted {
  pool: string;
}

export class Admission {
  /** By pool; none that is empty. */
  readonly #running = new Map<string, number>();
  #sum = 0;

  /** Counts an invocation in, or tells why there is no room. Each admission is paired with one `leave`. */
  enter(target: FunctionTarget, allowance: ConcurrencyAllowance): Admitted | { refused: ThrottleReason } {
    const account = `${target.account}/${target.region}`;
    const { reserved, provisioned, unreserved } = allowance;
    if (provisioned !== undefined) {
      const pool = `${account}/${target.functionName}:${provisioned.qualifier}`;
      const admitted = this.#enter(pool, provisioned.executions);
      if (admitted !== undefined) return admitted;
    }
    if (reserved !== undefined) {
      const refused = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      return this.#enter(`${account}/${target.functionName}`, reserved) ?? { refused };
    }
    return this.#enter(account, unreserved) ?? { refused: 'ConcurrentInvocationLimitExceeded' };
  }

  leave({ pool }: Admitted): void {
    const running = this.#running.get(pool)! - 1;
    if (running === 0) this.#running.delete(pool);
    else this.#running.set(pool, running);
    this.#sum -= 1;
  }

  /** Invocations that run now, in all accounts. */
  get running(): number {
    return this.#sum;
  }

  #enter(pool: string, size: number): Admitted | undefined {
    const running = this.#running.get(pool) ?? 0;
    if (running >= size) return undefined;
    this.#running.set(pool, running + 1);
    this.#sum += 1;
    return { pool };
  }
}
