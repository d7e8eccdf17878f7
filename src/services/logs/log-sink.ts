// Takes in what functions write: gathered in memory by stream, flushed in one transaction for all of them.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds } from './limits.ts';
import { mayExceedEvent, splitMessage } from './split-message.ts';
import type { Batch, StoredBatch } from './store/index.ts';

/** Where the platform writes the logs of functions. */
export interface LogSink {
  /**
   * Takes in one record. Synchronous and without I/O; durable within about 100 ms, visible to readers at once.
   * The group and the stream spring into being. `timestampMs` is epoch milliseconds, a fraction is cut off. A record longer than an event may be becomes several.
   * Never throws: above the bound of unflushed records the record is dropped, and the platform's log says how many were.
   */
  append(account: string, region: string, group: string, stream: string, timestampMs: number, message: string): void;
}

/** Stores batches in one transaction; resolves to them with their streams' ids. */
export type WriteBatches = (batches: Batch[]) => Promise<StoredBatch[]>;

interface OpenStream {
  account: string;
  region: string;
  group: string;
  stream: string;
  streamId: number | undefined;
  timestamps: number[];
  messages: string[];
  /** Monotonic milliseconds. */
  lastUsed: number;
}

type StreamsByName = Map<string, OpenStream>;
type Groups = Map<string, StreamsByName>;

export class BufferedLogSink implements LogSink {
  readonly #write: WriteBatches;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** By account, region, group and stream: four lookups of strings that are at hand cost less than making one key. */
  readonly #accounts = new Map<string, Map<string, Groups>>();
  #dirty: OpenStream[] = [];
  #unflushedLength = 0;
  #dropped = 0;
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> | undefined;
  #lastEviction: number;

  constructor(write: WriteBatches, clock: Clock, log: Logger) {
    this.#write = write;
    this.#clock = clock;
    this.#log = log;
    this.#lastEviction = clock.monotonic();
  }

  append(account: string, region: string, group: string, stream: string, timestampMs: number, message: string): void {
    if (mayExceedEvent(message)) {
      for (const part of splitMessage(message)) this.#take(account, region, group, stream, timestampMs, part);
    } else {
      this.#take(account, region, group, stream, timestampMs, message);
    }
  }

  /** Resolves when everything appended so far is stored; rejects when it could not be, and keeps it for the next try. */
  async flush(): Promise<void> {
    // A flush under way may have begun before the latest records; it is awaited, then another one takes those.
    while (this.#flushing !== undefined) await this.#flushing.catch(() => {});
    if (this.#dirty.length === 0) return;
    this.#flushing = this.#flushOnce().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  #take(account: string, region: string, group: string, stream: string, timestampMs: number, message: string): void {
    if (message.length === 0) return;
    if (this.#unflushedLength > bounds.unflushedLength) {
      this.#dropped++;
      return;
    }
    const open =
      this.#accounts.get(account)?.get(region)?.get(group)?.get(stream) ?? this.#open(account, region, group, stream);
    if (open.messages.length === 0) {
      this.#dirty.push(open);
      if (this.#cancelTimer === undefined) this.#startTimer();
    }
    open.timestamps.push(timestampMs >= 0 ? Math.floor(timestampMs) : this.#clock.now());
    open.messages.push(message);
    this.#unflushedLength += message.length;
    if (this.#unflushedLength > bounds.flushAtLength && this.#flushing === undefined) this.#flushInBackground();
  }

  #open(account: string, region: string, group: string, stream: string): OpenStream {
    const lastUsed = this.#clock.monotonic();
    const open: OpenStream = {
      account,
      region,
      group,
      stream,
      streamId: undefined,
      timestamps: [],
      messages: [],
      lastUsed,
    };
    const regions = inserted(this.#accounts, account, () => new Map<string, Groups>());
    const groups = inserted(regions, region, () => new Map() as Groups);
    inserted(groups, group, () => new Map() as StreamsByName).set(stream, open);
    return open;
  }

  #startTimer(): void {
    this.#cancelTimer = this.#clock.after(bounds.flushIntervalMs, () => {
      this.#cancelTimer = undefined;
      this.#flushInBackground();
    });
  }

  #flushInBackground(): void {
    this.flush().catch((error) => {
      this.#log.error({ err: error }, 'log records could not be stored and are kept in memory');
    });
  }

  async #flushOnce(): Promise<void> {
    const streams = this.#dirty;
    const length = this.#unflushedLength;
    this.#dirty = [];
    const batches: Batch[] = streams.map((open) => {
      const batch = { ...open };
      open.timestamps = [];
      open.messages = [];
      return batch;
    });
    try {
      const stored = await this.#write(batches);
      const now = this.#clock.monotonic();
      for (const [index, open] of streams.entries()) {
        open.streamId = stored[index]!.streamId;
        open.lastUsed = now;
      }
      this.#evictIdle(now);
    } catch (error) {
      this.#restore(streams, batches);
      throw error;
    }
    this.#unflushedLength -= length;
    this.#reportDropped();
  }

  /** Puts batches that could not be stored back before what has come in since. */
  #restore(streams: OpenStream[], batches: Batch[]): void {
    for (const [index, open] of streams.entries()) {
      if (open.messages.length === 0) this.#dirty.push(open);
      open.timestamps = batches[index]!.timestamps.concat(open.timestamps);
      open.messages = batches[index]!.messages.concat(open.messages);
    }
    if (this.#cancelTimer === undefined) this.#startTimer();
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#log.error({ records: this.#dropped }, 'log records were dropped: they came faster than the disk takes them');
    this.#dropped = 0;
  }

  #evictIdle(now: number): void {
    if (now - this.#lastEviction < bounds.idleStreamMs) return;
    this.#lastEviction = now;
    for (const [account, regions] of this.#accounts) {
      for (const [region, groups] of regions) {
        for (const [group, streams] of groups) {
          for (const [name, open] of streams) {
            if (open.messages.length === 0 && now - open.lastUsed >= bounds.idleStreamMs) streams.delete(name);
          }
          if (streams.size === 0) groups.delete(group);
        }
        if (groups.size === 0) regions.delete(region);
      }
      if (regions.size === 0) this.#accounts.delete(account);
    }
  }
}

function inserted<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
