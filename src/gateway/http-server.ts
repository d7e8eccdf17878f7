// The listening socket: hands requests to Lambent's own endpoints, to raw HTTP of services, or to the gateway.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AwsError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { createServer } from '../core/node-http.ts';
import type { Gateway } from './gateway.ts';
import type { Duplex } from 'node:stream';
import type { ServiceTable } from './service-table.ts';

/** AWS's bound on request line and headers together. */
const maxHeaderBytes = 1024 * 1024;

/**
 * Answers what AWS has no operation for, below `/_lambent/`; the value is sent as JSON. An AwsError becomes an answer with
 * its status, code and message.
 */
export type OwnEndpoints = Record<string, (query: URLSearchParams) => object | Promise<object>>;

/**
 * Takes over connections below `/_lambent/` whose request asks for another protocol. What the handler throws as an
 * AwsError is answered; it answers all else itself.
 */
export type OwnProtocols = Record<string, (query: URLSearchParams, socket: Duplex, request: IncomingMessage) => void>;

export function createHttpServer(
  gateway: Gateway,
  services: ServiceTable,
  ownEndpoints: OwnEndpoints,
  ownProtocols: OwnProtocols,
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
  const options = { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: 75_000, requestTimeout: 0, noDelay: true };
  // Everything else that asks for another protocol is served as the request that it is.
  const shouldUpgradeCallback = ({ url }: IncomingMessage) => ownProtocols[pathOf(url!)] !== undefined;
  const server = createServer({ ...options, shouldUpgradeCallback }, handle);
  return server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (head.length > 0) socket.unshift(head);
    try {
      ownProtocols[pathOf(request.url!)]!(new URLSearchParams(request.url!.split('?', 2)[1]), socket, request);
    } catch (error) {
      if (!(error instanceof AwsError)) log.error({ err: error }, 'an own protocol failed');
      const { status, code } = error instanceof AwsError ? error : { status: 500, code: 'InternalFailure' };
      const body = JSON.stringify({ code, message: error instanceof AwsError ? error.message : 'the server failed' });
      const head = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
      socket.end(`HTTP/1.1 ${status} ${code}\r\n${head}\r\n\r\n${body}`);
    }
  });
}

const pathOf = (url: string) => url.split('?', 1)[0]!;

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
