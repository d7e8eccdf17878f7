// The stream that a streaming handler writes its response to; what is written goes to the platform at once.
import { Writable } from 'node:stream';
import { InvalidStreamingOperation } from './errors.mjs';

export class ResponseStream extends Writable {
  #send;
  #written = false;
  #started = false;
  contentType;
  /** Set by `HttpResponseStream.from`: called with a write function before the first chunk. */
  _onBeforeFirstWrite;

  /** `send` has `start(contentType)`, called once before all else, and `chunk(bytes, done)`. */
  constructor(send, highWaterMark) {
    super({ highWaterMark });
    this.#send = send;
  }

  setContentType(contentType) {
    if (this.#written) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    this.contentType = contentType;
  }

  write(chunk, encoding, callback) {
    const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((data) => super.write(data));
    }
    return super.write(bytes ? chunk : JSON.stringify(chunk), encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
      this.write(chunk, typeof encoding === 'string' ? encoding : undefined);
      return super.end(typeof encoding === 'function' ? encoding : callback);
    }
    return super.end(chunk ?? undefined, encoding, callback);
  }

  _write(chunk, _encoding, callback) {
    this.#start();
    this.#send.chunk(chunk, callback);
  }

  _final(callback) {
    this.#start();
    callback();
  }

  #start() {
    if (this.#started) return;
    this.#started = true;
    this.#send.start(this.contentType ?? 'application/octet-stream');
  }
}

/** AWS's `awslambda.HttpResponseStream`: status and headers go ahead of the body as JSON and eight NUL bytes. */
export const HttpResponseStream = {
  from(responseStream, prelude) {
    responseStream.setContentType('application/vnd.awslambda.http-integration-response');
    const json = JSON.stringify(prelude);
    responseStream._onBeforeFirstWrite = (write) => {
      write(json);
      write(new Uint8Array(8));
    };
    return responseStream;
  },
};
