// Bodies in every encoding, and what happens to those that are too long or broken.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readBody } from './read-body.ts';

const limit = 1000;

/** Sends raw bytes to a server that reads one body; resolves to the body, or to the name of the error. */
async function receive(request: string | Buffer): Promise<string> {
  const server = createServer();
  const result = new Promise<string>((resolve) => {
    server.on('request', (message: IncomingMessage, response) => {
      readBody(message, limit)
        .then(
          (body) => body.toString(),
          (error: Error) => error.name,
        )
        .then((text) => {
          response.end(text);
          resolve(text);
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(request);
  try {
    if (request.includes('X-Test: cut')) setTimeout(() => socket.destroy(), 50);
    return await result;
  } finally {
    socket.destroy();
    server.close();
    server.closeAllConnections();
  }
}

function post(body: string | Buffer, headers: string[] = []): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(['POST / HTTP/1.1', 'Host: x', `Content-Length: ${bytes.length}`, ...headers, '', ''].join('\r\n')),
    bytes,
  ]);
}

test('a body that announces more than the limit is refused before it is read', async () => {
  assert.equal(
    await receive('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\nfirst bytes'),
    'BodyTooLargeError',
  );
});

test('a chunked body is refused as soon as it passes the limit', async () => {
  const chunk = `400\r\n${'a'.repeat(0x400)}\r\n`;
  assert.equal(
    await receive(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`),
    'BodyTooLargeError',
  );
});

test('a small gzip that unpacks beyond the limit is refused', async () => {
  assert.equal(await receive(post(gzipSync('a'.repeat(100_000)), ['Content-Encoding: gzip'])), 'BodyTooLargeError');
});

test('what is no gzip is malformed', async () => {
  assert.equal(await receive(post('not gzip', ['Content-Encoding: gzip'])), 'MalformedBodyError');
});

test('aws-chunked framing without a length, or cut short, is malformed', async () => {
  assert.equal(
    await receive(post('zz;chunk-signature=0\r\nabc\r\n', ['Content-Encoding: aws-chunked'])),
    'MalformedBodyError',
  );
  assert.equal(await receive(post('10\r\nabc\r\n', ['Content-Encoding: aws-chunked'])), 'MalformedBodyError');
});

test('a request that ends before its body does is malformed', async () => {
  assert.equal(
    await receive('POST / HTTP/1.1\r\nHost: x\r\nX-Test: cut\r\nContent-Length: 100\r\n\r\npart'),
    'MalformedBodyError',
  );
});

test('plain, chunked, gzip and aws-chunked bodies are read alike', async () => {
  assert.equal(await receive(post('hello')), 'hello');
  assert.equal(
    await receive('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
    'hello',
  );
  assert.equal(await receive(post(gzipSync('hello'), ['Content-Encoding: gzip'])), 'hello');
  const framed =
    '3;chunk-signature=0\r\nhel\r\n2;chunk-signature=0\r\nlo\r\n0;chunk-signature=0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
  assert.equal(await receive(post(framed, ['Content-Encoding: aws-chunked'])), 'hello');
  assert.equal(await receive(post(framed, ['X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER'])), 'hello');
});

test('no body at all is an empty one', async () => {
  assert.equal(await receive('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '');
});
