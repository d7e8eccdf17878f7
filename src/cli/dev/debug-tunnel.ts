// Opens a function to debuggers: a port of this machine's loopback that leads into the function's sandbox.
import { type ClientRequest, request } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { Failure } from '../failure.ts';

export interface DebugTunnel {
  port: number;
  close(): void;
}

export interface DebugTunnelOptions {
  /** Base URL of the Lambent that runs the function. */
  endpoint: string;
  functionArn: string;
  port: number;
  /** The server ended it. */
  onEnd(): void;
}

/** Rejects with Failure when the port is taken or the server refuses. */
export async function openDebugTunnel({
  endpoint,
  functionArn,
  port,
  onEnd,
}: DebugTunnelOptions): Promise<DebugTunnel> {
  const listener = createServer({ pauseOnConnect: true });
  const listening = await listen(listener, port);
  const query = new URLSearchParams({ function: functionArn, port: String(listening) });
  const opened = await become(endpoint, `/_lambent/debug/open?${query}`).catch((error) => {
    listener.close();
    throw error;
  });
  const key = opened.headers['lambent-debug-key'] ?? '';
  const attached = new Set<Socket>();
  listener.on('connection', async (debugging) => {
    attached.add(debugging);
    debugging.on('error', () => debugging.destroy());
    debugging.once('close', () => attached.delete(debugging));
    try {
      const { socket } = await become(endpoint, `/_lambent/debug/attach?key=${key}`);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => debugging.destroy());
      debugging.once('close', () => socket.destroy());
      for (const each of [socket, debugging]) each.setNoDelay(true);
      debugging.pipe(socket);
      socket.pipe(debugging);
      debugging.resume();
    } catch {
      debugging.destroy();
    }
  });
  let closed = false;
  const close = () => {
    closed = true;
    opened.socket.destroy();
    listener.close();
    for (const debugging of attached) debugging.destroy();
  };
  opened.socket.on('error', () => {});
  opened.socket.resume();
  opened.socket.once('close', () => {
    if (closed) return;
    close();
    onEnd();
  });
  return { port: listening, close };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const message = taken ? `Port ${port} is in use: choose another one, --inspect PORT.` : error.message;
      reject(new Failure('InspectPort', message, { cause: error }));
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** A connection to Lambent's own endpoint `path` that becomes a byte stream. */
function become(endpoint: string, path: string): Promise<{ socket: Socket; headers: Record<string, string> }> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(new URL(path, endpoint), {
      headers: { Connection: 'Upgrade', Upgrade: 'lambent-debug' },
    });
    asked.on('upgrade', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ socket: socket as Socket, headers: response.headers as Record<string, string> });
    });
    asked.on('response', async (response) => {
      const body = await response.setEncoding('utf8').reduce((text: string, part: string) => text + part, '');
      const { message = `${response.statusCode}` } = parse(body);
      reject(new Failure('InspectRefused', `${endpoint} does not let this function be debugged: ${message}.`));
    });
    asked.on('error', (error) => reject(new Failure('InspectRefused', error.message, { cause: error })));
    asked.end();
  });
}

function parse(body: string): { message?: string } {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
