// A small SQS in memory for random tests: the rules of visibility, delay, groups, deduplication and dead letters, written down
// once more and as simply as can be. Times are epoch milliseconds.

export interface ReferenceMessage {
  body: string;
  group: string | undefined;
  sent: number;
  visibleAt: number;
  received: number;
  receiveCount: number;
  /** Received from the queue that it is in now, and not given back since. */
  inFlight: boolean;
  /** Counts deliveries and moves, so that a handle tells whether it is the last one. */
  handle: string;
}

export interface ReferenceOptions {
  fifo: boolean;
  visibilityMs: number;
  delayMs: number;
  retentionMs: number;
  deadLetters?: { queue: ReferenceQueue; maxReceiveCount: number };
}

export class ReferenceQueue {
  readonly options: ReferenceOptions;
  messages: ReferenceMessage[] = [];
  #seen = new Map<string, number>();

  constructor(options: ReferenceOptions) {
    this.options = options;
  }

  /** False when it was a duplicate. */
  send(now: number, body: string, group: string | undefined, deduplicationId: string | undefined, delayMs?: number) {
    if (deduplicationId !== undefined) {
      const before = this.#seen.get(deduplicationId);
      if (before !== undefined && now - before < 300_000) return false;
      this.#seen.set(deduplicationId, now);
    }
    const visibleAt = now + (delayMs ?? this.options.delayMs);
    const nothing = { received: 0, receiveCount: 0, inFlight: false, handle: '' };
    this.messages.push({ body, group, sent: now, visibleAt, ...nothing });
    return true;
  }

  purge(): void {
    this.messages = [];
    this.#seen.clear();
  }

  expire(now: number): void {
    this.messages = this.messages.filter(({ sent }) => sent > now - this.options.retentionMs);
  }

  /** Messages that a receiver could be given next, before any dead letter is moved aside. */
  deliverable(now: number): ReferenceMessage[] {
    this.expire(now);
    if (!this.options.fifo) return this.messages.filter(({ visibleAt }) => visibleAt <= now);
    const closed = new Set<string>();
    return this.messages.filter(({ group, visibleAt }) => {
      if (closed.has(group!)) return false;
      if (visibleAt <= now) return true;
      closed.add(group!);
      return false;
    });
  }

  isDead({ receiveCount }: ReferenceMessage): boolean {
    const { deadLetters } = this.options;
    return deadLetters !== undefined && receiveCount > 0 && receiveCount >= deadLetters.maxReceiveCount;
  }

  moveToDeadLetters(now: number, message: ReferenceMessage): void {
    const { queue } = this.options.deadLetters!;
    this.messages = this.messages.filter((each) => each !== message);
    const sent = queue.options.fifo ? now : message.sent;
    queue.messages.push({ ...message, sent, visibleAt: now, inFlight: false, received: 0, handle: '' });
  }

  receive(now: number, message: ReferenceMessage, visibilityMs: number, handle: string): void {
    Object.assign(message, { visibleAt: now + visibilityMs, received: now, inFlight: true, handle });
    message.receiveCount++;
  }

  counts(now: number): { visible: number; inFlight: number; delayed: number } {
    this.expire(now);
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter((message) => message.inFlight).length;
    return { visible: this.messages.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }
}
