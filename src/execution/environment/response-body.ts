// The body of a response as the runtime sends it: passed on to a sink, or gathered where there is none.
import type { ResponseSink } from '../invocation/invocation.ts';
import { maxResponseBytes } from '../runtime-api/read-payload.ts';

/** AWS's bound on a streamed response. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxStreamedBytes = 200 * 1024 * 1024;

export class ResponseBody {
  readonly #sink: ResponseSink | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #started = false;

  constructor(sink: ResponseSink | undefined) {
    this.#sink = sink;
  }

  start(contentType: string): void {
    if (this.#started) return;
    this.#started = true;
    this.#sink?.start(contentType);
  }

  /** A promise holds the runtime back until it resolves. What is beyond the limit is dropped. */
  write(bytes: Buffer): Promise<void> | undefined {
    this.#bytes += bytes.length;
    if (this.isTooLarge) return undefined;
    if (this.#sink !== undefined) return this.#sink.write(bytes);
    this.#chunks.push(bytes);
    return undefined;
  }

  /** Ends a response that succeeded, with what the runtime sent at last: all of it unless it came in pieces. */
  end(payload: Buffer): Buffer {
    if (this.#sink === undefined) return this.#started ? Buffer.concat(this.#chunks) : payload;
    this.start('application/json');
    if (payload.length > 0) void this.write(payload);
    return Buffer.alloc(0);
  }

  get isTooLarge(): boolean {
    return this.#bytes > (this.#sink === undefined ? maxResponseBytes : maxStreamedBytes);
  }

  /** Of what came in pieces. */
  get producedBytes(): number {
    return this.#bytes;
  }

  get streamedBytes(): number {
    return this.#sink === undefined ? 0 : Math.min(this.#bytes, maxStreamedBytes);
  }
}
