// How much of an invocation's time is billed.

/** In milliseconds: what Lambda bills in today, and what it billed in until December 2020. */
export type BillingGranularity = 1 | 100;

export interface BilledTime {
  durationMs: number;
  /** Of an init that came before the invocation. */
  initDurationMs: number | undefined;
  /** True when the init before it had failed, so that this one was part of the invocation, and billed at all times. */
  initRepeated?: boolean;
}

/**
 * Whole milliseconds. By the millisecond, the init that an invocation waited for is billed with it, as for every function
 * since August 2025; by the hundred, it is free.
 * https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export function billedDurationMs(granularity: BillingGranularity, time: BilledTime): number {
  const { durationMs, initDurationMs = 0, initRepeated = false } = time;
  const billed = granularity === 1 || initRepeated ? durationMs + initDurationMs : durationMs;
  return Math.max(1, Math.ceil(billed / granularity)) * granularity;
}
