// The durable queue of events: each is on disk before it counts as accepted, and until its handler is through with it.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import { measureIdleShare } from './idle-share.ts';
import { Lane } from './lane.ts';
import type { Disposition, EventHandler, NewEvent, QueuedEvent } from './queued-event.ts';
import { EventStore, type Settlement } from './store.ts';

export interface EventQueueParts {
  /** A database of its own with durability `full`. */
  database: Database;
  clock: Clock;
  log: Logger;
  /** Whether work is under way that goes before events. */
  yields(): boolean;
  /** Share of the machine that was idle since the call before; absent: as the system tells it. */
  idleShare?: () => number;
}

/** What became of events is stored at most this much later, several at once: a crash meanwhile repeats them. */
const settleAfterMs = 20;
/** Between two attempts to store something on a disk that refuses. */
const storeAgainMs = 1_000;
/** How often the width of lanes follows what is known by then. */
const adjustEveryMs = 100;
/** How long after work that goes before them events are still held back. */
const yieldForMs = 20;
/** Meanwhile one event begins in this time: what takes long anyway still runs with many others at once. */
const yieldPaceMs = 2;
/** Bytes of payloads in memory, of those that run and those that run next. */
const heldBytesLimit = 256 * 1_048_576;

export class EventQueue {
  readonly #parts: EventQueueParts;
  readonly #store: EventStore;
  readonly #idleShare: () => number;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that could start something, in the order in which they take turns. */
  readonly #line: Lane[] = [];
  /** Ids of the events in memory. */
  readonly #held = new Set<number>();
  #heldBytes = 0;
  /** Lanes whose next event in the store waits until the payloads of others are gone from memory. */
  readonly #lacksRoom = new Set<Lane>();
  #running = 0;
  #lastId: number;
  #handle: EventHandler | undefined;
  #state: 'idle' | 'running' | 'draining' | 'closed' = 'idle';
  #settlements: { settlement: Settlement; event: QueuedEvent }[] = [];
  #settling: Promise<void> | undefined;
  #cancelSettle: (() => void) | undefined;
  #cancelDue: (() => void) | undefined;
  /** What the timer for events that were put off is set to, and since when it looked after them; epoch milliseconds. */
  #due = { at: Number.POSITIVE_INFINITY, since: 0 };
  #cancelAdjust: (() => void) | undefined;
  #cancelPace: (() => void) | undefined;
  #yieldUntil = 0;
  #lastStartAt = 0;
  #onIdle: (() => void)[] = [];

  private constructor(parts: EventQueueParts, store: EventStore, lastId: number) {
    this.#parts = parts;
    this.#store = store;
    this.#lastId = lastId;
    this.#idleShare = parts.idleShare ?? measureIdleShare();
  }

  static async open(parts: EventQueueParts): Promise<EventQueue> {
    const store = await EventStore.open(parts.database);
    return new EventQueue(parts, store, await store.lastId());
  }

  /** Events that are being handled. */
  get running(): number {
    return this.#running;
  }

