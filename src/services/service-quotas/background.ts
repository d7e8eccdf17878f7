// What Service Quotas does on its own clock: decide about requests, as the operator's policy says.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { QuotaStore } from './store.ts';

/** `grant` gives what is asked for; `hold` leaves requests pending until a server with `grant` runs. */
export type QuotaPolicy = 'grant' | 'hold';

export interface DecisionParts {
  store: QuotaStore;
  policy: QuotaPolicy;
  clock: Clock;
  log: Logger;
}

export async function decide(requestId: string, { store, policy, clock, log }: DecisionParts): Promise<void> {
  if (policy === 'hold') return;
  try {
    await store.grant(requestId, clock.now());
  } catch (error) {
    log.error({ err: error, requestId }, 'a quota increase could not be granted');
  }
}

/** After a start: decides about what a crash, or a server with another policy, left open. */
export async function decideAll(parts: DecisionParts): Promise<void> {
  for (const id of await parts.store.pending()) await decide(id, parts);
}
