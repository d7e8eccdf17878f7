// Puts an encoded answer on the wire: whole when it is whole, with back-pressure when it is a stream.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RawResponse } from '../protocol/index.ts';

/** Up to this length, one write is worth a copy. */
const joinedBytes = 16_384;

/** Sends `answer`; resolves when it is handed to the socket, rejects when a streamed one breaks off. */
export async function writeResponse(response: ServerResponse, answer: RawResponse, requestId: string): Promise<void> {
  const headers: Record<string, string | number> = answer.headers;
  headers['x-amzn-RequestId'] ??= requestId;
  const { body } = answer;
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    if (answer.status !== 204) headers['Content-Length'] = Buffer.byteLength(body);
    response.writeHead(answer.status, headers);
    // Node writes a string together with the head, but bytes apart from it. As latin1 a string is the bytes themselves.
    if (typeof body === 'string' || body.length > joinedBytes) response.end(body);
    else response.end(body.toString('latin1'), 'latin1');
    return;
  }
  response.writeHead(answer.status, headers);
  response.flushHeaders();
  await pipeline(Readable.from(body, { objectMode: false }), response);
}
