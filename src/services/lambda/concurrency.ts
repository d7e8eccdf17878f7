// How an account's concurrency is divided: reserved for functions, provisioned for their versions, and what is left.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
import type { ConcurrencyAllowance } from '../../execution/index.ts';
import { limits } from './limits.ts';
import type { ProvisionedRecord } from './provisioned-concurrency.ts';

/** The record of a function's reserved concurrency. */
export interface ReservedRecord {
  executions: number;
}

interface Setting<T> {
  name: string;
  qualifier: string;
  record: T;
}

/** What the functions of one account in one region hold of its concurrency. */
export class AccountConcurrency {
  /** Sum of what is reserved. */
  readonly reservedSum: number;
  /** What no other function can use: reservations, and provisioned concurrency where nothing is reserved. */
  readonly claimed: number;
  readonly #reserved: ReadonlyMap<string, number>;
  /** By function, then by qualifier. */
  readonly #provisioned = new Map<string, Map<string, number>>();

  constructor(reserved: readonly Setting<ReservedRecord>[], provisioned: readonly Setting<ProvisionedRecord>[]) {
    this.#reserved = new Map(reserved.map(({ name, record }) => [name, record.executions]));
    for (const { name, qualifier, record } of provisioned) {
      const ofFunction = this.#provisioned.get(name) ?? new Map<string, number>();
      this.#provisioned.set(name, ofFunction.set(qualifier, record.requested));
    }
    this.reservedSum = sum(this.#reserved.values());
    const unreserved = [...this.#provisioned.keys()].filter((name) => !this.#reserved.has(name));
    this.claimed = this.reservedSum + sum(unreserved.map((name) => this.provisionedSum(name)));
  }

  reserved(name: string): number | undefined {
    return this.#reserved.get(name);
  }

  provisioned(name: string, qualifier: string): number | undefined {
    return this.#provisioned.get(name)?.get(qualifier);
  }

  /** All that is provisioned for versions and aliases of a function. */
  provisionedSum(name: string): number {
    return sum(this.#provisioned.get(name)?.values() ?? []);
  }

  /** What a function alone can use. */
  claimOf(name: string): number {
    return this.reserved(name) ?? this.provisionedSum(name);
  }

  /** Whether a function may claim `claim`: the others must be left the minimum. A smaller claim than now always may. */
  mayClaim(name: string, claim: number, accountLimit: number): boolean {
    const now = this.claimOf(name);
    return claim <= now || accountLimit - (this.claimed - now) - claim >= unreservedMinimum(accountLimit);
  }

  /** The versions and aliases of a function that have provisioned concurrency. */
  qualifiers(name: string): string[] {
    return [...(this.#provisioned.get(name)?.keys() ?? [])];
  }

  /**
   * What an invocation may take part in, whose version has the provisioned concurrency of `qualifier` if any. Only
   * synchronous ones are held to a number of requests per second.
   */
  allowance(
    name: string,
    qualifier: string | undefined,
    accountLimit: number,
    isSynchronous = true,
  ): ConcurrencyAllowance {
    const reserved = this.reserved(name);
    return {
      unreserved: Math.max(0, accountLimit - this.claimed),
      claimed: this.claimed,
      ...(reserved === undefined ? {} : { reserved }),
      ...(qualifier === undefined ? {} : { provisioned: { qualifier } }),
      ...(isSynchronous ? { accountLimit } : {}),
    };
  }
}

/** What must stay for functions without a reservation; an account that has less than that keeps all it has. */
export function unreservedMinimum(accountLimit: number): number {
  return Math.min(limits.unreservedConcurrencyMinimum, accountLimit);
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
}
