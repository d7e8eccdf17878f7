// The platform's end of the program beside a runtime that starts its external extensions: see sandbox/frames.ts.
import type { Duplex } from 'node:stream';
import {
  type CompanionExitFrame,
  CompanionFrameType,
  type CompanionStartFrame,
  encodeJsonFrame,
  FrameReader,
  type SandboxExit,
} from '../../sandbox/index.ts';
import { LineSplitter } from './line-splitter.ts';

export interface CompanionEvents {
  /** One line that an extension wrote, with its newline. */
  line(text: string): void;
  /** An extension, by its index, has ended; with `error` it could not be started. */
  extensionExited(index: number, exit: Omit<SandboxExit, 'outOfMemory'>, error: string | undefined): void;
  runtimeExited(exit: SandboxExit): void;
}

export class Companion {
  readonly #channel: Duplex;
  readonly #events: CompanionEvents;
  readonly #output = new Map<number, LineSplitter>();
  /** Resolves when the runtime has ended. */
  readonly runtimeEnded: Promise<void>;
  #runtimeHasEnded: () => void = () => {};

  constructor(channel: Duplex, events: CompanionEvents) {
    this.#channel = channel;
    this.#events = events;
    this.runtimeEnded = new Promise((resolve) => {
      this.#runtimeHasEnded = resolve;
    });
    const reader = new FrameReader();
    channel.on('data', (chunk: Buffer) => {
      for (const { type, body } of reader.push(chunk)) this.#receive(type, body);
    });
    channel.on('error', () => {});
    channel.once('close', () => this.#flush());
  }

  start(start: CompanionStartFrame): void {
    this.#channel.write(encodeJsonFrame(CompanionFrameType.start, start));
  }

  /** Asks the runtime to end. */
  terminateRuntime(): void {
    this.#channel.write(encodeJsonFrame(CompanionFrameType.signal, { signal: 'SIGTERM' }));
  }

  #receive(type: number, body: Buffer): void {
    if (type === CompanionFrameType.output) {
      this.#linesOf(body[0]!).push(body.subarray(1));
      return;
    }
    const { extension, code = null, signal = null, error } = JSON.parse(body.toString()) as CompanionExitFrame;
    if (extension === null) {
      this.#runtimeHasEnded();
      this.#events.runtimeExited({ code, signal, outOfMemory: false });
      return;
    }
    for (const stream of [0, 1]) this.#output.get(extension * 2 + stream)?.flush();
    this.#events.extensionExited(extension, { code, signal }, error);
  }

  #linesOf(stream: number): LineSplitter {
    let lines = this.#output.get(stream);
    if (lines === undefined) {
      lines = new LineSplitter((line) => this.#events.line(line));
      this.#output.set(stream, lines);
    }
    return lines;
  }

  #flush(): void {
    for (const lines of this.#output.values()) lines.flush();
  }
}
