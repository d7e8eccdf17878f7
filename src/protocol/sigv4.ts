// AWS Signature Version 4 from the server's side: who signed a request, and whether the signature is right.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest, RequestHead } from './types.ts';

export interface Signature {
  accessKeyId: string;
  /** Of the credential scope: `20260131`. */
  date: string;
  region: string;
  service: string;
  /** Lower case, in the order of the request. */
  signedHeaders: string[];
  /** 64 hexadecimal digits. */
  signature: string;
  /** When it was signed, `20260131T120000Z`; empty when the request does not say. */
  signedAt: string;
  /** Session token of temporary credentials. */
  sessionToken: string | undefined;
  /** For presigned URLs: seconds of validity after `signedAt`. */
  expiresSeconds: number | undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** From the Authorization header, or the parameters of a presigned URL; undefined when there is neither, or it is malformed. */
export function parseSignature(request: RequestHead): Signature | undefined {
  const authorization = headerOf(request, 'authorization');
  if (authorization !== undefined) return parseHeader(request, authorization);
  return request.query.includes('X-Amz-Signature=') ? parsePresigned(request.query) : undefined;
}

function parseHeader(request: RequestHead, authorization: string): Signature | undefined {
  if (!authorization.startsWith(`${algorithm} `)) return undefined;
  const fields = new Map<string, string>();
  for (const part of authorization.slice(algorithm.length).split(',')) {
    const cut = part.indexOf('=');
    if (cut > 0) fields.set(part.slice(0, cut).trim(), part.slice(cut + 1).trim());
  }
  return assemble({
    credential: fields.get('Credential'),
    signedHeaders: fields.get('SignedHeaders'),
    signature: fields.get('Signature'),
    signedAt: headerOf(request, 'x-amz-date'),
    sessionToken: headerOf(request, 'x-amz-security-token'),
    expires: undefined,
  });
}

function parsePresigned(query: string): Signature | undefined {
  const parameters = new URLSearchParams(query);
  if (parameters.get('X-Amz-Algorithm') !== algorithm) return undefined;
  return assemble({
    credential: parameters.get('X-Amz-Credential') ?? undefined,
    signedHeaders: parameters.get('X-Amz-SignedHeaders') ?? undefined,
    signature: parameters.get('X-Amz-Signature') ?? undefined,
    signedAt: parameters.get('X-Amz-Date') ?? undefined,
    sessionToken: parameters.get('X-Amz-Security-Token') ?? undefined,
    expires: parameters.get('X-Amz-Expires') ?? undefined,
  });
}

function assemble(
  fields: Record<
    'credential' | 'signedHeaders' | 'signature' | 'signedAt' | 'sessionToken' | 'expires',
    string | undefined
  >,
): Signature | undefined {
  // Exactly five parts: a scope of any other form is not AWS's.
  const [accessKeyId, date, region, service, terminator, ...more] = (fields.credential ?? '').split('/');
  if (!accessKeyId || !date || region === undefined || !service || terminator !== 'aws4_request' || more.length > 0)
    return undefined;
  if (fields.signedHeaders === undefined || fields.signature === undefined) return undefined;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: fields.signedHeaders.toLowerCase().split(';'),
    signature: fields.signature,
    signedAt: fields.signedAt ?? '',
    sessionToken: fields.sessionToken,
    expiresSeconds: fields.expires === undefined ? undefined : Number(fields.expires),
  };
}

/**
 * Whether `signature` was made of this request with this secret. Says nothing about the time: compare `signedAt`
 * (and `expiresSeconds`) with a clock. A payload that is declared unsigned, or signed chunk by chunk, is not looked at.
 */
export function verifySignature(request: RawRequest, signature: Signature, secretAccessKey: string): boolean {
  const payloadHash = declaredPayloadHash(request, signature);
  if (payloadHash === undefined) return false;
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path, signature.service === 's3'),
    canonicalQuery(request.query),
    ...signature.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    '',
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const scope = `${signature.date}/${signature.region}/${signature.service}/aws4_request`;
  const stringToSign = [algorithm, signature.signedAt, scope, sha256(canonicalRequest)].join('\n');
  const expected = hmac(signingKey(signature, secretAccessKey), stringToSign).toString('hex');
  const given = Buffer.from(signature.signature);
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}

function signingKey({ date, region, service }: Signature, secretAccessKey: string): Buffer {
  return [region, service, 'aws4_request'].reduce((key, part) => hmac(key, part), hmac(`AWS4${secretAccessKey}`, date));
}

/** What stands for the payload in the canonical request; undefined when the body is not the one that was signed. */
function declaredPayloadHash(request: RawRequest, signature: Signature): string | undefined {
  const declared = headerOf(request, 'x-amz-content-sha256');
  if (declared !== undefined && !/^[0-9a-f]{64}$/.test(declared)) return declared;
  if (declared === undefined && signature.service === 's3' && signature.expiresSeconds !== undefined)
    return 'UNSIGNED-PAYLOAD';
  const actual = sha256(request.body);
  return declared === undefined || declared === actual ? actual : undefined;
}

/** S3 signs the path as sent; every other service signs it normalised and encoded once more. */
function canonicalPath(path: string, isS3: boolean): string {
  if (isS3) return path === '' ? '/' : path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('X-Amz-Signature='))
    .map((part) => {
      const cut = part.indexOf('=');
      return cut < 0
        ? { name: recode(part), value: '' }
        : { name: recode(part.slice(0, cut)), value: recode(part.slice(cut + 1)) };
    })
    .sort((a, b) => order(a.name, b.name) || order(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

/** By code point: what is compared here is ASCII. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalHeader(request: RequestHead, name: string): string {
  return (headerOf(request, name) ?? '').trim().replace(/\s+/g, ' ');
}

function headerOf(request: RequestHead, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Percent-encodes as RFC 3986 wants it, whichever way the client did. */
function recode(text: string): string {
  try {
    return encode(decodeURIComponent(text));
  } catch {
    return encode(text);
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