  /** Begins to run events, those first that were accepted before a crash. Called once. */
  async start(handle: EventHandler): Promise<void> {
    this.#handle = handle;
    this.#state = 'running';
    for (const key of await this.#store.lanes()) this.#lane(key).more = true;
    for (const lane of [...this.#lanes.values()]) this.#enter(lane);
    await this.#armDue(this.#parts.clock.now());
    this.#startNext();
  }

  /** Resolves when the event is on disk: from then on it is handled at least once, whatever happens. */
  async enqueue(event: NewEvent): Promise<void> {
    this.#lastId += 1;
    const queued = { ...event, id: this.#lastId, acceptedAt: this.#parts.clock.now(), dueAt: 0 };
    await this.#store.insert(queued);
    // It may have been read from the store already.
    if (this.#state !== 'running' || this.#held.has(queued.id)) return;
    const lane = this.#lane(event.lane);
    const isNext = !lane.more && !lane.loading && lane.next.length < lane.window;
    if (isNext && this.#hasRoom(queued)) {
      this.#hold(lane, queued);
      lane.next.push(queued);
    } else lane.more = true;
    this.#enter(lane);
    this.#startNext();
  }

  /** Lets a lane that pauses, or was made narrow, try again now: there may be room for it. */
  wake(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined || this.#state !== 'running') return;
    lane.width.reset();
    this.#resume(lane);
  }

  /**
   * Starts nothing more, waits up to `limitMs` for what runs, and stores what became of it. What is not over by then
   * runs again after the next start.
   */
  async close(limitMs: number): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'draining';
    for (const cancel of [this.#cancelDue, this.#cancelAdjust, this.#cancelPace]) cancel?.();
    for (const lane of this.#lanes.values()) lane.cancelPause?.();
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#parts.clock.after(limitMs, resolve);
        this.#onIdle.push(() => {
          cancel();
          resolve();
        });
      });
    }
    this.#state = 'closed';
    this.#cancelSettle?.();
    await this.#settling;
    await this.#store
      .settle(this.#settlements.map(({ settlement }) => settlement))
      .catch((error) => this.#parts.log.error({ err: error }, 'events that are over will run again'));
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(key);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** Lets a lane wait for its turn if it could start something, and sees that it has something at hand. */
  #enter(lane: Lane): void {
    if (this.#state !== 'running') return;
    if (lane.mustLoad && !this.#lacksRoom.has(lane)) void this.#load(lane);
    if (lane.canStart && !lane.inLine) {
      lane.inLine = true;
      this.#line.push(lane);
    }
    if (lane.isBehind) this.#armAdjust();
    if (lane.isOver) this.#lanes.delete(lane.key);
  }

  /** Reads what runs next from the store. */
  async #load(lane: Lane): Promise<void> {
    const { clock, log } = this.#parts;
    lane.loading = true;
    lane.more = false;
    try {
      const limit = lane.held + lane.window;
      const ids = await this.#store.ready(lane.key, clock.now(), limit);
      if (ids.length === limit) lane.more = true;
      for (const id of ids) {
        if (this.#held.has(id)) continue;
        const event = await this.#store.event(id);
        if (event === undefined) continue;
        if (!this.#hasRoom(event)) {
          lane.more = true;
          this.#lacksRoom.add(lane);
          break;
        }
        this.#hold(lane, event);
        lane.next.push(event);
      }
    } catch (error) {
      log.error({ err: error }, 'events could not be read');
      lane.more = true;
      this.#pause(lane, storeAgainMs);
    }
    lane.loading = false;
    if (lane.next.length > 0 || !this.#lacksRoom.has(lane)) this.#enter(lane);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#line.length > 0 && this.#state === 'running') {
      const waitMs = this.#mustWaitMs();
      if (waitMs > 0) {
        this.#cancelPace ??= this.#parts.clock.after(waitMs, () => {
          this.#cancelPace = undefined;
          this.#startNext();
        });
        return;
      }
      const lane = this.#line.shift()!;
      lane.inLine = false;
      if (!lane.canStart) continue;
      this.#lastStartAt = this.#parts.clock.monotonic();
      void this.#run(lane, lane.next.shift()!);
      this.#enter(lane);
    }
  }

  /** How long the next event must wait for the sake of work that goes before it. */
  #mustWaitMs(): number {
    const now = this.#parts.clock.monotonic();
    if (this.#parts.yields()) this.#yieldUntil = now + yieldForMs;
    return now >= this.#yieldUntil ? 0 : Math.max(0, this.#lastStartAt + yieldPaceMs - now);
  }

  async #run(lane: Lane, event: QueuedEvent): Promise<void> {
    lane.running += 1;
    this.#running += 1;
    const { era } = lane.width;
    const startedAt = this.#parts.clock.monotonic();
    let disposition: Disposition;
    try {
      disposition = await this.#handle!(event);
    } catch (error) {
      this.#parts.log.error({ err: error, requestId: event.requestId }, 'an event could not be handled');
      disposition = { kind: 'throttled' };
    }
    lane.running -= 1;
    this.#running -= 1;
    if (this.#state === 'closed') return;
    if (disposition.kind === 'throttled') this.#throttle(lane, event);
    else {
      lane.width.finished(this.#parts.clock.monotonic() - startedAt, era);
      this.#settle(event, disposition);
    }
    this.#enter(lane);
    this.#startNext();
    if (this.#running === 0) for (const tell of this.#onIdle.splice(0)) tell();
  }

  #throttle(lane: Lane, event: QueuedEvent): void {
    lane.putBack(event);
    const pauseMs = lane.width.throttled(lane.running, this.#parts.clock.monotonic());
    if (pauseMs !== undefined) this.#pause(lane, pauseMs);
  }

  #pause(lane: Lane, ms: number): void {
    if (this.#state !== 'running') return;
    lane.cancelPause?.();
    lane.cancelPause = this.#parts.clock.after(ms, () => this.#resume(lane));
  }

  #resume(lane: Lane): void {
    lane.cancelPause?.();
    lane.cancelPause = undefined;
    this.#enter(lane);
    this.#startNext();
  }

  #settle(event: QueuedEvent, disposition: Exclude<Disposition, { kind: 'throttled' }>): void {
    const { id } = event;
    const again = disposition.kind === 'retry' ? { dueAt: disposition.at, state: disposition.state } : undefined;
    this.#heldBytes -= event.payload.length;
    this.#settlements.push({ settlement: again === undefined ? { id } : { id, again }, event });
    if (this.#settling === undefined) this.#settleAfter(settleAfterMs);
    if (this.#lacksRoom.size === 0) return;
    const lanes = [...this.#lacksRoom];
    this.#lacksRoom.clear();
    for (const each of lanes) this.#enter(each);
  }

  #settleAfter(ms: number): void {
    if (this.#state === 'closed') return;
    this.#cancelSettle ??= this.#parts.clock.after(ms, () => {
      this.#cancelSettle = undefined;
      this.#settling = this.#storeSettlements().finally(() => {
        this.#settling = undefined;
      });
    });
  }

  async #storeSettlements(): Promise<void> {
    const batch = this.#settlements;
    this.#settlements = [];
    try {
      await this.#store.settle(batch.map(({ settlement }) => settlement));
    } catch (error) {
      this.#parts.log.error({ err: error }, 'what became of events could not be stored yet');
      this.#settlements = [...batch, ...this.#settlements];
      this.#settleAfter(storeAgainMs);
      return;
    }
    let nextDue = Number.POSITIVE_INFINITY;
    for (const { settlement, event } of batch) {
      this.#held.delete(event.id);
      const lane = this.#lanes.get(event.lane)!;
      lane.held -= 1;
      const dueAt = settlement.again?.dueAt ?? Number.POSITIVE_INFINITY;
      if (dueAt > this.#due.since) nextDue = Math.min(nextDue, dueAt);
      else lane.more = true;
      this.#enter(lane);
    }
    if (nextDue < this.#due.at) this.#setDue(nextDue);
    // The clock was set back: what was due by the time before is not any more.
    if (this.#parts.clock.now() < this.#due.since) void this.#wakeDue();
    if (this.#settlements.length > 0) this.#settleAfter(settleAfterMs);
  }

  #hasRoom({ payload }: QueuedEvent): boolean {
    return this.#heldBytes === 0 || this.#heldBytes + payload.length <= heldBytesLimit;
  }

  #hold(lane: Lane, event: QueuedEvent): void {
    this.#held.add(event.id);
    this.#heldBytes += event.payload.length;
    lane.held += 1;
  }

  /** Sets the timer for the first event that was put off to a time after `since`. */
  async #armDue(since: number): Promise<void> {
    this.#due = { at: Number.POSITIVE_INFINITY, since };
    const next = await this.#store.nextDue(since);
    if (next !== undefined && next < this.#due.at) this.#setDue(next);
  }

  #setDue(at: number): void {
    if (this.#state !== 'running') return;
    this.#cancelDue?.();
    this.#due.at = at;
    this.#cancelDue = this.#parts.clock.after(Math.max(1, at - this.#parts.clock.now()), () => void this.#wakeDue());
  }

  async #wakeDue(): Promise<void> {
    try {
      const until = this.#parts.clock.now();
      for (const key of await this.#store.lanesDue(Math.min(this.#due.since, until), until)) {
        const lane = this.#lane(key);
        lane.more = true;
        this.#enter(lane);
      }
      this.#startNext();
      await this.#armDue(until);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'events that are due could not be read');
      this.#setDue(this.#parts.clock.now() + storeAgainMs);
    }
  }

  #armAdjust(): void {
    if (this.#cancelAdjust !== undefined) return;
    this.#idleShare();
    this.#cancelAdjust = this.#parts.clock.after(adjustEveryMs, () => {
      this.#cancelAdjust = undefined;
      const now = this.#parts.clock.monotonic();
      const idleShare = this.#idleShare();
      const isUrgent = now < this.#yieldUntil;
      for (const lane of this.#lanes.values()) {
        if (!lane.isBehind) continue;
        lane.width.adjust({ idleShare, isFull: lane.isFull, isUrgent }, now);
        this.#enter(lane);
      }
      this.#startNext();
    });
  }
}
