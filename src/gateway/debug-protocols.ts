// How debuggers and interpreters reach each other: connections to Lambent's own endpoints that become byte streams.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { parseArn } from '../core/arn.ts';
import { AwsError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { DebugSession, DebugSessions } from '../execution/index.ts';
import type { OwnProtocols } from './http-server.ts';

export interface DebugProtocolParts {
  /** Whether a connection was made inside a sandbox. */
  isFromFunction(socket: Duplex): boolean;
  debugging(): DebugSessions;
  /** Starts an environment of the function, so that a debugger finds one. */
  start(key: { account: string; region: string; name: string }): Promise<void>;
  end(session: DebugSession): Promise<void>;
  log: Logger;
}

const loopback = /^(127\.|::1$|::ffff:127\.)/;
const refused = (status: number, code: string, message: string) => new AwsError(code, message, { status });

/**
 * `open?function=ARN&port=N` makes a function debuggable for as long as the connection lasts, and says in the header
 * `Lambent-Debug-Key` how to attach; `attach?key=K` becomes a debugger's connection; `offer?token=T` comes from an
 * interpreter in a sandbox and becomes the other end of one. Debugging is running code: only programs on this machine may,
 * and functions may not.
 */
export function debugProtocols(parts: DebugProtocolParts): OwnProtocols {
  const { log } = parts;
  const checkPerson = (request: IncomingMessage) => {
    const { socket } = request;
    if (!parts.isFromFunction(socket) && loopback.test(socket.remoteAddress ?? '')) return;
    throw refused(403, 'AccessDenied', 'functions are debugged from the machine that they run on');
  };
  return {
    '/_lambent/debug/open': (query, socket, request) => {
      checkPerson(request);
      const functionArn = query.get('function') ?? '';
      const arn = parseArn(functionArn);
      const name = /^function:([\w-]+)$/.exec(arn?.resource ?? '')?.[1];
      if (arn === undefined || name === undefined) throw refused(400, 'InvalidFunction', 'no ARN of a function');
      const key = { account: arn.account, region: arn.region, name };
      const start = () =>
        void parts.start(key).catch((error) => log.info({ err: error }, 'nothing could be started to debug'));
      const session = parts.debugging().open(functionArn, Number(query.get('port') ?? 0), start);
      if (session === undefined) throw refused(409, 'DebuggedAlready', `${name} is debugged already`);
      socket.once('close', () => void parts.end(session));
      // Nothing is said on it: that it ends is what matters.
      socket.resume();
      socket.on('end', () => socket.end());
      accept(socket, { 'Lambent-Debug-Key': session.key });
      start();
    },
    '/_lambent/debug/attach': (query, socket, request) => {
      checkPerson(request);
      const session = parts.debugging().byKey(query.get('key') ?? '');
      if (session === undefined) throw refused(404, 'NotDebugged', 'the session is over');
      accept(socket);
      session.attach(socket);
    },
    '/_lambent/debug/offer': (query, socket) => {
      const token = query.get('token') ?? '';
      const session = parts.debugging().byToken(token);
      if (session === undefined) throw refused(404, 'NotDebugged', 'the session is over');
      session.offer(token, socket, () => accept(socket));
    },
  };
}

function accept(socket: Duplex, headers: Record<string, string> = {}): void {
  const lines = Object.entries({ Connection: 'Upgrade', Upgrade: 'lambent-debug', ...headers });
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
}
