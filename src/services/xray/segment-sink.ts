// Takes segments in: checked at once, gathered in memory, stored many at a time.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { bounds } from './limits.ts';
import { type RefusedSegment, readSegment, type SegmentDocument, timeOfTrace } from './segment.ts';
import type { NewSegment, SegmentStore } from './store/segments.ts';
import type { Owner } from './xray.ts';

/** Told of each segment that is taken, before it is stored, and of the program that sent it where that is known. Must
 * neither throw nor take long. */
export type SegmentListener = (owner: Owner, document: SegmentDocument, program: string | undefined) => void;

export class SegmentSink {
  readonly #store: SegmentStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listener: SegmentListener | undefined;
  #pending: NewSegment[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #cancelTimer: (() => void) | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(store: SegmentStore, clock: Clock, log: Logger, listener?: SegmentListener) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#listener = listener;
  }

  /** Takes a document, visible to readers at once; or says why not. Synchronous, never throws. */
  put(owner: Owner, text: string, program?: string): RefusedSegment | undefined {
    const read = readSegment(text, this.#clock.now());
    if ('ErrorCode' in read) return read;
    this.#take(owner, read.document, read.text, program);
    return undefined;
  }

  /** Takes segments that Lambent made itself. */
  putOwn(owner: Owner, documents: readonly (SegmentDocument & { trace_id: string })[]): void {
    for (const document of documents) this.#take(owner, document, JSON.stringify(document));
  }

  #take(
    { account, region }: Owner,
    document: SegmentDocument & { trace_id: string },
    text: string,
    program?: string,
  ): void {
    if (this.#pendingBytes + text.length > bounds.pendingBytes) {
      this.#dropped++;
      return;
    }
    this.#listener?.({ account, region }, document, program);
    const { trace_id: trace, start_time: start, end_time: end } = document;
    const started = Math.floor(start * 1000);
    // A trace whose id tells no time of these years began with its first segment.
    const told = timeOfTrace(trace);
    const begun = Math.abs(told - started) < bounds.clockSkewMs ? told : started;
    const ended = Math.ceil((end ?? start) * 1000);
    this.#pending.push({ account, region, trace, begun, started, ended, document: text });
    this.#pendingBytes += text.length;
    this.#cancelTimer ??= this.#clock.after(bounds.flushIntervalMs, () => {
      this.#cancelTimer = undefined;
      this.flush().catch((error) => this.#log.error({ err: error }, 'segments could not be stored, and are lost'));
    });
  }

  /** Resolves when everything taken so far is stored. Rejects when it could not be. */
  flush(): Promise<void> {
    const next = this.#flushing.catch(() => {}).then(() => this.#storePending());
    this.#flushing = next;
    return next;
  }

  async #storePending(): Promise<void> {
    if (this.#dropped > 0) {
      this.#log.warn(
        { dropped: this.#dropped },
        'segments came faster than they could be stored, and some were dropped',
      );
      this.#dropped = 0;
    }
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (let start = 0; start < pending.length; start += bounds.segmentsPerTransaction) {
      await this.#store.add(pending.slice(start, start + bounds.segmentsPerTransaction));
    }
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.flush();
  }
}
