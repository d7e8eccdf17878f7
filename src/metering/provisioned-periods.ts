// How long environments were kept ready, in the periods that AWS bills: five minutes, begun ones whole.
import type { ConcurrencySnapshot, FunctionTarget } from '../execution/index.ts';

/** https://aws.amazon.com/lambda/pricing/ "rounded up to the nearest five minutes". */
export const periodMs = 300_000;

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
  charge(provisioned: ConcurrencySnapshot['provisioned'], now: number): { target: FunctionTarget; mbMs: number }[] {
    const charges: { target: FunctionTarget; mbMs: number }[] = [];
    const paid = new Map<string, Paid>();
    for (const { qualifier, kept } of provisioned) {
      for (const { target, allocated } of kept) {
        if (allocated === 0) continue;
        const { account, region, functionName, version, memoryMib } = target;
        const name = JSON.stringify([account, region, functionName, version, qualifier]);
        const before = this.#paid.get(name) ?? { executions: 0, until: now };
        let { until } = before;
        let executionMs = Math.max(0, allocated - before.executions) * Math.max(0, until - now);
        while (until <= now) {
          until += periodMs;
          executionMs += allocated * periodMs;
        }
        const executions = until > before.until ? allocated : Math.max(allocated, before.executions);
        paid.set(name, { until, executions });
        if (executionMs > 0) charges.push({ target, mbMs: memoryMib * executionMs });
      }
    }
    this.#paid = paid;
    return charges;
  }
}
