// The frame channel between the platform and a managed runtime (fd 3 in the sandbox): u32 big-endian length of what
// follows, u8 type, body. Bodies are UTF-8 JSON, or `u16 length, JSON head, raw payload` where a payload travels.
// runtimes/nodejs and runtimes/python speak the same; a change here is a change there.
import { assert } from '../core/assert.ts';

export const FrameType = {
  /** platform → runtime, JSON `AssignFrame`: become this function. */
  assign: 1,
  /** platform → runtime, head `InvokeHead` and the event. */
  invoke: 2,
  /** runtime → platform, JSON `{}`: the interpreter has started and waits. */
  booted: 16,
  /** runtime → platform, JSON `ReadyFrame`: the handler is loaded. */
  ready: 17,
  /** runtime → platform, head `ErrorHead` and the error's JSON: loading failed. The runtime then exits. */
  initError: 18,
  /** runtime → platform, head `ResponseHead` and the handler's answer. */
  response: 19,
  /** runtime → platform, head `ErrorHead` and the error's JSON: the handler failed. */
  error: 20,
  /** runtime → platform, head `LogHead` and the text of one record, without its final line break; it may hold others. */
  log: 21,
  /** runtime → platform, JSON `ResponseStartFrame`: the answer comes in pieces, and ends with an empty `response`. */
  responseStart: 22,
  /** runtime → platform, bytes of the answer that has started; `error` may follow as well as `response`. */
  responseChunk: 23,
} as const;

/**
 * Between the platform and the companion of a runtime with external extensions (fd 5 in the sandbox), in frames of the same
 * form. runtimes/provided/companion.mjs speaks the same.
 */
export const CompanionFrameType = {
  /** platform → companion, JSON `CompanionStartFrame`: start the extensions. Once. */
  start: 1,
  /** platform → companion, JSON `{signal}`: send the runtime that signal. */
  signal: 2,
  /** companion → platform, JSON `CompanionExitFrame`: the runtime or an extension has ended. */
  exited: 16,
  /** companion → platform, u8 twice the extension's index plus 0 for stdout and 1 for stderr, then bytes that it wrote. */
  output: 17,
} as const;

export interface CompanionStartFrame {
  /** Programs, as paths inside the sandbox. */
  extensions: { file: string }[];
  /** The complete environment of each. */
  env: Record<string, string>;
}

export interface CompanionExitFrame {
  /** Index of the extension; null for the runtime. */
  extension: number | null;
  code?: number | null;
  signal?: NodeJS.Signals | null;
  /** Why it could not be started at all, e.g. `EACCES`. */
  error?: string;
}

export type FrameType = (typeof FrameType)[keyof typeof FrameType];

export interface AssignFrame {
  /** The complete environment of the function; nothing else may be visible to it. */
  env: Record<string, string>;
  handler: string;
  /** Folder of the function's code, `/var/task`. */
  taskRoot: string;
  /** Folder of the function's layers; `/opt` when absent. */
  optRoot?: string;
  functionName: string;
  functionVersion: string;
  memoryLimitInMb: number;
  logFormat: 'Text' | 'JSON';
  /** Lowest application level that is written under JSON, e.g. `INFO`; null writes all. */
  applicationLogLevel: string | null;
  logGroupName: string;
  logStreamName: string;
  /** A debugger may attach: a DebugAssignment of src/execution/debugging. Runtimes that cannot be debugged ignore it. */
  debug?: { port: number; endpoint: string; token: string; wait: boolean };
}

export interface InvokeHead {
  requestId: string;
  /** Epoch milliseconds. */
  deadlineMs: number;
  invokedFunctionArn: string;
  traceId?: string;
  /** JSON text of the client context. */
  clientContext?: string;
  /** JSON text `{cognitoIdentityId, cognitoIdentityPoolId}`. */
  cognitoIdentity?: string;
  tenantId?: string;
}

export interface ResponseHead {
  requestId: string;
  /** Largest resident size of the runtime process so far. */
  maxRssKib: number;
  /** Absent for JSON; what a streaming handler set, or `application/unknown` for bytes that Python returned. */
  contentType?: string;
}

