// Cuts a byte stream into lines; what has no newline yet waits until `flush`.
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut, so that a function cannot make the platform hold its output for ever. */
const maxLineLength = 262_144;

export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  /** `onLine` gets each line with its newline. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#onLine(text.slice(start, end + 1));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    while (this.#rest.length > maxLineLength) {
      this.#onLine(this.#rest.slice(0, maxLineLength));
      this.#rest = this.#rest.slice(maxLineLength);
    }
  }

  /** Gives out what is left as a line of its own. */
  flush(): void {
    if (this.#rest === '') return;
    const line = this.#rest;
    this.#rest = '';
    this.#onLine(`${line}\n`);
  }
}
