// How many invocations run at once: those of a function with a reservation, those of a provisioned version, and the rest.
import type { FunctionTarget } from '../function-target.ts';
import type { ConcurrencyAllowance, FinishedInvocation, ThrottleReason } from './invocation.ts';

/** Where an invocation was counted in, and beside how many others. */
export interface Admitted extends Pick<FinishedInvocation, 'provisioned'> {
  pools: readonly [own: string, ofFunction: string, ofAccount: string];
  concurrent: { ofFunction: number; ofAccount: number; unreserved: number };
}

export class Admission {
  /** By pool; none that is empty. */
  readonly #running = new Map<string, number>();
  #sum = 0;

  /** Counts an invocation in, or tells why there is no room. Each admission is paired with one `leave`. */
  enter(target: FunctionTarget, allowance: ConcurrencyAllowance): Admitted | { refused: ThrottleReason } {
    const account = `${target.account}/${target.region}`;
    const ofFunction = `${account}/${target.functionName}`;
    const { reserved, provisioned, unreserved } = allowance;
    if (provisioned !== undefined) {
      const pool = `${ofFunction}:${provisioned.qualifier}`;
      if (this.#runningIn(pool) < provisioned.executions) return this.#admit(pool, ofFunction, account, 'served');
    }
    const pool = reserved === undefined ? `${account}:unreserved` : `${ofFunction}:reserved`;
    if (this.#runningIn(pool) >= (reserved ?? unreserved)) {
      const refused =
        reserved === undefined
          ? 'ConcurrentInvocationLimitExceeded'
          : 'ReservedFunctionConcurrentInvocationLimitExceeded';
      return { refused };
    }
    return this.#admit(pool, ofFunction, account, provisioned === undefined ? undefined : 'spilled');
  }

  leave({ pools }: Admitted): void {
    for (const pool of pools) {
      const running = this.#runningIn(pool) - 1;
      if (running === 0) this.#running.delete(pool);
      else this.#running.set(pool, running);
    }
    this.#sum -= 1;
  }

  /** Invocations that run now, in all accounts. */
  get running(): number {
    return this.#sum;
  }

  #admit(own: string, ofFunction: string, ofAccount: string, provisioned: Admitted['provisioned']): Admitted {
    const pools = [own, ofFunction, ofAccount] as const;
    for (const pool of pools) this.#running.set(pool, this.#runningIn(pool) + 1);
    this.#sum += 1;
    const concurrent = {
      ofFunction: this.#runningIn(ofFunction),
      ofAccount: this.#runningIn(ofAccount),
      unreserved: this.#runningIn(`${ofAccount}:unreserved`),
    };
    return { pools, provisioned, concurrent };
  }

  #runningIn(pool: string): number {
    return this.#running.get(pool) ?? 0;
  }
}