export interface ResponseStartFrame {
  requestId: string;
  contentType: string;
}

export interface ReadyFrame {
  /** Largest resident size of the runtime process so far. */
  maxRssKib: number;
}

export interface ErrorHead {
  /** Absent at init. */
  requestId?: string;
  /** e.g. `Runtime.HandlerNotFound`, or the class of what was thrown. */
  errorType: string;
  maxRssKib?: number;
  /** The runtime will not serve another invocation: it exits after this frame. */
  fatal?: boolean;
}

export interface LogHead {
  /** Epoch milliseconds with a fraction. */
  time: number;
  /** The record has no newline at its end in the log; all others have one there, and need not bring it. */
  unterminated?: true;
}

export interface Frame {
  type: number;
  body: Buffer;
}

/** Largest body that either side accepts; a longer one is a protocol error. */
export const maxFrameBytes = 64 * 1024 * 1024;

export function encodeFrame(type: number, body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(5 + body.length);
  frame.writeUInt32BE(1 + body.length, 0);
  frame[4] = type;
  body.copy(frame, 5);
  return frame;
}

export function encodeJsonFrame(type: number, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value)));
}

/** The start of a frame that carries `payload`: write it, then the payload itself, which is not copied. */
export function encodeFrameHead(type: FrameType, head: unknown, payloadBytes: number): Buffer {
  const json = JSON.stringify(head);
  const jsonBytes = Buffer.byteLength(json);
  assert(jsonBytes <= 0xffff, 'frame head fits its length field');
  const start = Buffer.allocUnsafe(7 + jsonBytes);
  start.writeUInt32BE(3 + jsonBytes + payloadBytes, 0);
  start[4] = type;
  start.writeUInt16BE(jsonBytes, 5);
  start.write(json, 7);
  return start;
}

/** Splits a body of the `u16 length, JSON head, payload` kind. Throws `SyntaxError` or `RangeError` on a malformed one. */
export function splitHead<Head>(body: Buffer): { head: Head; payload: Buffer } {
  const jsonBytes = body.readUInt16BE(0);
  if (2 + jsonBytes > body.length) throw new RangeError('frame head exceeds its frame');
  return { head: JSON.parse(body.toString('utf8', 2, 2 + jsonBytes)), payload: body.subarray(2 + jsonBytes) };
}

/** Length and type: no frame is shorter. */
const headBytes = 5;

/** Cuts a byte stream into frames. `push` throws `RangeError` on a frame over the limit; the channel is then dead. */
export class FrameReader {
  readonly #passes: number | undefined;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = headBytes;
  /** Bytes that are still to come of a frame that is passed on in parts. */
  #passing = 0;

  /** Frames of type `passes` need not be whole: each part that comes is a frame of its own. */
  constructor(passes?: FrameType) {
    this.#passes = passes;
  }

  *push(bytes: Buffer): Generator<Frame> {
    let chunk = bytes;
    if (this.#passing > 0) {
      const body = chunk.subarray(0, this.#passing);
      this.#passing -= body.length;
      yield { type: this.#passes!, body };
      if (body.length === chunk.length) return;
      chunk = chunk.subarray(body.length);
    }
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#needed) {
      const whole = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#buffered);
      const length = whole.readUInt32BE(0);
      if (length < 1 || length > maxFrameBytes) throw new RangeError(`frame of ${length} bytes`);
      if (this.#buffered < 4 + length && whole[4] === this.#passes) {
        this.#passing = 4 + length - this.#buffered;
        this.#chunks = [];
        this.#buffered = 0;
        this.#needed = headBytes;
        yield { type: whole[4]!, body: whole.subarray(headBytes) };
        return;
      }
      if (this.#buffered < 4 + length) {
        this.#chunks = [whole];
        this.#needed = 4 + length;
        return;
      }
      const frame = { type: whole[4]!, body: whole.subarray(5, 4 + length) };
      const rest = whole.subarray(4 + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#buffered = rest.length;
      this.#needed = headBytes;
      yield frame;
    }
  }
}
