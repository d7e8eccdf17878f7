import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpRequest } from '@smithy/core/protocols';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { rawRequest } from './testing/requests.ts';
import { parseSignature, verifySignature } from './sigv4.ts';
import type { RawRequest } from './types.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const signingDate = new Date('2026-01-31T12:00:00Z');

test('a request without a signature, or with one that is malformed, has none', () => {
  assert.equal(parseSignature(rawRequest('GET /')), undefined);
  for (const authorization of [
    'Basic abc',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=a/20260131/us-east-1/lambda, SignedHeaders=host, Signature=00',
    'AWS4-HMAC-SHA256 Credential=a/20260131/us-east-1/lambda/aws4_request, SignedHeaders=host',
  ]) {
    assert.equal(parseSignature(rawRequest('GET /', { authorization })), undefined, authorization);
  }
});

test('a request that was changed after signing does not verify', async () => {
  const request = await signed('lambda', {
    method: 'POST',
    path: '/2015-03-31/functions/f/invocations',
    body: '{"a":1}',
  });
  assert.equal(verified(request), true);
  assert.equal(verified(request, 'another secret'), false);
  assert.equal(verified({ ...request, body: Buffer.from('{"a":2}') }), false);
  assert.equal(verified({ ...request, path: '/2015-03-31/functions/g/invocations' }), false);
  assert.equal(verified({ ...request, query: 'Qualifier=1' }), false);
  assert.equal(verified({ ...request, headers: { ...request.headers, host: 'elsewhere' } }), false);
});

test('the scope of a signed request is read', async () => {
  const request = await signed('logs', { method: 'POST', path: '/', body: '{}' });
  const { signature, signedHeaders, ...scope } = parseSignature(request)!;
  assert.match(signature, /^[0-9a-f]{64}$/);
  assert.ok(signedHeaders.includes('host'));
  assert.deepEqual(scope, {
    accessKeyId: 'AKID',
    date: '20260131',
    region: 'eu-west-1',
    service: 'logs',
    signedAt: '20260131T120000Z',
    sessionToken: 'token',
    expiresSeconds: undefined,
  });
});

test('paths and parameters that need encoding verify, in S3 and elsewhere', async () => {
  const query = { b: 'x y+z', 'a-b': '1', a: ['2', '1'], c: '' };
  for (const service of ['lambda', 's3']) {
    for (const path of ['/', '/a%20b/c%2Fd', '/arn%3Aaws%3Ax/', '/caf%C3%A9/~x!']) {
      assert.equal(verified(await signed(service, { method: 'GET', path, query })), true, `${service} ${path}`);
    }
  }
});

test('a presigned URL verifies and tells how long it is valid', async () => {
  for (const service of ['s3', 'lambda', 'sts']) {
    const request = await presigned(service, '/bucket/a%20key', { versionId: 'v' });
    assert.equal(parseSignature(request)?.expiresSeconds, 600);
    assert.equal(parseSignature(request)?.sessionToken, 'token');
    assert.equal(verified(request), true, service);
    assert.equal(verified({ ...request, query: request.query.replace('versionId=v', 'versionId=w') }), false);
  }
});

function verified(request: RawRequest, secretAccessKey = secret): boolean {
  const signature = parseSignature(request);
  assert.ok(signature);
  return verifySignature(request, signature, secretAccessKey);
}

interface Unsigned {
  method: string;
  path: string;
  query?: Record<string, string | string[]>;
  body?: string;
}

function signer(service: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: 'eu-west-1',
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
    credentials: { accessKeyId: 'AKID', secretAccessKey: secret, sessionToken: 'token' },
  });
}

async function signed(service: string, { method, path, query = {}, body = '' }: Unsigned): Promise<RawRequest> {
  const request = new HttpRequest({
    method,
    path,
    query,
    body,
    hostname: 'localhost',
    headers: { host: 'localhost:4566' },
  });
  return received(await signer(service).sign(request, { signingDate }), body);
}

async function presigned(service: string, path: string, query: Record<string, string>): Promise<RawRequest> {
  const request = new HttpRequest({
    method: 'GET',
    path,
    query,
    hostname: 'localhost',
    headers: { host: 'localhost:4566' },
  });
  const s3 = service === 's3';
  if (s3) request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  const options = {
    signingDate,
    expiresIn: 600,
    ...(s3 && { unhoistableHeaders: new Set<string>(), unsignableHeaders: new Set(['x-amz-content-sha256']) }),
  };
  return received(await signer(service).presign(request, options), '');
}

function received(
  request: { method: string; path: string; query?: any; headers: Record<string, string> },
  body: string,
): RawRequest {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const parts = Object.entries<string | string[]>(request.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((each) => `${encode(name)}=${encode(each)}`),
  );
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method: request.method, path: request.path, query: parts.join('&'), headers, body: Buffer.from(body) };
}
