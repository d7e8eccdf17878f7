// The door of managed runtimes: frames over an inherited socket.
import {
  type AssignFrame,
  type ErrorHead,
  encodeFrameHead,
  encodeJsonFrame,
  type Frame,
  FrameReader,
  FrameType,
  type InvokeHead,
  type LogHead,
  type ReadyFrame,
  type ResponseHead,
  type ResponseStartFrame,
  type Sandbox,
  splitHead,
} from '../../sandbox/index.ts';
import type { InvocationEvent, RuntimeDoor, RuntimeDoorEvents } from './runtime-door.ts';

export class FrameDoor implements RuntimeDoor {
  readonly #channel: Sandbox['frames'];
  readonly #events: RuntimeDoorEvents;
  readonly #drained: Promise<void>;
  #requestId = '';

  constructor(sandbox: Sandbox, events: RuntimeDoorEvents) {
    this.#channel = sandbox.frames;
    this.#events = events;
    const reader = new FrameReader(FrameType.responseChunk);
    this.#channel.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) this.#receive(frame);
      } catch (error) {
        events.broken(`the runtime sent a malformed frame: ${(error as Error).message}`);
      }
    });
    this.#drained = new Promise((resolve) => this.#channel.once('close', () => resolve()));
    this.#channel.on('error', () => {});
  }

  assign(assignment: AssignFrame): void {
    this.#channel.write(encodeJsonFrame(FrameType.assign, assignment));
  }

  invoke(event: InvocationEvent): void {
    this.#requestId = event.requestId;
    const head: InvokeHead = {
      requestId: event.requestId,
      deadlineMs: event.deadlineMs,
      invokedFunctionArn: event.invokedArn,
      ...(event.traceId === undefined ? undefined : { traceId: event.traceId }),
      ...(event.clientContext === undefined ? undefined : { clientContext: event.clientContext }),
      ...(event.tenantId === undefined ? undefined : { tenantId: event.tenantId }),
    };
    const start = encodeFrameHead(FrameType.invoke, head, event.payload.length);
    if (event.payload.length < 16_384) {
      this.#channel.write(Buffer.concat([start, event.payload]));
      return;
    }
    this.#channel.write(start);
    this.#channel.write(event.payload);
  }

  drained(): Promise<void> {
    return this.#drained;
  }

  close(): void {
    this.#channel.destroy();
  }

  #receive({ type, body }: Frame): void {
    switch (type) {
      case FrameType.log: {
        const { head, payload } = splitHead<LogHead>(body);
        const text = payload.toString();
        this.#events.log(head.time, head.unterminated || text.endsWith('\n') ? text : `${text}\n`);
        return;
      }
      case FrameType.response: {
        const { head, payload } = splitHead<ResponseHead>(body);
        if (head.requestId !== this.#requestId) {
          this.#events.strayed();
          return;
        }
        this.#requestId = '';
        this.#events.answer({ payload, maxRssKib: head.maxRssKib });
        return;
      }
      case FrameType.responseStart: {
        const start = JSON.parse(body.toString()) as ResponseStartFrame;
        if (start.requestId === this.#requestId) this.#events.responseStart(start.contentType);
        return;
      }
      case FrameType.responseChunk: {
        if (this.#requestId === '') return;
        const held = this.#events.responseChunk(body);
        if (held === undefined) return;
        this.#channel.pause();
        void held.then(() => this.#channel.resume());
        return;
      }
      case FrameType.error: {
        const { head, payload } = splitHead<ErrorHead>(body);
        if (head.requestId !== this.#requestId) {
          this.#events.strayed();
          return;
        }
        this.#requestId = '';
        this.#events.answer({
          payload,
          errorType: head.errorType,
          ...(head.maxRssKib === undefined ? undefined : { maxRssKib: head.maxRssKib }),
          fatal: head.fatal === true,
        });
        return;
      }
      case FrameType.ready:
        this.#events.ready((JSON.parse(body.toString()) as ReadyFrame).maxRssKib);
        return;
      case FrameType.initError: {
        const { head, payload } = splitHead<ErrorHead>(body);
        this.#events.initError(head.errorType, payload, head.maxRssKib);
        return;
      }
      default:
        this.#events.broken(`the runtime sent a frame of unknown type ${type}`);
    }
  }
}
