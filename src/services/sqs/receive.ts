// Receiving: which messages a receiver is handed, and dead letters on the way.
import type { Queries } from '../../storage/index.ts';
import { overLimit } from './errors.ts';
import { bounds, limits } from './limits.ts';
import type { Queue } from './queue.ts';
import { queueKeyOfArn, type Sqs, withQueue } from './sqs.ts';
import {
  addToGroup,
  countInFlight,
  deleteExpired,
  markNotReceived,
  markReceived,
  type MessageRow,
  messageById,
  messagesOfGroup,
  moveToDeadLetters,
  nextOpening,
  nextVisible,
  openGroups,
  refreshGroup,
  setVisibility,
  visibleMessages,
} from './store/index.ts';

/** What a receiver asks for. */
export interface Wanted {
  queue: Queue;
  max: number;
  visibilityMs: number;
  attemptId: string | undefined;
  /** Whether the receiver would rather wait than be told that too much is in flight. */
  waits: boolean;
  signal: AbortSignal;
}

/** A message that was handed out. */
export interface Received {
  /** As it was before. */
  row: MessageRow;
  /** This time included. */
  receiveCount: number;
  firstReceived: number;
}

interface Outcome {
  received: Received[];
  /** By queue: how many dead letters it was given. */
  moved: Map<Queue, number>;
  /** When to look again, if nothing was there. */
  next: number | undefined;
}

/**
 * Looks once. Whatever it takes for a receiver that is gone by the time of the commit is put back as it was, so that nobody
 * has to wait for its visibility timeout.
 */
export async function receiveOnce(sqs: Sqs, wanted: Wanted): Promise<Received[]> {
  const { queue, signal, visibilityMs } = wanted;
  await sqs.store.numbers.stocked();
  const { messageSet } = queue.state;
  // A loss of power makes the messages visible again, which a receiver must expect at any time.
  const lossy = true;
  const { received, moved, next } = await withQueue(sqs, queue, (queries) => look(sqs, queries, wanted), { lossy });
  for (const [deadLetters, count] of moved) sqs.waiting.wake(deadLetters.arn, count);
  if (received.length === 0) {
    if (next !== undefined) sqs.waiting.wakeAt(queue.arn, next);
    return received;
  }
  if (signal.aborted) {
    await putBack(sqs, queue, messageSet, received);
    return [];
  }
  if (wanted.attemptId !== undefined && queue.fifo) {
    const receipts = received.map(({ row, receiveCount }) => ({ messageSet, id: row.id, receiveCount }));
    sqs.attempts.remember(messageSet, wanted.attemptId, receipts);
  }
  sqs.waiting.wakeAt(queue.arn, sqs.clock.now() + visibilityMs);
  return received;
}

async function look(sqs: Sqs, queries: Queries, wanted: Wanted): Promise<Outcome> {
  const { queue, signal } = wanted;
  const outcome: Outcome = { received: [], moved: new Map(), next: undefined };
  if (signal.aborted) return outcome;
  const now = sqs.clock.now();
  const { messageSet } = queue.state;
  const sentAfter = now - queue.settings.retentionMs;
  const emptied = await deleteExpired(queries, messageSet, sentAfter, bounds.sweepRows);
  for (const group of emptied) await refreshGroup(queries, messageSet, group);
  const again = await receivedBefore(sqs, queries, wanted, now);
  if (again !== undefined) return { ...outcome, received: again };
  const max = await admitted(sqs, queries, wanted, now);
  const take = new Take(sqs, queries, queue, now, wanted.visibilityMs, outcome);
  if (queue.fifo) await takeByGroup(take, max, sentAfter);
  else await takeInTurn(take, max, sentAfter);
  sqs.inFlight.set(messageSet, (sqs.inFlight.get(messageSet) ?? 0) + outcome.received.length);
  if (outcome.received.length === 0 && sqs.waiting.at(queue.arn)) {
    outcome.next = await (queue.fifo ? nextOpening : nextVisible)(queries, messageSet, now);
  }
  return outcome;
}

/** How many messages the receiver may get, given how many are in flight. They are counted only once they may be too many. */
async function admitted(sqs: Sqs, queries: Queries, { queue, max, waits }: Wanted, now: number): Promise<number> {
  const { messageSet } = queue.state;
  const known = sqs.inFlight.get(messageSet);
  if (known !== undefined && known + max <= limits.inFlight) return max;
  const counted = await countInFlight(queries, messageSet, now);
  sqs.inFlight.set(messageSet, counted);
  const free = limits.inFlight - counted;
  if (free <= 0 && !queue.fifo && !waits) {
    throw overLimit('Too many messages are in flight; the maximum number of in flight messages is reached.');
  }
  return Math.max(0, Math.min(max, free));
}

/** Hands messages out, or moves them to the dead letters when they were received too often. */
class Take {
  readonly sqs: Sqs;
  readonly queries: Queries;
  readonly queue: Queue;
  readonly now: number;
  readonly received: Received[];
  readonly #visibilityMs: number;
  readonly #moved: Map<Queue, number>;
  #deadLetters: { queue: Queue; maxReceiveCount: number } | undefined;
  #resolved = false;

