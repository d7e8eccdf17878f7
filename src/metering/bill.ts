// What AWS would charge for the usage of a month.
import { type Picodollars, priceOf } from './money.ts';
import { type Architecture, freeTier, type Price, pricesOf } from './price-table.ts';
import { quantities, type Quantity, type Usage } from './usage.ts';

/** A quantity of one region and architecture. */
export interface BillLine {
  region: string;
  architecture: string;
  quantity: Quantity;
  used: bigint;
  /** At list prices, before the free tier. */
  amount: Picodollars;
}

export interface FunctionBill {
  region: string;
  functionName: string;
  lines: BillLine[];
  amount: Picodollars;
}

export interface Bill {
  /** By region, then name; functions that used nothing are left out. */
  functions: FunctionBill[];
  /** Over all functions; their sum is `subtotal`. */
  lines: BillLine[];
  subtotal: Picodollars;
  freeTier: { used: Partial<Record<Quantity, bigint>>; amount: Picodollars };
  total: Picodollars;
}

/**
 * The bill of one account for one month. Tiers go by what all functions of one architecture used in one region. The free
 * tier is one for all regions: each region and architecture has its share of it in proportion to its usage, and only what
 * goes beyond that counts towards the tiers. Within a line, functions share the amount in proportion to their usage.
 */
export function makeBill(usages: readonly Usage[]): Bill {
  const lines: BillLine[] = [];
  const functions = new Map<string, FunctionBill>();
  for (const [region, architecture] of places(usages)) {
    const here = usages.filter((usage) => usage.region === region && usage.architecture === architecture);
    const prices = pricesOf(region, architecture as Architecture);
    for (const quantity of quantities) {
      const used = sum(here.map((usage) => usage.used[quantity]));
      if (used === 0n) continue;
      const line = { region, architecture, quantity, used, amount: tiered(used, prices[quantity]) };
      lines.push(line);
      share(line, here, functions);
    }
  }
  const subtotal = sum(lines.map(({ amount }) => amount));
  const free = applyFreeTier(lines);
  const listed = [...functions.values()].sort(
    (a, b) => compare(a.region, b.region) || compare(a.functionName, b.functionName),
  );
  return { functions: listed, lines, subtotal, freeTier: free, total: subtotal - free.amount };
}

/** What `used` costs when each part of it costs what its tier says. */
export function tiered(used: bigint, { per, tiers }: Price): Picodollars {
  let amount = 0n;
  let from = 0n;
  for (const { upTo, price } of tiers) {
    const to = upTo === undefined || upTo > used ? used : upTo;
    amount += priceOf(to - from, price, per);
    from = to;
    if (from === used) break;
  }
  return amount;
}

/** Parts of `whole` in proportion to `weights`, which are not all 0; the parts add up to `whole`. */
export function proportional(whole: bigint, weights: readonly bigint[]): bigint[] {
  const all = sum(weights);
  let weighed = 0n;
  let given = 0n;
  return weights.map((weight) => {
    weighed += weight;
    const upToHere = (whole * weighed) / all;
    const part = upToHere - given;
    given = upToHere;
    return part;
  });
}

function share(line: BillLine, usages: readonly Usage[], functions: Map<string, FunctionBill>): void {
  const { region, architecture, quantity } = line;
  const byName = new Map<string, bigint>();
  for (const { functionName, used } of usages) {
    if (used[quantity] > 0n) byName.set(functionName, (byName.get(functionName) ?? 0n) + used[quantity]);
  }
  const amounts = proportional(line.amount, [...byName.values()]);
  for (const [index, [functionName, used]] of [...byName].entries()) {
    const key = `${region}/${functionName}`;
    const bill = functions.get(key) ?? { region, functionName, lines: [], amount: 0n };
    functions.set(key, bill);
    bill.lines.push({ region, architecture, quantity, used, amount: amounts[index]! });
    bill.amount += amounts[index]!;
  }
}

function applyFreeTier(lines: readonly BillLine[]): Bill['freeTier'] {
  const free: Bill['freeTier'] = { used: {}, amount: 0n };
  for (const [quantity, allowance] of Object.entries(freeTier) as [Quantity, bigint][]) {
    const priced = lines.filter((line) => line.quantity === quantity);
    const used = sum(priced.map((line) => line.used));
    if (used === 0n) continue;
    const freeOfCharge = used < allowance ? used : allowance;
    const parts = proportional(
      freeOfCharge,
      priced.map((line) => line.used),
    );
    for (const [index, line] of priced.entries()) {
      const price = pricesOf(line.region, line.architecture as Architecture)[quantity];
      free.amount += line.amount - tiered(line.used - parts[index]!, price);
    }
    free.used[quantity] = freeOfCharge;
  }
  return free;
}

/** Regions and architectures that occur, in order. */
function places(usages: readonly Usage[]): [region: string, architecture: string][] {
  const found = new Map<string, [string, string]>();
  for (const { region, architecture } of usages) found.set(`${region}/${architecture}`, [region, architecture]);
  return [...found.values()].sort((a, b) => compare(a[0], b[0]) || compare(b[1], a[1]));
}

function sum(numbers: Iterable<bigint>): bigint {
  let total = 0n;
  for (const each of numbers) total += each;
  return total;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
