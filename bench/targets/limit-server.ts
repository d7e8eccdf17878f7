// The limit: an HTTP request's body as one length-prefixed frame over a Unix socket to a Node process, and back.
import { spawn } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, readFrames } from './limit-frames.ts';

const worker = spawn(process.execPath, [join(import.meta.dirname, 'limit-worker.ts')], {
  stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
});
const channel = worker.stdio[3] as Socket;
/** The worker answers in the order of asking. */
const waiting: ServerResponse[] = [];
readFrames(channel, (payload) => {
  const response = waiting.shift()!;
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': payload.length });
  response.end(payload);
});

const server = createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push(response);
    for (const part of encodeFrame(chunks)) channel.write(part);
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