  constructor(sqs: Sqs, queries: Queries, queue: Queue, now: number, visibilityMs: number, outcome: Outcome) {
    this.sqs = sqs;
    this.queries = queries;
    this.queue = queue;
    this.now = now;
    this.#visibilityMs = visibilityMs;
    this.received = outcome.received;
    this.#moved = outcome.moved;
  }

  /** True when the message was handed out, false when it was moved. */
  async message(row: MessageRow): Promise<boolean> {
    const deadLetters = row.receive_count > 0 ? await this.#resolveDeadLetters() : undefined;
    if (deadLetters !== undefined && row.receive_count >= deadLetters.maxReceiveCount) {
      await this.#move(row, deadLetters.queue);
      return false;
    }
    await markReceived(this.queries, row.id, this.now, this.now + this.#visibilityMs);
    const firstReceived = row.first_received ?? this.now;
    this.received.push({ row, receiveCount: row.receive_count + 1, firstReceived });
    return true;
  }

  async #resolveDeadLetters() {
    if (!this.#resolved) {
      this.#resolved = true;
      const policy = this.queue.settings.deadLetters;
      const key = policy && queueKeyOfArn(policy.arn);
      const queue = key && (await this.sqs.store.queues.find(key, this.queries));
      // Without that queue the message stays where it is.
      if (queue !== undefined && queue !== this.queue) {
        this.#deadLetters = { queue, maxReceiveCount: policy!.maxReceiveCount };
      }
    }
    return this.#deadLetters;
  }

  /** A standard queue's message keeps its age, a FIFO queue's begins anew. */
  async #move(row: MessageRow, to: Queue): Promise<void> {
    const { queries, now } = this;
    const { messageSet } = to.state;
    const fifoGroup = to.fifo ? row.fifo_group : null;
    const sent = to.fifo ? now : row.sent;
    const position = this.sqs.store.numbers.next();
    const at = { messageSet, position, fifoGroup, sent, visibleAt: now };
    await moveToDeadLetters(queries, row.id, at, this.queue.arn);
    if (fifoGroup !== null) await addToGroup(queries, messageSet, fifoGroup, now);
    this.#moved.set(to, (this.#moved.get(to) ?? 0) + 1);
  }
}

async function takeInTurn(take: Take, max: number, sentAfter: number): Promise<void> {
  const { messageSet } = take.queue.state;
  const seen = new Set<number>();
  for (let round = 0; round < bounds.deadLetterRounds && take.received.length < max; round++) {
    const rows = await visibleMessages(take.queries, messageSet, take.now, sentAfter, max - take.received.length);
    let moved = false;
    for (const row of rows) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      if (!(await take.message(row))) moved = true;
    }
    if (!moved) return;
  }
}

async function takeByGroup(take: Take, max: number, sentAfter: number): Promise<void> {
  if (max === 0) return;
  const { messageSet } = take.queue.state;
  for (const group of await openGroups(take.queries, messageSet, take.now, limits.maxMessages)) {
    let moved = false;
    let rows: MessageRow[];
    const seen = new Set<number>();
    do {
      moved = false;
      rows = await messagesOfGroup(take.queries, messageSet, group, sentAfter, seen.size + max - take.received.length);
      for (const row of rows) {
        if (seen.has(row.id)) continue;
        if (row.visible_at > take.now || take.received.length >= max) break;
        seen.add(row.id);
        if (!(await take.message(row))) moved = true;
      }
    } while (moved && take.received.length < max);
    await refreshGroup(take.queries, messageSet, group);
    if (take.received.length >= max) return;
  }
}

/** What the same attempt has received before, if all of it is in flight still; its visibility timeout begins anew. */
async function receivedBefore(
  sqs: Sqs,
  queries: Queries,
  { queue, attemptId, visibilityMs }: Wanted,
  now: number,
): Promise<Received[] | undefined> {
  if (attemptId === undefined || !queue.fifo) return undefined;
  const { messageSet } = queue.state;
  const receipts = sqs.attempts.find(messageSet, attemptId);
  if (receipts === undefined) return undefined;
  const received: Received[] = [];
  for (const { id, receiveCount } of receipts) {
    const row = await messageById(queries, messageSet, id);
    if (row === undefined || row.receive_count !== receiveCount || row.visible_at <= now) return undefined;
    received.push({ row, receiveCount, firstReceived: row.first_received! });
  }
  for (const { row } of received) await setVisibility(queries, row.id, now + visibilityMs, true);
  for (const group of groupsOf(received)) await refreshGroup(queries, messageSet, group);
  return received;
}

async function putBack(sqs: Sqs, queue: Queue, messageSet: number, received: readonly Received[]): Promise<void> {
  await sqs.store.transaction(async (queries) => {
    for (const { row } of received) await markNotReceived(queries, row);
    for (const group of groupsOf(received)) await refreshGroup(queries, messageSet, group);
  });
  sqs.waiting.wake(queue.arn, received.length);
}

function groupsOf(received: readonly Received[]): Set<string> {
  return new Set(received.flatMap(({ row }) => (row.fifo_group === null ? [] : [row.fifo_group])));
}
