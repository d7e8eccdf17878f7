// Brings batches of events to a program inside the sandbox, over a connection that is kept.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Agent, request } from '../../core/node-http.ts';
import type { Destination } from './subscribe-request.ts';

export interface Delivery {
  /** Resolves when the batch, events as JSON texts, has been taken. Rejects when it has to be brought again. */
  send(events: readonly string[]): Promise<void>;
  close(): void;
}

/** Opens a connection to a port inside. */
export type Connect = (port: number) => Promise<Duplex>;

export function deliveryTo(destination: Destination, connect: Connect): Delivery {
  return destination.protocol === 'HTTP' ? byHttp(destination, connect) : byTcp(destination.port, connect);
}

function byHttp({ port, path, host, method }: Destination & { protocol: 'HTTP' }, connect: Connect): Delivery {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = (_options, callback) => {
    connect(port).then(
      (socket) => callback!(null, socket as Socket),
      (error: Error) => callback!(error, undefined as unknown as Socket),
    );
    return undefined;
  };
  return {
    send: (events) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(`[${events.join(',')}]`);
        const headers = { Host: host, 'Content-Type': 'application/json', 'Content-Length': body.length };
        const call = request({ agent, method, path, headers }, (response) => {
          response.resume();
          response.once('error', reject);
          response.once('end', () => {
            const { statusCode = 0 } = response;
            if (statusCode >= 200 && statusCode < 300) resolve();
            else reject(new Error(`the subscriber answers ${statusCode}`));
          });
        });
        call.once('error', reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** One event a line; that the socket has taken it is all that can be known. */
function byTcp(port: number, connect: Connect): Delivery {
  let connected: Promise<Duplex> | undefined;
  return {
    async send(events) {
      connected ??= connect(port).then((socket) => {
        const forget = () => {
          connected = undefined;
        };
        socket.on('error', forget);
        socket.once('close', forget);
        socket.resume();
        return socket;
      });
      const pending = connected;
      try {
        const socket = await pending;
        await new Promise<void>((resolve, reject) => {
          socket.write(`${events.join('\n')}\n`, (error) => (error ? reject(error) : resolve()));
        });
      } catch (error) {
        connected = undefined;
        throw error;
      }
    },
    close() {
      void connected?.then(
        (socket) => socket.end(),
        () => {},
      );
    },
  };
}
