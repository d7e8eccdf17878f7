// A debugger of Python: as much of the Debug Adapter Protocol as a test needs.
import { connect, type Socket } from 'node:net';

export interface DebugAdapter {
  send(command: string, args?: object): Promise<any>;
  event(name: string): Promise<any>;
  close(): void;
}

export function attachDebugpy(port: number): DebugAdapter {
  const socket: Socket = connect(port, '127.0.0.1');
  const answers = new Map<number, (message: any) => void>();
  const seen = new Map<string, any[]>();
  const waiting = new Map<string, ((body: any) => void)[]>();
  let seq = 0;
  let unread = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const end = unread.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(unread.toString('latin1', 0, Math.max(0, end)))?.[1]);
      if (end === -1 || unread.length < end + 4 + length) return;
      const message = JSON.parse(unread.toString('utf8', end + 4, end + 4 + length));
      unread = unread.subarray(end + 4 + length);
      if (message.type === 'response') answers.get(message.request_seq)?.(message);
      else if (message.type === 'event') {
        const waiter = waiting.get(message.event)?.shift();
        if (waiter !== undefined) waiter(message.body);
        else seen.set(message.event, [...(seen.get(message.event) ?? []), message.body]);
      }
    }
  });
  socket.on('error', () => {});
  return {
    send(command, args = {}) {
      seq += 1;
      const body = JSON.stringify({ seq, type: 'request', command, arguments: args });
      socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      const request = seq;
      return new Promise((done, fail) => {
        answers.set(request, (message) => (message.success ? done(message.body) : fail(new Error(message.message))));
      });
    },
    event(name) {
      const earlier = seen.get(name)?.shift();
      if (earlier !== undefined) return Promise.resolve(earlier);
      return new Promise((done) => waiting.set(name, [...(waiting.get(name) ?? []), done]));
    },
    close: () => socket.destroy(),
  };
}
