// One subscriber's events: gathered, delivered in batches, and dropped when it falls behind.
import type { Clock } from '../../core/clock.ts';
import type { Delivery } from './delivery.ts';
import type { TelemetryEvent } from './event.ts';
import type { Buffering } from './subscribe-request.ts';

const droppedReason = 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.';
/** How long after a delivery that failed the next is tried: doubled each time. */
const firstRetryMs = 50;
const longestRetryMs = 5_000;

export class Subscription {
  readonly #buffering: Buffering;
  readonly #delivery: Delivery;
  readonly #clock: Clock;
  /** Events as JSON texts. */
  #pending: string[] = [];
  #pendingBytes = 0;
  #dropped = { records: 0, bytes: 0 };
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #retryMs = firstRetryMs;
  #asleep = false;
  #hurried = false;
  #closed = false;

  constructor(buffering: Buffering, delivery: Delivery, clock: Clock) {
    this.#buffering = buffering;
    this.#delivery = delivery;
    this.#clock = clock;
  }

  add(event: TelemetryEvent): void {
    if (this.#closed) return;
    const text = JSON.stringify(event);
    const bytes = Buffer.byteLength(text);
    const { maxBytes, maxItems, timeoutMs } = this.#buffering;
    // Twice: what is on its way, and what gathers meanwhile. Further events are the subscriber's loss, not the function's.
    if (this.#pendingBytes + bytes > 2 * maxBytes || this.#pending.length >= 2 * maxItems) {
      this.#dropped.records += 1;
      this.#dropped.bytes += bytes;
      return;
    }
    this.#pending.push(text);
    this.#pendingBytes += bytes;
    if (this.#hurried || this.#pendingBytes >= maxBytes || this.#pending.length >= maxItems) this.#deliver();
    else this.#deliverAfter(timeoutMs);
  }

  /** The environment stands still: nothing in it can take a delivery. */
  freeze(): void {
    this.#asleep = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  thaw(): void {
    this.#asleep = false;
    // Its time has gone on.
    if (this.#pending.length > 0) this.#deliver();
  }

  /** From now on everything is delivered at once: the environment is about to end. */
  hurry(): void {
    this.#hurried = true;
    this.#asleep = false;
    this.#deliver();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#delivery.close();
  }

  #deliverAfter(delayMs: number): void {
    if (this.#asleep || this.#sending !== undefined) return;
    this.#cancelTimer ??= this.#clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#asleep || this.#closed || this.#sending !== undefined || this.#pending.length === 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = this.#batch();
    this.#sending = this.#delivery.send(batch).then(
      () => this.#delivered(batch),
      () => this.#failed(),
    );
  }

  /** As many as a batch may hold. */
  #batch(): string[] {
    const { maxBytes, maxItems } = this.#buffering;
    let bytes = 0;
    const end = this.#pending.findIndex((text, index) => {
      bytes += Buffer.byteLength(text);
      return index === maxItems || (index > 0 && bytes > maxBytes);
    });
    return end === -1 ? [...this.#pending] : this.#pending.slice(0, end);
  }

  #delivered(batch: string[]): void {
    this.#sending = undefined;
    this.#retryMs = firstRetryMs;
    this.#pending.splice(0, batch.length);
    for (const text of batch) this.#pendingBytes -= Buffer.byteLength(text);
    if (this.#dropped.records > 0) this.#tellDropped();
    const isDue = this.#hurried || this.#pendingBytes >= this.#buffering.maxBytes;
    if (this.#pending.length === 0) return;
    if (isDue) this.#deliver();
    else this.#deliverAfter(this.#buffering.timeoutMs);
  }

  #tellDropped(): void {
    const { records: droppedRecords, bytes: droppedBytes } = this.#dropped;
    this.#dropped = { records: 0, bytes: 0 };
    const time = new Date(this.#clock.now()).toISOString();
    const record = { reason: droppedReason, droppedRecords, droppedBytes };
    const text = JSON.stringify({ time, type: 'platform.logsDropped', record });
    this.#pending.push(text);
    this.#pendingBytes += Buffer.byteLength(text);
  }

  #failed(): void {
    this.#sending = undefined;
    if (this.#closed) return;
    const delayMs = this.#hurried ? firstRetryMs : this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#deliverAfter(delayMs);
  }
}
