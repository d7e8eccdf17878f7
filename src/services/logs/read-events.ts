// Reads the events of a group or of some of its streams in order, forward or backward, opening only blocks that matter.
import type { Events } from './block.ts';
import { Heap } from './heap.ts';
import { bounds } from './limits.ts';
import { comparePositions, type LogEvent, type Position } from './log-event.ts';
import type { BlockHeader, BlockRange, BlockStore } from './store/index.ts';

export interface Reading {
  /** A group, of which `only` may pick out many streams, or a few streams, each of which is looked up. */
  scope: { groupId: number; only?: ReadonlySet<number> } | { streamIds: number[] };
  /** Epoch milliseconds, both included. */
  from: number;
  to: number;
  forward: boolean;
  /** Where to go on: exclusive. */
  past: Position | undefined;
}

/** Events of an opened block, at the next one to be read. */
interface OpenBlock {
  events: Events;
  streamId: number;
  index: number;
}

const headersPerQuery = 256;
/** Blocks opened between two turns of the event loop, so that a long search does not hold up everybody else. */
const blocksPerTurn = 8;

/**
 * Hands events in order to `visit` until it returns false, or more than `budgetLength` UTF-16 units were looked through.
 * Resolves to where it stopped: the last event visited, or undefined when there are no more.
 */
export async function readEvents(
  blocks: BlockStore,
  reading: Reading,
  visit: (event: LogEvent) => boolean,
  budgetLength = Number.POSITIVE_INFINITY,
): Promise<Position | undefined> {
  let past = reading.past;
  for (;;) {
    const pass = new Pass(blocks, { ...reading, past });
    const end = await pass.run(visit, budgetLength);
    if (end !== 'moved') return end === 'exhausted' ? undefined : pass.last;
    // A block was merged or deleted between finding and opening it: look again from where we are.
    budgetLength -= pass.length;
    past = pass.last ?? past;
  }
}

class Pass {
  readonly #blocks: BlockStore;
  readonly #reading: Reading;
  /** 1 forward, -1 backward: comparisons are multiplied by it. */
  readonly #sign: number;
  readonly #sources: HeaderSource[];
  /** Found but not opened, since their nearest event is still ahead. Nearest first. */
  readonly #waiting: Heap<BlockHeader>;
  readonly #open: Heap<OpenBlock>;
  #opened = 0;
  last: Position | undefined;
  length = 0;

  constructor(blocks: BlockStore, reading: Reading) {
    this.#blocks = blocks;
    this.#reading = reading;
    const sign = reading.forward ? 1 : -1;
    this.#sign = sign;
    const { scope, past, forward } = reading;
    const from = forward && past ? Math.max(reading.from, past.timestamp) : reading.from;
    const to = !forward && past ? Math.min(reading.to, past.timestamp) : reading.to;
    const scopes = 'groupId' in scope ? [scope] : scope.streamIds.map((streamId) => ({ streamId }));
    const only = 'groupId' in scope ? scope.only : undefined;
    this.#sources = scopes.map((each) => new HeaderSource(blocks, { scope: each, from, to }, forward, only));
    this.#waiting = new Heap((a, b) => sign * (this.#nearest(a) - this.#nearest(b)));
    this.#open = new Heap((a, b) => sign * comparePositions(positionOf(a), positionOf(b)));
  }

