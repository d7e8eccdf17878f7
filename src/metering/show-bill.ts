// A bill as JSON: numbers that people read, as text with all their decimals, so that no program rounds them.
import type { Bill, BillLine } from './bill.ts';
import { formatDollars, formatRatio, type Picodollars } from './money.ts';
import { bytesPerGb, hasOwnPrices, mbMsPerGbSecond, priceTable } from './price-table.ts';
import type { Quantity } from './usage.ts';

interface Shown {
  item: string;
  unit: 'requests' | 'GB-seconds' | 'GB';
}

const shown: Readonly<Record<Quantity, Shown>> = {
  requests: { item: 'requests', unit: 'requests' },
  durationMbMs: { item: 'duration', unit: 'GB-seconds' },
  provisionedDurationMbMs: { item: 'provisioned-duration', unit: 'GB-seconds' },
  provisionedMbMs: { item: 'provisioned-concurrency', unit: 'GB-seconds' },
  ephemeralStorageMbMs: { item: 'ephemeral-storage', unit: 'GB-seconds' },
  streamedBytes: { item: 'streaming', unit: 'GB' },
};

/** A bill's line: `usage` in `unit`, `cost` in US dollars. */
export interface ShownLine extends Shown {
  region: string;
  architecture: string;
  usage: string;
  cost: string;
}

export interface ShownBill {
  account: string;
  functions: {
    region: string;
    functionName: string;
    requests: string;
    /** Of invocations, whether or not provisioned concurrency served them. */
    gbSeconds: string;
    cost: string;
    lines: ShownLine[];
  }[];
  lines: ShownLine[];
  subtotal: string;
  freeTier: { item: string; unit: string; usage: string }[];
  freeTierCredit: string;
  /** Before rounding to cents. */
  exactTotal: string;
  /** In cents, as AWS charges it. */
  total: string;
}

/** Where the prices are from, and the regions whose own are not known. */
export function showPrices(bills: readonly Bill[]) {
  const regions = new Set(bills.flatMap(({ lines }) => lines.map(({ region }) => region)));
  const { source, date, region } = priceTable;
  return { source, date, region, regionsPricedAsThat: [...regions].filter((each) => !hasOwnPrices(each)).sort() };
}

export function showBill(account: string, bill: Bill): ShownBill {
  return {
    account,
    functions: bill.functions.map(({ region, functionName, lines, amount }) => ({
      region,
      functionName,
      requests: formatQuantity('requests', sumOf(lines, 'requests')),
      gbSeconds: formatQuantity('durationMbMs', sumOf(lines, 'durationMbMs') + sumOf(lines, 'provisionedDurationMbMs')),
      cost: exact(amount),
      lines: lines.map(showLine),
    })),
    lines: bill.lines.map(showLine),
    subtotal: exact(bill.subtotal),
    freeTier: Object.entries(bill.freeTier.used).map(([quantity, used]) => ({
      ...shown[quantity as Quantity],
      usage: formatQuantity(quantity as Quantity, used),
    })),
    freeTierCredit: exact(bill.freeTier.amount),
    exactTotal: exact(bill.total),
    total: formatDollars(bill.total, 2),
  };
}

function showLine({ region, architecture, quantity, used, amount }: BillLine): ShownLine {
  const usage = formatQuantity(quantity, used);
  return { region, architecture, ...shown[quantity], usage, cost: exact(amount) };
}

const exact = (amount: Picodollars) => formatDollars(amount, 12).replace(/(\.\d\d\d*?)0+$/, '$1');

const sumOf = (lines: readonly BillLine[], quantity: Quantity) =>
  lines.reduce((sum, line) => (line.quantity === quantity ? sum + line.used : sum), 0n);

function formatQuantity(quantity: Quantity, used: bigint): string {
  switch (shown[quantity].unit) {
    case 'requests':
      return used.toString();
    case 'GB-seconds':
      return formatRatio(used, mbMsPerGbSecond, 6);
    case 'GB':
      return formatRatio(used, bytesPerGb, 6);
  }
}
