// An event that waits for its turn, and what its handler makes of it.

/** What the queue is given to keep. */
export interface NewEvent {
  /** Events of one lane begin in their order; lanes take turns. */
  lane: string;
  requestId: string;
  /** Whatever the handler wants to find again; text. */
  state: string;
  payload: Buffer;
}

export interface QueuedEvent extends NewEvent {
  /** In the order of acceptance. */
  id: number;
  /** Epoch milliseconds. */
  acceptedAt: number;
  /** Epoch milliseconds from which it may run again; 0 for an event that was not put off. */
  dueAt: number;
}

/** What is to become of an event. */
export type Disposition =
  /** It is over, and leaves the queue. */
  | { kind: 'done' }
  /** It alone runs again, at the epoch millisecond `at`, with a new state. */
  | { kind: 'retry'; at: number; state: string }
  /** There is no room for its lane: it goes back to where it was, and the lane runs fewer at once or pauses. */
  | { kind: 'throttled' };

/** Decides what becomes of an event. Should not reject: if it does, that counts as `throttled`. */
export type EventHandler = (event: QueuedEvent) => Promise<Disposition>;
