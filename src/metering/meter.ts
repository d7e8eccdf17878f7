// Counts what every invocation used: gathered in memory, added to the stored rows in one transaction every 100 ms.
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { ConcurrencySnapshot, FinishedInvocation, FunctionTarget } from '../execution/index.ts';
import { ProvisionedPeriods } from './provisioned-periods.ts';
import type { UsageOfDay, UsageStore } from './store.ts';
import { dayOf, noCounts, type UsageCounts, type UsageKey } from './usage.ts';

/** How long a count may wait in memory: what a `kill -9` can lose. */
export const flushIntervalMs = 100;
/** `/tmp` up to this size is part of the price of memory. */
const freeEphemeralStorageMib = 512;
/** Of each streamed response. */
const freeResponseBytes = 6 * 1024 ** 2;
/** Of an asynchronous event, for the first request and for each further one. */
const eventBytes = 256 * 1024;
const furtherEventBytes = 64 * 1024;
const dayMs = 86_400_000;

/** One day of one version, as far as it is not stored. */
interface OpenUsage {
  key: UsageKey;
  /** Days since 1970. */
  day: number;
  counts: UsageCounts;
  dirty: boolean;
}

export class Meter {
  readonly #store: UsageStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Targets of the same version may have usages of their own: they come together in the row. */
  readonly #open = new WeakMap<FunctionTarget, OpenUsage>();
  readonly #provisioned = new ProvisionedPeriods();
  #dirty: OpenUsage[] = [];
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> | undefined;

  constructor(store: UsageStore, clock: Clock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Counts one invocation; throttled ones cost nothing. Synchronous and without I/O. */
  count({ invocation, outcome, submittedAt, provisioned }: FinishedInvocation): void {
    if (outcome.kind === 'throttled') return;
    const { target } = invocation;
    const open = this.#usageOf(target, submittedAt);
    const { counts } = open;
    const { billedDurationMs, streamedBytes } = outcome.usage;
    const mbMs = target.memoryMib * billedDurationMs;
    counts.requests += requestsOf(invocation);
    if (provisioned === 'served') counts.provisionedDurationMbMs += mbMs;
    else counts.durationMbMs += mbMs;
    counts.ephemeralStorageMbMs += (target.ephemeralStorageMib - freeEphemeralStorageMib) * billedDurationMs;
    counts.streamedBytes += Math.max(0, streamedBytes - freeResponseBytes);
    this.#mark(open);
  }

  /** Counts the environments that are kept ready, since the last time that it was told of them; once a minute will do. */
  countProvisioned({ provisioned }: Pick<ConcurrencySnapshot, 'provisioned'>): void {
    const now = this.#clock.now();
    for (const { target, mbMs } of this.#provisioned.charge(provisioned, now)) {
      const open = this.#usageOf(target, now);
      open.counts.provisionedMbMs += mbMs;
      this.#mark(open);
    }
  }

  /** Resolves when everything counted so far is stored; rejects when it could not be, and keeps it for the next try. */
  async flush(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing.catch(() => {});
    if (this.#dirty.length === 0) return;
    this.#flushing = this.#flushOnce().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /** Stores what is left. */
  async stop(): Promise<void> {
    await this.flush();
    this.#cancelTimer?.();
  }

  #usageOf(target: FunctionTarget, epochMs: number): OpenUsage {
    const day = Math.floor(epochMs / dayMs);
    let open = this.#open.get(target);
    if (open?.day !== day) {
      const { account, region, functionName, version, architecture } = target;
      open = { key: { account, region, functionName, version, architecture }, day, counts: noCounts(), dirty: false };
      this.#open.set(target, open);
    }
    return open;
  }

  #mark(open: OpenUsage): void {
    if (open.dirty) return;
    open.dirty = true;
    this.#dirty.push(open);
    this.#cancelTimer ??= this.#clock.after(flushIntervalMs, () => {
      this.#cancelTimer = undefined;
      this.flush().catch((error) => {
        this.#log.error({ err: error }, 'usage could not be stored and is kept in memory');
      });
    });
  }

  async #flushOnce(): Promise<void> {
    const taken = this.#dirty;
    this.#dirty = [];
    const usages = taken.map((open): UsageOfDay => {
      const { counts } = open;
      open.counts = noCounts();
      open.dirty = false;
      return { key: open.key, day: dayOf(open.day * dayMs), counts };
    });
    try {
      await this.#store.add(usages);
    } catch (error) {
      for (const [index, open] of taken.entries()) {
        const { counts } = usages[index]!;
        for (const quantity of Object.keys(counts) as (keyof UsageCounts)[]) open.counts[quantity] += counts[quantity];
        this.#mark(open);
      }
      throw error;
    }
  }
}

/** A large event counts as several requests. https://aws.amazon.com/lambda/pricing/ */
function requestsOf({ isAsynchronous, payload }: FinishedInvocation['invocation']): number {
  if (isAsynchronous !== true) return 1;
  return 1 + Math.ceil(Math.max(0, payload.length - eventBytes) / furtherEventBytes);
}
