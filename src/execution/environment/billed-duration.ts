// How much of an invocation's time is billed.

/** In milliseconds: what Lambda bills in today, and what it billed in until December 2020. */
export type BillingGranularity = 1 | 100;

export interface BilledTime {
  /** With an init that was repeated as part of the invocation, because the one before it had failed: that is billed always. */
  durationMs: number;
  /** Of an init that came before the invocation. */
  initDurationMs: number | undefined;
}

/**
 * Whole milliseconds. By the millisecond, the init that an invocation waited for is billed with it, as for every function
 * since August 2025; by the hundred, it is free.
 * https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export function billedDurationMs(granularity: BillingGranularity, time: BilledTime): number {
  const { durationMs, initDurationMs = 0 } = time;
  const billed = granularity === 1 ? durationMs + initDurationMs : durationMs;
  return Math.max(1, Math.ceil(billed / granularity)) * granularity;
}
