// What is billed, as whole numbers: of one function version on one day, and of anything those add up to.

/** What a price is multiplied with. */
export const quantities = [
  'requests',
  /** On demand; memory × billed duration, init included. */
  'durationMbMs',
  /** The same of invocations that provisioned concurrency served. */
  'provisionedDurationMbMs',
  /** Memory × time for which environments were kept ready. */
  'provisionedMbMs',
  /** What `/tmp` has above 512 MB × billed duration. */
  'ephemeralStorageMbMs',
  /** Above 6 MB of each streamed response. */
  'streamedBytes',
] as const;

export type Quantity = (typeof quantities)[number];

export interface UsageKey {
  account: string;
  region: string;
  functionName: string;
  /** `$LATEST` or a number. */
  version: string;
  architecture: string;
}

/** What came in since something was stored; small enough for plain numbers. */
export type UsageCounts = Record<Quantity, number>;

/** What a function version used in some time. */
export interface Usage extends Omit<UsageKey, 'account'> {
  used: Record<Quantity, bigint>;
}

export function noCounts(): UsageCounts {
  return {
    requests: 0,
    durationMbMs: 0,
    provisionedDurationMbMs: 0,
    provisionedMbMs: 0,
    ephemeralStorageMbMs: 0,
    streamedBytes: 0,
  };
}

/** `2026-11-23`, in UTC. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
