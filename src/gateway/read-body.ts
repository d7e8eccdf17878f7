// Reads a request's body: bounded, and with `gzip` and `aws-chunked` encodings taken off.
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

/** The body is longer than the limit. What is left of it is being discarded, never kept. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** The body is not what its encoding headers say, or ended early. */
export class MalformedBodyError extends Error {
  override readonly name = 'MalformedBodyError';
}

/** How much of a refused body is read and thrown away so that the client gets to see the answer; past it the connection is cut. */
const discardLimitBytes = 1024 * 1024 * 1024;

/**
 * The decoded body of at most `limitBytes`.
 * Rejects with BodyTooLargeError as soon as the limit is passed, and MalformedBodyError.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  const encodings = contentEncodings(request);
  const chunked = encodings.includes('aws-chunked') || isStreamingSha256(request);
  const framing = chunked ? Math.ceil(limitBytes / 8192) * 128 + 65_536 : 0;
  if (declared > limitBytes + framing) return refuse(request);
  if (declared === 0 && request.headers['transfer-encoding'] === undefined) return Buffer.alloc(0);

  const raw = await collect(request, limitBytes + framing);
  const dechunked = chunked ? decodeAwsChunked(raw) : raw;
  if (dechunked.length > limitBytes) throw new BodyTooLargeError();
  if (!encodings.includes('gzip')) return dechunked;
  const body = await gunzip(dechunked, limitBytes);
  // From here on the headers tell what is left to take off: the protocols would unpack once more.
  request.headers['content-encoding'] = encodings.filter((encoding) => encoding !== 'gzip').join(',');
  return body;
}

function contentEncodings(request: IncomingMessage): string[] {
  const header = request.headers['content-encoding'];
  return header === undefined ? [] : header.split(',').map((encoding) => encoding.trim().toLowerCase());
}

function isStreamingSha256(request: IncomingMessage): boolean {
  const hash = request.headers['x-amz-content-sha256'];
  return typeof hash === 'string' && hash.startsWith('STREAMING-');
}

function refuse(request: IncomingMessage): never {
  discard(request);
  throw new BodyTooLargeError();
}

function discard(request: IncomingMessage): void {
  let discarded = 0;
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > discardLimitBytes) request.destroy();
  });
  request.on('error', () => {});
  request.resume();
}

function collect(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        settle();
        discard(request);
        reject(new BodyTooLargeError());
        return;
      }
      chunks.push(chunk);
    };
    const onEnd = () => {
      settle();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    };
    const onBroken = () => {
      settle();
      reject(new MalformedBodyError('the request ended before its body did'));
    };
    const settle = () => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      request.on('error', () => {});
    };
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/** Takes the `<hex length>;chunk-signature=…\r\n<bytes>\r\n` framing off; trailers are dropped. */
function decodeAwsChunked(raw: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', offset);
    if (lineEnd === -1) throw new MalformedBodyError('aws-chunked framing is incomplete');
    const size = raw.toString('latin1', offset, lineEnd).split(';', 1)[0]!.trim();
    if (!/^[0-9a-fA-F]{1,8}$/.test(size))
      throw new MalformedBodyError('aws-chunked framing has a chunk without a length');
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    if (start + length + 2 > raw.length) throw new MalformedBodyError('aws-chunked framing is incomplete');
    chunks.push(raw.subarray(start, start + length));
    offset = start + length + 2;
  }
}

async function gunzip(compressed: Buffer, limitBytes: number): Promise<Buffer> {
  const stream = createGunzip();
  stream.end(compressed);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limitBytes) throw new BodyTooLargeError();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw error;
    throw new MalformedBodyError('the body is not valid gzip', { cause: error });
  }
  return Buffer.concat(chunks, length);
}
