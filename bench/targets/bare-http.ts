// The limit of web requests: Node's own HTTP server that answers at once, or streams what another process writes to a pipe.
import { fork, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface BareHttp {
  port: number;
  stop(): Promise<void>;
}

export async function startBareHttp(): Promise<BareHttp> {
  const child = fork(join(import.meta.dirname, 'bare-http.ts'), ['serve']);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number));
    child.once('exit', () => reject(new Error('the bare server ended')));
  });
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

/** Writes as many bytes to its standard output. */
const writer = `
const piece = Buffer.alloc(65536, 'x');
let left = Number(process.argv[1]);
const next = () => {
  while (left > 0) {
    left -= piece.length;
    if (!process.stdout.write(piece)) return process.stdout.once('drain', next);
  }
};
next();`;

function serve(): void {
  const server = createServer({ noDelay: true }, (request, response) => {
    const bytes = /^\/stream\/(\d+)/.exec(request.url!)?.[1];
    if (bytes === undefined) {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 5 });
      response.end('hello');
      return;
    }
    const child = spawn(process.execPath, ['-e', writer, bytes], { stdio: ['ignore', 'pipe', 'inherit'] });
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
    child.stdout.pipe(response);
  });
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === 'serve') serve();
