// A debugger of Node.js: as much of the inspector's protocol as a test needs, over a WebSocket.
import { setTimeout as pause } from 'node:timers/promises';

export interface Inspector {
  send(method: string, params?: object): Promise<any>;
  /** The next event of that name, from now on or seen since the last one was asked for. */
  event(method: string): Promise<any>;
  /** Resolves when the other end has gone. */
  closed: Promise<void>;
  close(): void;
}

const limitMs = 60_000;

/** Attaches to what `http://127.0.0.1:<port>/json/list` lists, as editors do, once there is something. */
export async function attachInspector(port: number): Promise<Inspector> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    try {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as any[];
      return await connect(target.webSocketDebuggerUrl);
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(50);
    }
  }
}

async function connect(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const answers = new Map<number, (message: any) => void>();
  const seen = new Map<string, any[]>();
  const waiting = new Map<string, ((params: any) => void)[]>();
  let id = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.id !== undefined) {
      answers.get(message.id)?.(message);
      answers.delete(message.id);
      return;
    }
    const waiter = waiting.get(message.method)?.shift();
    if (waiter !== undefined) waiter(message.params);
    else seen.set(message.method, [...(seen.get(message.method) ?? []), message.params]);
  });
  await new Promise<void>((done, fail) => {
    socket.addEventListener('open', () => done());
    socket.addEventListener('error', () => fail(new Error(`no debugger at ${url}`)));
  });
  return {
    send(method, params = {}) {
      const request = ++id;
      socket.send(JSON.stringify({ id: request, method, params }));
      return new Promise((done, fail) => {
        answers.set(request, ({ result, error }) =>
          error === undefined ? done(result) : fail(new Error(error.message)),
        );
      });
    },
    event(method) {
      const earlier = seen.get(method)?.shift();
      if (earlier !== undefined) return Promise.resolve(earlier);
      return new Promise((done) => waiting.set(method, [...(waiting.get(method) ?? []), done]));
    },
    closed: new Promise((done) => socket.addEventListener('close', () => done())),
    close: () => socket.close(),
  };
}
