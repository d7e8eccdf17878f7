// Frames are found in a stream however it is cut; those of one type are passed on in parts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, FrameReader, FrameType, maxFrameBytes } from './frames.ts';

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; state = (state * 48_271) % 2_147_483_647) yield state;
}

test('whole frames come out of any cuts, and parts of the type that is passed on add up', () => {
  const next = numbers(7);
  const draw = (limit: number) => next.next().value! % limit;
  const sent = Array.from({ length: 200 }, (_, index) => ({
    type: draw(3) === 0 ? FrameType.log : FrameType.responseChunk,
    body: Buffer.alloc(draw(300), index),
  }));
  const bytes = Buffer.concat(sent.map(({ type, body }) => encodeFrame(type, body)));
  const reader = new FrameReader(FrameType.responseChunk);
  let passed = Buffer.alloc(0);
  const logs: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + draw(draw(2) === 0 ? 7 : 500);
    for (const { type, body } of reader.push(bytes.subarray(at, at + length))) {
      if (type === FrameType.log) logs.push(body);
      else passed = Buffer.concat([passed, body]);
    }
    at += length;
  }
  const of = (wanted: number) => sent.filter(({ type }) => type === wanted).map(({ body }) => body);
  assert.deepEqual(logs, of(FrameType.log));
  assert.ok(passed.equals(Buffer.concat(of(FrameType.responseChunk))));
});

test('a frame over the limit, or of no length, ends the channel', () => {
  for (const length of [0, maxFrameBytes + 1]) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(length);
    assert.throws(() => [...new FrameReader().push(head)], RangeError);
  }
});
