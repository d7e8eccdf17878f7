// Sends traces on to a collector of OpenTelemetry: OTLP over HTTP in JSON, many spans at a time. What cannot be sent soon
// is dropped rather than kept: traces are stored here, and nothing waits for a collector.
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import type { SegmentDocument } from '../segment.ts';
import type { Owner } from '../xray.ts';
import { type ResourceSpans, resourceSpansOf } from './spans.ts';

export interface OtlpEndpoint {
  /** Where traces are posted to, e.g. `http://localhost:4318/v1/traces`. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** Own bounds. */
const bounds = {
  batchIntervalMs: 1_000,
  /** Segments of one request. */
  batchSegments: 512,
  /** Segments that wait. */
  queuedSegments: 8_192,
  requestTimeoutMs: 10_000,
  attempts: 4,
  backOffMs: 1_000,
} as const;

/** What a collector may answer of which the specification says that the same may be sent again. */
const transientStatuses = new Set([429, 502, 503, 504]);

export class OtlpExporter {
  readonly #endpoint: OtlpEndpoint;
  readonly #clock: Clock;
  readonly #log: Logger;
  #queue: { owner: Owner; document: SegmentDocument; program: string | undefined }[] = [];
  #dropped = 0;
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #stopped = false;

  constructor(endpoint: OtlpEndpoint, clock: Clock, log: Logger) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#log = log;
  }

  /** Synchronous, never throws. */
  add(owner: Owner, document: SegmentDocument, program: string | undefined): void {
    if (this.#queue.length >= bounds.queuedSegments) {
      this.#dropped++;
      return;
    }
    this.#queue.push({ owner, document, program });
    if (this.#sending === undefined) this.#startTimer();
  }

  /** Sends what is left, once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#sending;
    while (this.#queue.length > 0 && (await this.#sendBatch(1)));
  }

  #startTimer(): void {
    this.#cancelTimer ??= this.#clock.after(bounds.batchIntervalMs, () => {
      this.#cancelTimer = undefined;
      this.#sending = this.#sendAll().finally(() => {
        this.#sending = undefined;
        if (this.#queue.length > 0 && !this.#stopped) this.#startTimer();
      });
    });
  }

  async #sendAll(): Promise<void> {
    if (this.#dropped > 0)
      this.#log.warn({ dropped: this.#dropped }, 'segments were not sent on to OpenTelemetry: too many');
    this.#dropped = 0;
    while (this.#queue.length > 0 && !this.#stopped) await this.#sendBatch(bounds.attempts);
  }

  /** Takes a batch and sends it or drops it; resolves to whether it was taken. */
  async #sendBatch(attempts: number): Promise<boolean> {
    const batch = this.#queue.splice(0, bounds.batchSegments);
    const resourceSpans = batch
      .map(({ owner, document, program }) => resourceSpansOf(owner, document, program))
      .filter((spans): spans is ResourceSpans => spans !== undefined);
    if (resourceSpans.length === 0) return true;
    const body = JSON.stringify({ resourceSpans });
    for (let attempt = 1; ; attempt++) {
      const problem = await this.#post(body);
      if (problem === undefined) return true;
      if (!problem.isTransient || attempt >= attempts || this.#stopped) {
        this.#log.warn({ segments: batch.length, ...problem }, 'traces could not be sent on to OpenTelemetry');
        return false;
      }
      await new Promise<void>((resolve) => this.#clock.after(bounds.backOffMs * 2 ** (attempt - 1), resolve));
    }
  }

  async #post(body: string): Promise<{ isTransient: boolean; reason: string } | undefined> {
    const { url, headers } = this.#endpoint;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(bounds.requestTimeoutMs),
      });
      await response.arrayBuffer();
      if (response.ok) return undefined;
      return { isTransient: transientStatuses.has(response.status), reason: `status ${response.status}` };
    } catch (error) {
      const { message, cause } = error as Error;
      return { isTransient: true, reason: cause instanceof Error ? `${message}: ${cause.message}` : message };
    }
  }
}
