// The HTTP server that an environment reaches at AWS_LAMBDA_RUNTIME_API: made at the first connection, since most managed
// runtimes never make one.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer } from '../../core/node-http.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { refuse } from './answer.ts';

/** Some routes of the API: undefined for a request that is none of them. `path` is without the query. */
export type Routes = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<void> | true | undefined;

export class ApiServer {
  readonly #sandbox: Sandbox;
  readonly #groups: Routes[];
  #server: Server | undefined;

  /** Each request is offered to `groups` in turn. */
  constructor(sandbox: Sandbox, groups: Routes[]) {
    this.#sandbox = sandbox;
    this.#groups = groups;
    sandbox.runtimeApi.on('connection', (socket: Socket) => {
      this.#server ??= createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) =>
        this.#serve(request, response),
      );
      this.#server.emit('connection', socket);
    });
  }

  close(): void {
    this.#sandbox.runtimeApi.close();
    this.#server?.closeAllConnections();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!.split('?', 1)[0]!;
    for (const routes of this.#groups) {
      const served = routes(request, response, path);
      if (served === undefined) continue;
      if (served !== true) served.catch(() => response.destroy());
      return;
    }
    request.resume();
    refuse(response, 404, 'NotFound', `${request.method} ${path} is not part of the Runtime API`);
  }
}
