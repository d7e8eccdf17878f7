// The door of custom runtimes: AWS's HTTP Runtime API, served on connections made inside the sandbox.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AssignFrame, Sandbox } from '../../sandbox/index.ts';
import { accepted, answer, refuse } from './answer.ts';
import { FrameDoor } from './frame-door.ts';
import type { Routes } from './api-server.ts';
import { readPayload } from './read-payload.ts';
import type { InvocationEvent, RuntimeAnswer, RuntimeDoor, RuntimeDoorEvents } from './runtime-door.ts';

const version = '/2018-06-01/runtime';
const invocationPath = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/** Error types that are passed on as they are; any other becomes `Function.Unknown` or `Runtime.Unknown`. */
const knownErrorType = /^(Runtime|Function)\.[A-Z][a-zA-Z]+$/;

/**
 * The runtime's states as the API's rules see them. A request that a state does not name is refused with
 * `InvalidStateTransition`.
 */
type RuntimeState = 'starting' | 'waiting' | 'ready-for-next' | 'invoking' | 'streaming' | 'failed';

export class HttpDoor implements RuntimeDoor {
  readonly #events: RuntimeDoorEvents;
  /** Until the sandbox has become the customer's bootstrap, it is ours and listens to frames. */
  readonly #boot: FrameDoor;
  #state: RuntimeState = 'starting';
  #waiting: ServerResponse | undefined;
  #event: InvocationEvent | undefined;

  constructor(sandbox: Sandbox, events: RuntimeDoorEvents) {
    this.#events = events;
    this.#boot = new FrameDoor(sandbox, events);
  }

  assign(assignment: AssignFrame): void {
    this.#boot.assign(assignment);
  }

  invoke(event: InvocationEvent): void {
    this.#event = event;
    if (this.#waiting !== undefined) this.#deliver(this.#waiting);
  }

  async drained(): Promise<void> {}

  close(): void {
    this.#boot.close();
  }

  /** The routes of the Runtime API. */
  readonly routes: Routes = (request, response, path) => {
    if (!path.startsWith(`${version}/`)) return undefined;
    if (request.method === 'GET' && path === `${version}/invocation/next`) {
      this.#next(response);
      return true;
    }
    if (request.method !== 'POST') return undefined;
    if (path === `${version}/init/error`) return this.#initError(request, response);
    const match = invocationPath.exec(path);
    return match === null ? undefined : this.#settle(request, response, match[1]!, match[2] as 'response' | 'error');
  };

  #next(response: ServerResponse): void {
    if (this.#state === 'invoking' || this.#state === 'streaming' || this.#state === 'failed') {
      this.#refuseTransition(response);
      return;
    }
    const first = this.#state === 'starting';
    this.#state = 'waiting';
    this.#waiting = response;
    response.once('close', () => {
      if (this.#waiting === response) this.#waiting = undefined;
    });
    if (first) this.#events.ready(undefined);
    if (this.#event !== undefined) this.#deliver(response);
  }

  #deliver(response: ServerResponse): void {
    const event = this.#event!;
    this.#waiting = undefined;
    this.#state = 'invoking';
    const headers: Record<string, string | number> = {
      'Content-Type': 'application/json',
      'Content-Length': event.payload.length,
      'Lambda-Runtime-Aws-Request-Id': event.requestId,
      'Lambda-Runtime-Deadline-Ms': Math.floor(event.deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': event.invokedArn,
    };
    if (event.traceId !== undefined) headers['Lambda-Runtime-Trace-Id'] = event.traceId;
    if (event.clientContext !== undefined) headers['Lambda-Runtime-Client-Context'] = event.clientContext;
    if (event.tenantId !== undefined) headers['Lambda-Runtime-Aws-Tenant-Id'] = event.tenantId;
    response.writeHead(200, headers);
    response.end(event.payload);
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await readPayload(request);
    if (this.#state !== 'starting') return this.#refuseTransition(response);
    this.#state = 'failed';
    answer(response, 202, accepted);
    this.#events.initError(errorTypeOf(request, 'Runtime.Unknown'), payload ?? Buffer.from('{}'), undefined);
  }

  async #settle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    kind: 'response' | 'error',
  ): Promise<void> {
    const mode = request.headers['lambda-runtime-function-response-mode'];
    if (kind === 'response' && mode === 'streaming') return this.#stream(request, response, requestId);
    const payload = await readPayload(request);
    if (this.#event === undefined || this.#state !== 'invoking') return this.#refuseTransition(response);
    if (kind === 'response' && mode !== undefined) return refuseMode(response);
    if (requestId !== this.#event.requestId) {
      return this.#refuseId(response);
    }
    if (payload === undefined) {
      const text = 'Exceeded maximum allowed payload size (6291556 bytes).';
      refuse(response, 413, 'RequestEntityTooLarge', text);
      this.#finish(tooLargeAnswer);
      return;
    }
    answer(response, 202, accepted);
    this.#finish(kind === 'response' ? { payload } : { payload, errorType: errorTypeOf(request, 'Function.Unknown') });
  }

  /** A response in pieces: passed on as they come, and the runtime is held back as the reader is slow. */
  async #stream(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    if (this.#event === undefined || this.#state !== 'invoking') {
      request.resume();
      return this.#refuseTransition(response);
    }
    if (requestId !== this.#event.requestId) {
      request.resume();
      return this.#refuseId(response);
    }
    this.#state = 'streaming';
    this.#events.responseStart(request.headers['content-type'] ?? 'application/octet-stream');
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) await this.#events.responseChunk(chunk);
    } catch {
      refuse(response, 400, 'TruncatedResponse', 'Response stream was truncated');
      this.#finish({ payload: Buffer.alloc(0), errorType: 'Runtime.TruncatedResponse' });
      return;
    }
    answer(response, 202, accepted);
    const errorType = request.trailers['lambda-runtime-function-error-type'];
    if (errorType === undefined) return this.#finish({ payload: Buffer.alloc(0) });
    const body = Buffer.from(request.trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
    this.#finish({ payload: body, errorType: knownErrorType.test(errorType) ? errorType : 'Function.Unknown' });
  }

  #refuseId(response: ServerResponse): void {
    this.#events.strayed();
    refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
  }

  #refuseTransition(response: ServerResponse): void {
    this.#events.strayed();
    refuse(response, 403, 'InvalidStateTransition', 'State transition is not allowed');
  }

  #finish(result: RuntimeAnswer): void {
    this.#event = undefined;
    this.#state = 'ready-for-next';
    this.#events.answer(result);
  }
}

/** What the caller gets when the function's response is larger than allowed. */
export const tooLargeAnswer = {
  errorType: 'Function.ResponseSizeTooLarge',
  payload: Buffer.from(
    '{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}',
  ),
};

function errorTypeOf(request: IncomingMessage, otherwise: string): string {
  const given = request.headers['lambda-runtime-function-error-type'];
  return typeof given === 'string' && knownErrorType.test(given) ? given : otherwise;
}

const refuseMode = (response: ServerResponse) =>
  refuse(response, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
