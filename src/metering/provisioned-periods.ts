// How long environments were kept ready, in the periods that AWS bills: five minutes, begun ones whole.
import type { UsageKey } from './usage.ts';

/** https://aws.amazon.com/lambda/pricing/ "rounded up to the nearest five minutes". */
export const periodMs = 300_000;

/** Environments that are kept ready for a version, on behalf of one qualifier. */
export interface ProvisionedEnvironments extends UsageKey {
  /** The version or alias that the configuration is of. */
  qualifier: string;
  memoryMib: number;
  /** How many are allocated. */
  executions: number;
}

interface Paid {
  executions: number;
  /** Epoch milliseconds. */
  until: number;
}

export class ProvisionedPeriods {
  #paid = new Map<string, Paid>();

  /**
   * What is to be charged at `now` for the environments there are. A period is charged when it begins; environments that
   * are added within one, for the rest of it. What is left out is no longer kept, and begins anew when it comes back.
   */
  charge(environments: Iterable<ProvisionedEnvironments>, now: number): { key: UsageKey; mbMs: number }[] {
    const charges: { key: UsageKey; mbMs: number }[] = [];
    const paid = new Map<string, Paid>();
    for (const { qualifier, memoryMib, executions, ...key } of environments) {
      const name = JSON.stringify([key.account, key.region, key.functionName, key.version, qualifier]);
      const before = this.#paid.get(name) ?? { executions: 0, until: now };
      let { until } = before;
      let executionMs = Math.max(0, executions - before.executions) * Math.max(0, until - now);
      while (until <= now && executions > 0) {
        until += periodMs;
        executionMs += executions * periodMs;
      }
      if (executions > 0) {
        paid.set(name, {
          until,
          executions: until > before.until ? executions : Math.max(executions, before.executions),
        });
      }
      if (executionMs > 0) charges.push({ key, mbMs: memoryMib * executionMs });
    }
    this.#paid = paid;
    return charges;
  }
}
