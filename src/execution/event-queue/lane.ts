// The events of one lane that are in memory: those that run, and the few that run next.
import { LaneWidth } from './lane-width.ts';
import type { QueuedEvent } from './queued-event.ts';

export class Lane {
  readonly key: string;
  readonly width = new LaneWidth();
  /** What runs next, in order. */
  readonly next: QueuedEvent[] = [];
  running = 0;
  /** Events of it in memory, those included that are over and not yet settled in the store. */
  held = 0;
  /** Whether the store may have events that could run and are not in memory. */
  more = false;
  loading = false;
  /** Set while the lane pauses. */
  cancelPause: (() => void) | undefined;
  /** Whether it waits for its turn. */
  inLine = false;

  constructor(key: string) {
    this.key = key;
  }

  get canStart(): boolean {
    return this.next.length > 0 && this.running < this.width.width && this.cancelPause === undefined;
  }

  /** Whether it runs as many as it may. */
  get isFull(): boolean {
    return this.running >= this.width.width;
  }

  /** Whether it has more than runs now. */
  get isBehind(): boolean {
    return this.running > 0 && (this.next.length > 0 || this.more);
  }

  /** How many events are kept at hand: enough that reading them from the store holds nothing up. */
  get window(): number {
    return Math.max(64, this.width.width);
  }

  /** Whether the events at hand run out while the store may have more. */
  get mustLoad(): boolean {
    return this.more && !this.loading && this.cancelPause === undefined && this.next.length <= this.window / 2;
  }

  get isOver(): boolean {
    return this.held === 0 && !this.more && !this.loading && this.cancelPause === undefined;
  }

  /** Puts an event back that could not run, before those that were accepted later. */
  putBack(event: QueuedEvent): void {
    const behind = this.next.findIndex((other) => other.id > event.id);
    this.next.splice(behind === -1 ? this.next.length : behind, 0, event);
  }
}
