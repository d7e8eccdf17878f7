// Percentiles and medians of samples.

/** The value below which `share` (0 to 1) of the samples lie, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Three digits that matter are all that such measurements give. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function ratio(value: number, base: number): number {
  return rounded(value / base);
}
