import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { jsonRpc } from './json-rpc.ts';
import { restJson } from './rest-json.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

test('an error that the union does not model ends the stream with an error frame', async () => {
  const frames = await framesOf(
    (async function* () {
      yield { PayloadChunk: { Payload: Buffer.from('a') } };
      throw new AwsError('ServiceException', 'broken');
    })(),
  );
  assert.deepEqual(frames, [
    { ':message-type': 'event', ':event-type': 'PayloadChunk', ':content-type': 'application/octet-stream', body: 'a' },
    { ':message-type': 'error', ':error-code': 'ServiceException', ':error-message': 'broken', body: '' },
  ]);
});

test('a bug of ours is passed on', async () => {
  const broken = (async function* () {
    yield { Nonsense: {} };
  })();
  await assert.rejects(framesOf(broken), /an event of the union/);
});

test('structures are written in the format of the protocol', async () => {
  const frames = await framesOf(
    (async function* () {
      yield { InvokeComplete: { ErrorCode: 'Unhandled' } };
    })(),
  );
  assert.equal(frames[0]!['body'], '{"ErrorCode":"Unhandled"}');
  assert.equal(frames[0]![':content-type'], 'application/json');
});

test('a remote procedure call sends its initial response first, and modelled exceptions as such', async () => {
  const responseStream = (async function* () {
    yield { sessionStart: { requestId: 'r' } };
    throw new AwsError('SessionTimeoutException', 'over');
  })();
  const { body } = jsonRpc.encodeOutput(loadContract('logs'), 'StartLiveTail', { responseStream }, 'id');
  const frames = await read(body as AsyncIterable<Uint8Array>);
  assert.deepEqual(
    frames.map((frame) => frame[':event-type'] ?? frame[':exception-type']),
    ['initial-response', 'sessionStart', 'SessionTimeoutException'],
  );
  assert.equal(frames[2]!['body'], '{"message":"over"}');
});

function framesOf(EventStream: AsyncIterable<object>): Promise<Record<string, unknown>[]> {
  const { body } = restJson.encodeOutput(loadContract('lambda'), 'InvokeWithResponseStream', { EventStream }, 'id');
  return read(body as AsyncIterable<Uint8Array>);
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Record<string, unknown>[]> {
  const frames: Record<string, unknown>[] = [];
  for await (const bytes of body) {
    const message = codec.decode(bytes);
    const headers = Object.entries(message.headers).map(([name, header]) => [name, header.value]);
    frames.push({ ...Object.fromEntries(headers), body: Buffer.from(message.body).toString() });
  }
  return frames;
}
