// How long Lambda waits after throttles and faults of its own: exponentially, from a second to five minutes.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

export const longestBackOffMs = 300_000;

/** Milliseconds to wait after the `failures`th failure in a row; the first is 1. */
export function backOffMs(failures: number): number {
  return Math.min(longestBackOffMs, 1000 * 2 ** (failures - 1));
}
