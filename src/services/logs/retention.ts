// How long a group keeps its events.

const dayMs = 86_400_000;

/** Epoch milliseconds before which a group's events have expired; 0 when it keeps them for ever. */
export function retainedFrom({ retentionDays }: { retentionDays: number | undefined }, now: number): number {
  return retentionDays === undefined ? 0 : Math.max(0, now - retentionDays * dayMs);
}
