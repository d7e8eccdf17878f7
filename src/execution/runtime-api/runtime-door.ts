// One door into an environment's runtime: by frames for managed runtimes, by HTTP for everything else.
import type { AssignFrame } from '../../sandbox/index.ts';

/** The runtime's answer to an invocation. */
export interface RuntimeAnswer {
  /** Set when the handler failed. */
  errorType?: string;
  payload: Buffer;
  /** Largest resident size of the runtime process so far, where the runtime tells. */
  maxRssKib?: number;
  /** The runtime ends after this answer. */
  fatal?: boolean;
}

export interface InvocationEvent {
  requestId: string;
  /** Epoch milliseconds. */
  deadlineMs: number;
  invokedArn: string;
  payload: Buffer;
  traceId: string | undefined;
  clientContext: string | undefined;
  tenantId?: string | undefined;
}

export interface RuntimeDoorEvents {
  /** The handler is loaded; `maxRssKib` where the runtime tells. */
  ready(maxRssKib: number | undefined): void;
  /** Loading the handler failed; `payload` is the error's JSON. */
  initError(errorType: string, payload: Buffer, maxRssKib: number | undefined): void;
  answer(answer: RuntimeAnswer): void;
  /** The response comes in pieces; `answer` with an empty payload, or with an error, ends it. */
  responseStart(contentType: string): void;
  /** A promise holds the runtime back until it resolves. */
  responseChunk(bytes: Buffer): Promise<void> | undefined;
  /** One record of the function's log. `timeMs` is epoch milliseconds. */
  log(timeMs: number, text: string): void;
  /** The runtime answered what it was not asked, or twice, and was refused; it serves nothing after what it does now. */
  strayed(): void;
  /** The runtime broke the protocol; the environment cannot be trusted further. */
  broken(reason: string): void;
}

export interface RuntimeDoor {
  /** Tells the runtime which function it is; `ready` or `initError` follows. */
  assign(assignment: AssignFrame): void;
  /** Hands over one event; `answer` follows. One at a time. */
  invoke(event: InvocationEvent): void;
  /** Resolves once everything that the runtime wrote before it ended has been delivered. */
  drained(): Promise<void>;
  close(): void;
}