  async run(visit: (event: LogEvent) => boolean, budgetLength: number): Promise<'stopped' | 'exhausted' | 'moved'> {
    for (;;) {
      await this.#find();
      const waiting = this.#waiting.peek();
      const open = this.#open.peek();
      if (waiting === undefined && open === undefined) return 'exhausted';
      if (waiting !== undefined && (open === undefined || !this.#isBefore(open, this.#nearest(waiting)))) {
        if (!(await this.#openBlock(this.#waiting.pop()!))) return 'moved';
        continue;
      }
      // Events nearer than any unopened block are read without another look at the blocks.
      const until = Math.min(
        waiting === undefined ? Number.POSITIVE_INFINITY : this.#sign * this.#nearest(waiting),
        this.#sign * this.#horizon(),
      );
      for (;;) {
        const block = this.#open.peek();
        if (block === undefined || this.#sign * block.events.timestamps[block.index]! >= until) break;
        const event = this.#take(block);
        if (!this.#within(event)) continue;
        this.last = event;
        if (!visit(event) || this.length >= budgetLength) return 'stopped';
      }
    }
  }

  /** Moves headers from the sources to the waiting ones, until what is still unfound cannot come next. */
  async #find(): Promise<void> {
    for (const source of this.#sources) {
      for (;;) {
        const header = await source.peek();
        if (header === undefined || this.#sign * this.#earliest(header) > this.#sign * this.#next()) break;
        this.#waiting.push(source.take());
      }
    }
  }

  /** The time of the event or block that comes next among those found. */
  #next(): number {
    const waiting = this.#waiting.peek();
    const open = this.#open.peek();
    const times = [];
    if (waiting !== undefined) times.push(this.#sign * this.#nearest(waiting));
    if (open !== undefined) times.push(this.#sign * open.events.timestamps[open.index]!);
    // Nothing found yet: whatever there is comes next.
    return times.length === 0 ? this.#sign * Number.POSITIVE_INFINITY : this.#sign * Math.min(...times);
  }

  /** The nearest time at which a block that is not found yet can hold an event. */
  #horizon(): number {
    let horizon = Number.POSITIVE_INFINITY;
    for (const source of this.#sources) {
      const header = source.found();
      if (header !== undefined) horizon = Math.min(horizon, this.#sign * this.#earliest(header));
    }
    return this.#sign * horizon;
  }

  /** The nearest event that this block or one behind it in the order of headers can hold. */
  #earliest(header: BlockHeader): number {
    return this.#reading.forward ? header.firstTime : header.firstTime + bounds.blockSpanMs;
  }

  #nearest(header: BlockHeader): number {
    return this.#reading.forward ? header.firstTime : header.lastTime;
  }

  #isBefore(block: OpenBlock, time: number): boolean {
    return this.#sign * (block.events.timestamps[block.index]! - time) < 0;
  }

  async #openBlock(header: BlockHeader): Promise<boolean> {
    if (++this.#opened % blocksPerTurn === 0) await new Promise(setImmediate);
    const events = await this.#blocks.read(header);
    if (events === undefined) return false;
    const index = this.#reading.forward ? 0 : events.timestamps.length - 1;
    this.#open.push({ events, streamId: header.streamId, index });
    return true;
  }

  #take(block: OpenBlock): LogEvent {
    const { events, streamId, index } = block;
    const message = events.messages[index]!;
    this.length += message.length;
    block.index += this.#sign;
    if (block.index < 0 || block.index >= events.timestamps.length) this.#open.pop();
    else this.#open.sinkFirst();
    return {
      timestamp: events.timestamps[index]!,
      streamId,
      sequence: events.sequences[index]!,
      ingestionTime: events.ingestionTimes[index]!,
      message,
    };
  }

  #within(event: LogEvent): boolean {
    const { from, to, past } = this.#reading;
    if (event.timestamp < from || event.timestamp > to) return false;
    return past === undefined || this.#sign * comparePositions(event, past) > 0;
  }
}

function positionOf({ events, streamId, index }: OpenBlock): Position {
  return { timestamp: events.timestamps[index]!, streamId, sequence: events.sequences[index]! };
}

/** Headers of one scope, fetched some at a time. */
class HeaderSource {
  readonly #blocks: BlockStore;
  readonly #range: BlockRange;
  readonly #forward: boolean;
  readonly #only: ReadonlySet<number> | undefined;
  #headers: BlockHeader[] = [];
  #index = 0;
  #last: BlockHeader | undefined;
  #complete = false;

  constructor(blocks: BlockStore, range: BlockRange, forward: boolean, only: ReadonlySet<number> | undefined) {
    this.#only = only;
    this.#blocks = blocks;
    this.#range = range;
    this.#forward = forward;
  }

  /** The next header without taking it; undefined when there are no more. */
  async peek(): Promise<BlockHeader | undefined> {
    while (this.#index === this.#headers.length && !this.#complete) {
      const headers = this.#forward
        ? await this.#blocks.headersForward(this.#range, this.#last, headersPerQuery)
        : await this.#blocks.headersBackward(this.#range, this.#last, headersPerQuery);
      this.#last = headers.at(-1);
      this.#complete = headers.length < headersPerQuery;
      this.#headers = this.#only ? headers.filter(({ streamId }) => this.#only!.has(streamId)) : headers;
      this.#index = 0;
    }
    return this.found();
  }

  found(): BlockHeader | undefined {
    return this.#headers[this.#index];
  }

  take(): BlockHeader {
    return this.#headers[this.#index++]!;
  }
}
