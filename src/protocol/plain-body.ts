// Takes off the coats in which some clients send a body: gzip, and S3's chunked signing.
import { gunzipSync } from 'node:zlib';
import { serializationError } from './errors.ts';
import type { RawRequest } from './types.ts';

/** A small body may unpack to a huge one; no AWS operation that clients compress takes more than this. */
const maxUnpackedBytes = 64 * 1024 * 1024;

/** The body without gzip; CloudWatch's clients compress large requests. Throws SerializationException. */
export function unzipped(request: RawRequest): Buffer {
  if (request.headers['content-encoding'] !== 'gzip') return request.body;
  try {
    return gunzipSync(request.body, { maxOutputLength: maxUnpackedBytes });
  } catch {
    throw serializationError('Could not decompress the request body');
  }
}

/** True when the body is framed in `aws-chunked` form, with or without signatures and trailers. */
export function isAwsChunked(request: RawRequest): boolean {
  const hash = request.headers['x-amz-content-sha256'];
  if (typeof hash === 'string' && hash.startsWith('STREAMING-')) return true;
  return String(request.headers['content-encoding'] ?? '').includes('aws-chunked');
}

/**
 * The payload of an `aws-chunked` body: `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n`, ended by a chunk of length zero
 * and trailers. Throws SerializationException when the framing is broken.
 * See docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html.
 */
export function dechunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (Number.isNaN(size) || start + size > body.length) throw serializationError('Malformed aws-chunked body');
    if (size === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
}
