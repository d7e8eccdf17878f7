// The listening socket: hands requests to Lambent's own endpoints, to raw HTTP of services, or to the gateway.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Gateway } from './gateway.ts';
import type { ServiceTable } from './service-table.ts';

/** AWS's bound on request line and headers together. */
const maxHeaderBytes = 1024 * 1024;

/**
 * Answers what AWS has no operation for, below `/_lambent/`; the value is sent as JSON. An AwsError becomes an answer with
 * its status, code and message.
 */
export type OwnEndpoints = Record<string, (query: URLSearchParams) => object | Promise<object>>;

export function createHttpServer(
  gateway: Gateway,
  services: ServiceTable,
  ownEndpoints: OwnEndpoints,
  log: Logger,
): Server {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url!.startsWith('/_lambent/')) {
      void answerOwn(request, response, ownEndpoints, log);
      return;
    }
    for (const service of services) if (service.http?.(request, response) === true) return;
    void gateway.handle(request, response);
  };
  return createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: 75_000, requestTimeout: 0, noDelay: true },
    handle,
  );
}

async function answerOwn(
  request: IncomingMessage,
  response: ServerResponse,
  endpoints: OwnEndpoints,
  log: Logger,
): Promise<void> {
  const [path, query] = request.url!.split('?', 2) as [string, string?];
  const endpoint = endpoints[path];
  request.resume();
  const { status, body } =
    endpoint !== undefined && (request.method === 'GET' || request.method === 'HEAD')
      ? await ask(endpoint, new URLSearchParams(query), log)
      : { status: 404, body: { message: `no such endpoint: ${request.method} ${request.url}` } };
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function ask(
  endpoint: OwnEndpoints[string],
  query: URLSearchParams,
  log: Logger,
): Promise<{ status: number; body: object }> {
  try {
    return { status: 200, body: await endpoint(query) };
  } catch (error) {
    if (error instanceof AwsError) return { status: error.status, body: { code: error.code, message: error.message } };
    log.error({ err: error }, 'an own endpoint failed');
    return { status: 500, body: { code: 'InternalFailure', message: 'the server failed to answer' } };
  }
}

/** Listens; rejects with a sentence when the address is taken or not ours. Resolves to the port in use. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new AddressInUseError(host, port) : error);
    });
    server.listen({ host, port, backlog: 4096 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export class AddressInUseError extends Error {
  override readonly name = 'AddressInUseError';
  constructor(host: string, port: number) {
    super(
      `Port ${port} on ${host} is in use: another Lambent or another program listens there. Choose one with --port.`,
    );
  }
}
