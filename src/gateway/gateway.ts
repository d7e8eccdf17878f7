// The path of a request: recognise the service, read and decode the body, authenticate, perform, encode the answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Contract, loadContract } from '../contracts/index.ts';
import type { Clock } from '../core/clock.ts';
import { AwsError } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import { type Protocol, protocolFor, type RawResponse, type RequestHead } from '../protocol/index.ts';
import type { CallContext, Caller, Service, ServiceCall } from '../services/service.ts';
import { authenticate, type CallerDirectory } from './authenticate.ts';
import { BodyTooLargeError, MalformedBodyError, readBody } from './read-body.ts';
import { type Recognised, recognise, recogniseForm } from './recognise.ts';
import { type ServiceTable, serviceNotBuilt } from './service-table.ts';
import { writeResponse } from './write-response.ts';

export interface GatewayParts {
  services: ServiceTable;
  callers: CallerDirectory;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Bodies of operations whose service sets no limit of its own. */
const defaultBodyLimitBytes = 16 * 1024 * 1024;

/** Handles one HTTP request to an AWS service, whatever it holds. Never rejects. */
export class Gateway {
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = this.#parts.ids.uuid();
    const head = headOf(request);
    const recognised = recognise(head);
    try {
      await writeResponse(response, await this.#answer(request, response, head, recognised, requestId), requestId);
    } catch (error) {
      if (!response.destroyed) this.#parts.log.error({ requestId, err: error }, 'a request could not be answered');
      response.destroy();
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    recognised: Recognised,
    requestId: string,
  ): Promise<RawResponse> {
    let body: Buffer | undefined;
    if (recognised.service === undefined && isForm(head)) {
      body = await readBody(request, defaultBodyLimitBytes).catch(() => Buffer.alloc(0));
      recognised.service = recogniseForm(body);
    }
    const service = this.#parts.services.get(recognised.service ?? '');
    if (service === undefined) {
      request.resume();
      return encodeUnrecognised(head, recognised.service, requestId);
    }
    const contract = await loadContract(service.name);
    const protocol = protocolFor(contract, head);
    let operation = protocol.route(contract, head);
    try {
      body ??= await this.#body(request, service, operation);
      const call = protocol.decode(contract, { ...head, body });
      operation = call.operation;
      const caller = await authenticate(recognised, this.#parts.callers);
      const context = new RequestContext(this.#parts, caller, requestId, head, response);
      const output = await this.#parts.services.perform(service, operation, call.input, context);
      const answer = protocol.encodeOutput(contract, operation, output, requestId);
      Object.assign(answer.headers, context.responseHeaders);
      return answer;
    } catch (error) {
      return this.#encodeFailure(protocol, contract, operation, error, requestId);
    }
  }

  async #body(request: IncomingMessage, service: Service, operation: string | undefined): Promise<Buffer> {
    const limit = service.bodyLimit?.(operation);
    try {
      return await readBody(request, limit?.bytes ?? defaultBodyLimitBytes);
    } catch (error) {
      if (error instanceof BodyTooLargeError) {
        if (limit !== undefined) throw limit.error();
        throw new AwsError(
          'RequestEntityTooLargeException',
          `Request must be smaller than ${defaultBodyLimitBytes} bytes`,
          {
            status: 413,
          },
        );
      }
      if (error instanceof MalformedBodyError)
        throw new AwsError('SerializationException', error.message, { cause: error });
      throw error;
    }
  }

  #encodeFailure(
    protocol: Protocol,
    contract: Contract,
    operation: string | undefined,
    error: unknown,
    requestId: string,
  ): RawResponse {
    if (error instanceof AwsError) return protocol.encodeError(contract, operation, error, requestId);
    this.#parts.log.error(
      { requestId, service: contract.service, operation, err: error },
      'an operation failed by a fault of ours',
    );
    const hidden = new AwsError('ServiceException', 'An internal error occurred. Please retry later.', { status: 500 });
    return protocol.encodeError(contract, operation, hidden, requestId);
  }
}

/** The call context of one HTTP request; what few operations need is made when asked for. */
class RequestContext implements CallContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly headers: Record<string, string | undefined>;
  readonly responseHeaders: Record<string, string> = {};
  readonly #parts: GatewayParts;
  readonly #response: ServerResponse;
  #log: Logger | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: GatewayParts, caller: Caller, requestId: string, head: RequestHead, response: ServerResponse) {
    this.#parts = parts;
    this.caller = caller;
    this.requestId = requestId;
    this.headers = head.headers as Record<string, string | undefined>;
    this.#response = response;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  get ids(): Ids {
    return this.#parts.ids;
  }

  get log(): Logger {
    this.#log ??= this.#parts.log.child({ requestId: this.requestId });
    return this.#log;
  }

  get call(): ServiceCall {
    return this.#parts.services.callAs(this);
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#response.once('close', () => controller.abort());
      this.#signal = controller.signal;
    }
    return this.#signal;
  }

  get endpoint(): string {
    const named = `http://${this.headers['host'] ?? '127.0.0.1'}`;
    // A client may send any Host; what is no host cannot be part of a URL that we hand out.
    return URL.canParse(named) ? named : 'http://127.0.0.1';
  }
}

function headOf(request: IncomingMessage): RequestHead {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: request.headers,
  };
}

function isForm(head: RequestHead): boolean {
  return String(head.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

/** The answer for a service that is not built, in the shape that the client's protocol most likely reads. */
function encodeUnrecognised(head: RequestHead, service: string | undefined, requestId: string): RawResponse {
  const error =
    service === undefined
      ? new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 })
      : serviceNotBuilt(service);
  const headers = { 'x-amzn-RequestId': requestId, 'x-amzn-ErrorType': error.code };
  if (isForm(head)) {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${error.code}</Code><Message>${error.message.replaceAll('<', '&lt;')}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: { ...headers, 'Content-Type': 'text/xml' }, body };
  }
  const body = JSON.stringify({ __type: error.code, message: error.message });
  return { status: error.status, headers: { ...headers, 'Content-Type': 'application/x-amz-json-1.1' }, body };
}
