import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBill, proportional } from './bill.ts';
import { formatDollars } from './money.ts';
import { bytesPerGb, mbMsPerGbSecond } from './price-table.ts';
import { showBill, showPrices } from './show-bill.ts';
import { quantities, type Quantity, type Usage } from './usage.ts';

const gbSeconds = (count: number) => BigInt(count) * mbMsPerGbSecond;

function usage(used: Partial<Record<Quantity, bigint>>, of: Partial<Omit<Usage, 'used'>> = {}): Usage {
  const all = Object.fromEntries(quantities.map((quantity) => [quantity, used[quantity] ?? 0n])) as Usage['used'];
  return { region: 'us-east-1', functionName: 'f', version: '$LATEST', architecture: 'x86_64', ...of, used: all };
}

const cents = (usages: Usage[]) => formatDollars(makeBill(usages).total, 2);

test('nothing costs nothing, and is nothing on the bill', () => {
  const bill = makeBill([usage({})]);
  assert.deepEqual(bill, { functions: [], lines: [], subtotal: 0n, freeTier: { used: {}, amount: 0n }, total: 0n });
  assert.equal(showBill('000000000000', bill).total, '0.00');
});

test("AWS's own example comes out to the cent: three million requests of 120 ms at 1,536 MB", () => {
  const bill = makeBill([usage({ requests: 3_000_000n, durationMbMs: 3_000_000n * 120n * 1536n })]);
  // 540,000 GB-s × 0.0000166667 + 3 × 0.20, less 400,000 GB-s and a million requests: 2.333338 + 0.40.
  assert.equal(formatDollars(bill.subtotal, 6), '9.600018');
  assert.equal(formatDollars(bill.freeTier.amount, 6), '6.866680');
  assert.equal(formatDollars(bill.total, 6), '2.733338');
});

test('within the free tier the total is zero, and the list price is shown beside it', () => {
  const bill = makeBill([usage({ requests: 1_000_000n, durationMbMs: gbSeconds(400_000) })]);
  assert.equal(formatDollars(bill.subtotal, 5), '6.86668');
  assert.equal(bill.total, 0n);
  assert.deepEqual(bill.freeTier.used, { requests: 1_000_000n, durationMbMs: gbSeconds(400_000) });
});

test('one request beyond the free tier costs what one request costs', () => {
  assert.equal(formatDollars(makeBill([usage({ requests: 1_000_001n })]).total, 7), '0.0000002');
});

test('each tier has its price, counted from what the free tier leaves', () => {
  // 6e9 × 0.0000166667 = 100,000.20
  assert.equal(cents([usage({ durationMbMs: gbSeconds(6_000_400_000) })]), '100000.20');
  // + 1e9 × 0.000015
  assert.equal(cents([usage({ durationMbMs: gbSeconds(7_000_400_000) })]), '115000.20');
  // 6e9, 9e9 × 0.000015 = 135,000, 1e9 × 0.0000133334 = 13,333.40
  assert.equal(cents([usage({ durationMbMs: gbSeconds(16_000_400_000) })]), '248333.60');
});

test('arm64 has prices and tiers of its own', () => {
  const architecture = 'arm64';
  // 7.5e9 × 0.0000133334 = 100,000.50; 11.25e9 × 0.0000120001 = 135,001.125; 1e9 × 0.0000106667 = 10,666.70
  const used = { durationMbMs: gbSeconds(19_750_400_000) };
  assert.equal(formatDollars(makeBill([usage(used, { architecture })]).total, 3), '245668.325');
});

test('tiers go by region and architecture; two of them at six billion each stay in the first tier', () => {
  const durationMbMs = gbSeconds(6_000_000_000);
  const bill = makeBill([usage({ durationMbMs }), usage({ durationMbMs }, { region: 'eu-west-1' })]);
  assert.equal(formatDollars(bill.subtotal, 2), '200000.40');
});

