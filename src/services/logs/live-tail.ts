// Live Tail: sessions that see events as they are stored.
import type { Clock } from '../../core/clock.ts';
import { AwsError } from '../../core/errors.ts';
import { limitExceeded } from './errors.ts';
import { limits } from './limits.ts';
import { groupArn } from './log-arns.ts';
import type { StoredBatch } from './store/index.ts';

export interface LiveTailQuery {
  account: string;
  /** Ids of the groups. */
  groupIds: ReadonlySet<number>;
  acceptsStream: (name: string) => boolean;
  acceptsMessage: (message: string) => boolean;
}

/** As in AWS's LiveTailSessionLogEvent. */
export interface LiveTailEvent {
  logStreamName: string;
  logGroupIdentifier: string;
  message: string;
  /** Epoch milliseconds. */
  timestamp: number;
  ingestionTime: number;
}

export interface LiveTailUpdate {
  events: LiveTailEvent[];
  /** There were more events than an update holds. */
  sampled: boolean;
}

export class LiveTail {
  readonly #clock: Clock;
  readonly #sessions = new Set<LiveTailSession>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens a session. Throws LimitExceededException when the account has as many as it may. It ends with `close`. */
  open(query: LiveTailQuery): LiveTailSession {
    const open = [...this.#sessions].filter((session) => session.query.account === query.account).length;
    if (open >= limits.liveTailSessionsPerAccount) throw limitExceeded('Too many concurrent Live Tail sessions.');
    const session = new LiveTailSession(query, this.#clock, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }

  /** Shows a stored batch to all sessions that look for it. */
  publish(batch: StoredBatch): void {
    for (const session of this.#sessions) session.offer(batch);
  }

  closeAll(): void {
    for (const session of this.#sessions) session.close();
  }
}

export class LiveTailSession {
  readonly query: LiveTailQuery;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #end: number;
  #events: LiveTailEvent[] = [];
  #sampled = false;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(query: LiveTailQuery, clock: Clock, onClose: () => void) {
    this.query = query;
    this.#clock = clock;
    this.#onClose = onClose;
    this.#end = clock.now() + limits.liveTailSessionMs;
  }

  offer(batch: StoredBatch): void {
    const { query } = this;
    if (!query.groupIds.has(batch.groupId) || !query.acceptsStream(batch.stream)) return;
    const { timestamps, ingestionTimes, messages } = batch.events;
    for (const [index, message] of messages.entries()) {
      if (!query.acceptsMessage(message)) continue;
      if (this.#events.length === limits.liveTailEventsPerUpdate) {
        this.#sampled = true;
        return;
      }
      this.#events.push({
        logStreamName: batch.stream,
        logGroupIdentifier: groupArn({ ...batch, name: batch.group }),
        message,
        timestamp: timestamps[index]!,
        ingestionTime: ingestionTimes[index]!,
      });
    }
  }

  /** An update each second until the session is closed. Throws SessionTimeoutException at the end of its time. */
  async *updates(): AsyncGenerator<LiveTailUpdate> {
    try {
      for (;;) {
        await this.#sleep(limits.liveTailUpdateMs);
        if (this.#closed) return;
        const update = { events: this.#events, sampled: this.#sampled };
        this.#events = [];
        this.#sampled = false;
        yield update;
        if (this.#clock.now() >= this.#end) {
          throw new AwsError('SessionTimeoutException', 'The Live Tail session has reached its time limit.');
        }
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#closed = true;
    this.#onClose();
    this.#wake?.();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
