// Longer and longer pauses, up to a limit.

/** Milliseconds to wait before try `attempt` (the first is 0): `firstMs`, doubled each time, at most `mostMs`. */
export function backOff(attempt: number, firstMs: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
}
