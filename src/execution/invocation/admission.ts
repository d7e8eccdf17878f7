// How many invocations run at once, and how many synchronous ones begin in a second: those of a function with a
// reservation, those of a provisioned version, and the rest.
import type { Clock } from '../../core/clock.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { ConcurrencyAllowance, FinishedInvocation, ThrottleReason } from './invocation.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Where an invocation was counted in, and beside how many others. */
export interface Admitted extends Pick<FinishedInvocation, 'provisioned'> {
  pools: readonly string[];
  concurrent: NonNullable<FinishedInvocation['concurrent']>;
}

/** What is kept ready of the version that is to be invoked, and of its function as a whole. */
export interface KeptReady {
  allocated: number;
  /** Whether one of them is free. */
  isFree: boolean;
  ofFunction: number;
}

/** Invocations that run at one moment in an account's region. */
export interface RunningInAccount {
  account: string;
  region: string;
  running: number;
  unreserved: number;
  functions: { functionName: string; running: number }[];
}

/** Synchronous requests per second, for each concurrent execution: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
const requestsPerSecond = 10;
const nothingKept: KeptReady = { allocated: 0, isFree: false, ofFunction: 0 };

export class Admission {
  /** By pool; none that is empty. */
  readonly #running = new Map<string, number>();
  readonly #requests: TokenBuckets;
  #sum = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#requests = new TokenBuckets(clock);
  }

  /**
   * Counts an invocation in, or tells why there is no room. Each admission is paired with one `leave`. `invokedArn` names
   * the version or alias that it is counted with.
   */
  enter(
    target: FunctionTarget,
    allowance: ConcurrencyAllowance,
    kept = nothingKept,
    invokedArn = target.functionArn,
  ): Admitted | { refused: ThrottleReason } {
    const account = `${target.account}/${target.region}`;
    const ofFunction = `${account}/${target.functionName}`;
    const { reserved, provisioned, unreserved, accountLimit } = allowance;
    const isHeld = accountLimit !== undefined;
    if (provisioned !== undefined && kept.isFree) {
      const pool = `${ofFunction}:${provisioned.qualifier}`;
      // Whichever is reached first, concurrency or rate: what goes beyond it is started on demand.
      if (!isHeld || this.#requests.take(pool, requestsPerSecond * kept.allocated)) {
        const admitted = this.#admit([pool, ofFunction, account, invokedArn], 'served');
        admitted.concurrent.provisioned = { inUse: this.#runningIn(pool), allocated: kept.allocated };
        return admitted;
      }
    }
    const isReserved = reserved !== undefined;
    const pool = isReserved ? `${ofFunction}:reserved` : `${account}:unreserved`;
    const room = isReserved ? reserved - kept.ofFunction : unreserved;
    if (this.#runningIn(pool) >= room) {
      return {
        refused: isReserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : 'ConcurrentInvocationLimitExceeded',
      };
    }
    if (isHeld && !this.#requests.take(pool, requestsPerSecond * (reserved ?? accountLimit))) {
      return {
        refused: isReserved ? 'ReservedFunctionInvocationRateLimitExceeded' : 'FunctionInvocationRateLimitExceeded',
      };
    }
    return this.#admit([pool, ofFunction, account, invokedArn], kept.allocated > 0 ? 'spilled' : undefined);
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

  /** What runs now, where anything does. */
  snapshot(): RunningInAccount[] {
    const accounts = new Map<string, RunningInAccount>();
    for (const [pool, running] of this.#running) {
      const [account, region, functionName] = pool.split('/') as [string, string, string | undefined];
      if (pool.includes(':')) continue;
      const key = `${account}/${region}`;
      let found = accounts.get(key);
      if (found === undefined) {
        found = { account, region, running: 0, unreserved: this.#runningIn(`${key}:unreserved`), functions: [] };
        accounts.set(key, found);
      }
      if (functionName === undefined) found.running = running;
      else found.functions.push({ functionName, running });
    }
    return [...accounts.values()];
  }

  #admit(
    pools: [own: string, ofFunction: string, ofAccount: string, invokedArn: string],
    provisioned: Admitted['provisioned'],
  ): Admitted {
    const [, ofFunction, ofAccount, invokedArn] = pools;
    for (const pool of pools) this.#running.set(pool, this.#runningIn(pool) + 1);
    this.#sum += 1;
    const concurrent: Admitted['concurrent'] = {
      ofQualifier: this.#runningIn(invokedArn),
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