test('functions of one region and architecture share its tiers in proportion', () => {
  const bill = makeBill([
    usage({ durationMbMs: gbSeconds(9_000_000_000) }, { functionName: 'large' }),
    usage({ durationMbMs: gbSeconds(3_000_000_000) }, { functionName: 'small' }),
  ]);
  // 100,000.20 + 6e9 × 0.000015 = 190,000.20
  assert.deepEqual(
    bill.functions.map(({ functionName, amount }) => [functionName, formatDollars(amount, 2)]),
    [
      ['large', '142500.15'],
      ['small', '47500.05'],
    ],
  );
});

test('the free tier is one for all regions, shared in proportion', () => {
  const bill = makeBill([
    usage({ durationMbMs: gbSeconds(600_000) }),
    usage({ durationMbMs: gbSeconds(200_000) }, { region: 'af-south-1' }),
  ]);
  // 300,000 × 0.0000166667 + 100,000 × 0.0000221
  assert.equal(formatDollars(bill.total, 6), '7.210010');
});

test('provisioned concurrency, its duration, and storage have their prices and no free tier', () => {
  const bill = makeBill([
    usage({
      requests: 1n,
      provisionedMbMs: gbSeconds(1_000_000),
      provisionedDurationMbMs: gbSeconds(1_000_000),
      ephemeralStorageMbMs: gbSeconds(1_000_000),
    }),
  ]);
  assert.equal(formatDollars(bill.total, 4), '13.9198');
  assert.equal(bill.freeTier.used.durationMbMs, undefined);
});

test('streamed bytes are billed beyond one hundred gigabytes', () => {
  assert.equal(cents([usage({ streamedBytes: 100n * bytesPerGb })]), '0.00');
  assert.equal(cents([usage({ streamedBytes: 350n * bytesPerGb })]), '2.00');
});

test('versions are one function on the bill; functions of one name in two regions are two', () => {
  const { functions } = makeBill([
    usage({ requests: 1n }, { version: '1' }),
    usage({ requests: 2n }, { version: '2' }),
    usage({ requests: 4n }, { region: 'eu-west-1' }),
  ]);
  assert.deepEqual(
    functions.map(({ region, functionName, lines }) => [region, functionName, lines.length, lines[0]!.used]),
    [
      ['eu-west-1', 'f', 1, 4n],
      ['us-east-1', 'f', 1, 3n],
    ],
  );
});

test('what functions cost adds up to the subtotal, to the last picodollar', () => {
  const odd = [7n, 11n, 13n].map((weight, index) =>
    usage({ requests: weight, durationMbMs: weight * 1_000_003n }, { functionName: `f${index}` }),
  );
  const bill = makeBill(odd);
  assert.equal(
    bill.functions.reduce((sum, { amount }) => sum + amount, 0n),
    bill.subtotal,
  );
  assert.deepEqual(proportional(10n, [1n, 1n, 1n]), [3n, 3n, 4n]);
});

test('as JSON, numbers are text with all their decimals, and lines that are zero are left out', () => {
  const bill = makeBill([usage({ requests: 2n, durationMbMs: 128n * 5n })]);
  const shown = showBill('123456789012', bill);
  assert.deepEqual(shown.functions, [
    {
      region: 'us-east-1',
      functionName: 'f',
      requests: '2',
      gbSeconds: '0.000625',
      cost: '0.000000410417',
      lines: shown.lines,
    },
  ]);
  assert.deepEqual(
    shown.lines.map(({ item, usage: used, unit, cost }) => [item, used, unit, cost]),
    [
      ['requests', '2', 'requests', '0.0000004'],
      ['duration', '0.000625', 'GB-seconds', '0.000000010417'],
    ],
  );
  assert.deepEqual(
    [shown.subtotal, shown.freeTierCredit, shown.exactTotal],
    ['0.000000410417', '0.000000410417', '0.00'],
  );
  assert.deepEqual(shown.freeTier[0], { item: 'requests', unit: 'requests', usage: '2' });
});

test('regions without prices of their own are named', () => {
  const bill = makeBill([usage({ requests: 1n }), usage({ requests: 1n }, { region: 'eu-west-1' })]);
  assert.deepEqual(showPrices([bill]).regionsPricedAsThat, ['eu-west-1']);
});
