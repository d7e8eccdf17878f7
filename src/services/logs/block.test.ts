// Blocks read back as they were written, within their bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Block, decodeBlock, type Events, encodeBlocks } from './block.ts';
import { bounds } from './limits.ts';

function eventsOf(timestamps: number[], message: (index: number) => string): Events {
  return {
    timestamps,
    sequences: timestamps.map((_, index) => index * 3 + 1),
    ingestionTimes: timestamps.map((timestamp, index) => timestamp + (index % 2) * 100),
    messages: timestamps.map((_, index) => message(index)),
  };
}

function decoded(blocks: Block[]): Events {
  const parts = blocks.map(({ encoding, body }) => decodeBlock(encoding, body));
  return {
    timestamps: parts.flatMap(({ timestamps }) => timestamps),
    sequences: parts.flatMap(({ sequences }) => sequences),
    ingestionTimes: parts.flatMap(({ ingestionTimes }) => ingestionTimes),
    messages: parts.flatMap(({ messages }) => messages),
  };
}

test('no events make no block', () => {
  assert.deepEqual(encodeBlocks(eventsOf([], String)), []);
});

test('any text reads back as written: empty lines, quotes, emoji, control characters, halves of pairs', () => {
  const texts = ['\n', '"\\"', '\u{1f600}', '\0\u2028', '\ud83d', 'x'];
  const events = eventsOf([1, 1, 2, 5, 5, 9], (index) => texts[index]!);
  assert.deepEqual(decoded(encodeBlocks(events)), events);
});

test('blocks break at their bounds of span, count and length', () => {
  const far = encodeBlocks(eventsOf([0, bounds.blockSpanMs, bounds.blockSpanMs + 1], String));
  assert.deepEqual(
    far.map(({ count, firstTime, lastTime }) => [count, firstTime, lastTime]),
    [
      [2, 0, bounds.blockSpanMs],
      [1, bounds.blockSpanMs + 1, bounds.blockSpanMs + 1],
    ],
  );
  const many = eventsOf(
    Array.from({ length: bounds.blockEvents + 1 }, (_, index) => index),
    String,
  );
  assert.deepEqual(
    encodeBlocks(many).map(({ count }) => count),
    [bounds.blockEvents, 1],
  );
  assert.deepEqual(decoded(encodeBlocks(many)), many);
  const long = eventsOf([1, 2, 3], () => 'x'.repeat(bounds.blockLength / 2));
  assert.deepEqual(
    encodeBlocks(long).map(({ count }) => count),
    [2, 1],
  );
});

test('bytes count UTF-8 and the overhead of each event', () => {
  assert.equal(encodeBlocks(eventsOf([1, 2], () => '€'))[0]!.bytes, 2 * (3 + 26));
});
