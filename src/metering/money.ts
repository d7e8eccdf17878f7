// Money as whole picodollars, so that sums are exact; rounded where people read it.

/** Millionths of a millionth of a US dollar. */
export type Picodollars = bigint;

const perDollar = 1_000_000_000_000n;

/** `'0.0000166667'` → 16666700n. At most twelve decimals. */
export function picodollars(dollars: string): Picodollars {
  const [whole = '0', fraction = ''] = dollars.split('.');
  return BigInt(whole) * perDollar + BigInt(fraction.padEnd(12, '0'));
}

/** What `amount` units cost of which `per` cost `price`; rounded half up to a picodollar. */
export function priceOf(amount: bigint, price: Picodollars, per: bigint): Picodollars {
  return divideRounded(amount * price, per);
}

/** Rounded half up; for amounts that are not negative. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}

/** In dollars with exactly `decimals` places, rounded half away from zero, e.g. `2.73`. */
export function formatDollars(amount: Picodollars, decimals: number): string {
  const sign = amount < 0n ? '-' : '';
  return sign + formatRatio(amount < 0n ? -amount : amount, perDollar, decimals);
}

/** `dividend / divisor` with exactly `decimals` places, rounded half up. */
export function formatRatio(dividend: bigint, divisor: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const rounded = divideRounded(dividend * scale, divisor);
  const fraction = decimals === 0 ? '' : `.${(rounded % scale).toString().padStart(decimals, '0')}`;
  return `${rounded / scale}${fraction}`;
}
