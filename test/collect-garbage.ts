// Has a running server collect its garbage, through its inspector, so that what it then holds is what it needs.
import { setTimeout as pause } from 'node:timers/promises';
import type { TestServer } from './server.ts';

/** For NODE_OPTIONS of the server: its inspector, once asked for, takes any free port. */
export const inspectorOptions = '--inspect-port=0';

/** Resolves when the server, started with `inspectorOptions`, has collected its garbage. */
export async function collectGarbage(server: TestServer): Promise<void> {
  const socket = new WebSocket(await inspectorOf(server));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('the inspector does not answer'));
  });
  // The second collects what the first made free to go.
  const methods = ['HeapProfiler.enable', 'HeapProfiler.collectGarbage', 'HeapProfiler.collectGarbage'];
  for (const [id, method] of methods.entries()) {
    await new Promise((resolve) => {
      socket.onmessage = ({ data }) => JSON.parse(String(data)).id === id && resolve(undefined);
      socket.send(JSON.stringify({ id, method }));
    });
  }
  socket.close();
}

async function inspectorOf(server: TestServer): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const url = /Debugger listening on (ws:\S+)/.exec(server.output())?.[1];
    if (url !== undefined) return url;
    if (attempt === 0) server.process.kill('SIGUSR1');
    await pause(25);
  }
  throw new Error('the server opens no inspector');
}
