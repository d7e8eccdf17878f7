// A response on its way from a function to its caller: pieces come in as the function writes, and go out as the caller reads.
import type { Clock } from '../../core/clock.ts';
import type { ResponseSink } from '../../execution/index.ts';

/** Beyond what waits here the function is held back. */
const highWaterMark = 256 * 1024;

/** How fast a response may go, as AWS has it; undefined for as fast as it can. */
export interface Bandwidth {
  /** Bytes that go at any speed. */
  burstBytes: number;
  bytesPerSecond: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
export const awsBandwidth: Bandwidth = { burstBytes: 6 * 1024 * 1024, bytesPerSecond: 2 * 1024 * 1024 };

export class ResponseChannel implements ResponseSink {
  /** Resolves to the content type when the response starts; undefined when it ends without having started. */
  readonly started: Promise<string | undefined>;
  readonly #clock: Clock;
  readonly #bandwidth: Bandwidth | undefined;
  readonly #waiting: Buffer[] = [];
  #onStart!: (contentType: string | undefined) => void;
  #waitingBytes = 0;
  #sentBytes = 0;
  #startedAt = 0;
  #ended = false;
  #abandoned = false;
  /** Wakes the reader. */
  #wake: (() => void) | undefined;
  /** Lets the function go on. */
  #resume: (() => void) | undefined;

  constructor(clock: Clock, bandwidth?: Bandwidth) {
    this.#clock = clock;
    this.#bandwidth = bandwidth;
    this.started = new Promise((resolve) => {
      this.#onStart = resolve;
    });
  }

  start(contentType: string): void {
    this.#startedAt = this.#clock.monotonic();
    this.#onStart(contentType);
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#abandoned) return undefined;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#wake?.();
    if (this.#waitingBytes < highWaterMark) return undefined;
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  /** Nothing more comes. */
  end(): void {
    this.#ended = true;
    this.#onStart(undefined);
    this.#wake?.();
  }

  /** Nobody reads any more, or ever will: the function runs on, and what it writes is dropped. Idempotent. */
  abandon(): void {
    this.#abandoned = true;
    this.#waiting.length = 0;
    this.#letGoOn();
    this.#wake?.();
  }

  /** The pieces, until the end, or until the channel is abandoned, as it is by a reader that stops. */
  async *pieces(): AsyncGenerator<Buffer> {
    try {
      while (!this.#abandoned) {
        const piece = this.#waiting.shift();
        if (piece === undefined) {
          if (this.#ended) return;
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        this.#waitingBytes -= piece.length;
        if (this.#waitingBytes < highWaterMark) this.#letGoOn();
        await this.#pace(piece.length);
        yield piece;
      }
    } finally {
      this.abandon();
    }
  }

  #letGoOn(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Waits until `bytes` more may be sent. */
  async #pace(bytes: number): Promise<void> {
    this.#sentBytes += bytes;
    if (this.#bandwidth === undefined) return;
    const { burstBytes, bytesPerSecond } = this.#bandwidth;
    const dueMs = (1000 * Math.max(0, this.#sentBytes - burstBytes)) / bytesPerSecond;
    const earlyMs = dueMs - (this.#clock.monotonic() - this.#startedAt);
    if (earlyMs > 1) await new Promise<void>((resolve) => this.#clock.after(earlyMs, resolve));
  }
}
