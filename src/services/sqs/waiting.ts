// Long polling: receivers that wait, and what wakes them. Nothing is kept for a queue for which nobody waits.
import type { Clock } from '../../core/clock.ts';

/** A receiver that waits at a queue. */
export interface Receiver {
  /** Resolves once a message may have become visible since the last look: true, or false when the wait is over. */
  woken(): Promise<boolean>;
  /** To be called in the end, once. `tookAll`: it took as many as it could, so that there may be more for the next one. */
  leave(tookAll: boolean): void;
}

class Waiter {
  /** A wake that nobody has acted upon yet. */
  pending = false;
  over = false;
  #tell: (() => void) | undefined;

  wake(): void {
    this.pending = true;
    this.#tell?.();
  }

  end(): void {
    this.over = true;
    this.#tell?.();
  }

  async woken(): Promise<boolean> {
    if (!this.pending && !this.over) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
      this.#tell = undefined;
    }
    if (!this.pending) return false;
    this.pending = false;
    return true;
  }
}

/** The receivers of one queue in the order in which they came, and the timer for messages that will be visible. */
interface Line {
  waiters: Set<Waiter>;
  alarmAt: number;
  cancelAlarm: (() => void) | undefined;
}

export class WaitingReceivers {
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lines up at the queue `arn` for `waitMs` at most, and no longer than until `signal` aborts. */
  join(arn: string, waitMs: number, signal: AbortSignal): Receiver {
    const waiter = new Waiter();
    const line = this.#lines.get(arn) ?? {
      waiters: new Set(),
      alarmAt: Number.POSITIVE_INFINITY,
      cancelAlarm: undefined,
    };
    this.#lines.set(arn, line);
    line.waiters.add(waiter);
    const end = () => waiter.end();
    const cancelDeadline = this.#clock.after(waitMs, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    return {
      woken: () => waiter.woken(),
      leave: (tookAll) => {
        cancelDeadline();
        signal.removeEventListener('abort', end);
        line.waiters.delete(waiter);
        if (line.waiters.size === 0) {
          line.cancelAlarm?.();
          if (this.#lines.get(arn) === line) this.#lines.delete(arn);
        } else if (tookAll || waiter.pending) this.wake(arn, 1);
      },
    };
  }

  /** True when somebody waits. */
  at(arn: string): boolean {
    return this.#lines.has(arn);
  }

  /** Wakes as many receivers, those first who came first, who have not been woken already. */
  wake(arn: string, messages: number): void {
    const line = this.#lines.get(arn);
    if (line === undefined) return;
    let left = messages;
    for (const waiter of line.waiters) {
      if (left <= 0) return;
      if (waiter.over) continue;
      waiter.wake();
      left--;
    }
  }

  /** Sees to it that one receiver is woken at that time, epoch milliseconds. */
  wakeAt(arn: string, at: number): void {
    const line = this.#lines.get(arn);
    if (line === undefined || at >= line.alarmAt) return;
    line.cancelAlarm?.();
    line.alarmAt = at;
    const delay = Math.max(0, at - this.#clock.now());
    line.cancelAlarm = this.#clock.after(delay, () => {
      line.alarmAt = Number.POSITIVE_INFINITY;
      line.cancelAlarm = undefined;
      this.wake(arn, 1);
    });
  }

  /** Ends every wait, since the server stops or, with `arn`, the queue is gone. */
  endAll(arn?: string): void {
    for (const [name, line] of this.#lines) {
      if (arn === undefined || name === arn) for (const waiter of line.waiters) waiter.end();
    }
  }
}
