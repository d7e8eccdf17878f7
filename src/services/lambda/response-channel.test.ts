// A response on its way: order, back-pressure, the end, readers that go away, and AWS's pace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock, turns } from '../../core/testing/manual-clock.ts';
import { awsBandwidth, ResponseChannel } from './response-channel.ts';

const mebibyte = 1024 * 1024;

async function read(channel: ResponseChannel): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of channel.pieces()) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('pieces come out in their order, and the type when the response starts', async () => {
  const channel = new ResponseChannel(new ManualClock());
  const whole = read(channel);
  channel.start('text/plain');
  assert.equal(await channel.started, 'text/plain');
  for (const text of ['a', 'b', 'c']) channel.write(Buffer.from(text));
  channel.end();
  assert.equal((await whole).toString(), 'abc');
});

test('a response that ends without having started tells no type', async () => {
  const channel = new ResponseChannel(new ManualClock());
  channel.end();
  assert.equal(await channel.started, undefined);
});

test('a function is held back while much waits, until it is read', async () => {
  const channel = new ResponseChannel(new ManualClock());
  assert.equal(channel.write(Buffer.alloc(1000)), undefined);
  const held = channel.write(Buffer.alloc(mebibyte));
  assert.ok(held instanceof Promise);
  const reader = channel.pieces();
  await reader.next();
  await reader.next();
  await held;
});

test('nobody is held back by a reader that never comes, or that goes', async () => {
  const never = new ResponseChannel(new ManualClock());
  const held = never.write(Buffer.alloc(mebibyte));
  never.abandon();
  await held;
  assert.equal(never.write(Buffer.alloc(mebibyte)), undefined);
  assert.equal((await read(never)).length, 0);

  const left = new ResponseChannel(new ManualClock());
  const waiting = read(left);
  await turns();
  left.abandon();
  assert.equal((await waiting).length, 0, 'one that waits for a piece is let go');
});

test('at AWS’s pace six megabytes go at once, and two a second after them', async () => {
  const clock = new ManualClock();
  const channel = new ResponseChannel(clock, awsBandwidth);
  channel.start('text/plain');
  let bytes = 0;
  const reading = (async () => {
    for await (const piece of channel.pieces()) bytes += piece.length;
  })();
  for (let piece = 0; piece < 10; piece++) channel.write(Buffer.alloc(mebibyte));
  channel.end();
  await turns();
  assert.equal(bytes, 6 * mebibyte);
  await clock.advance(1000);
  assert.equal(bytes, 8 * mebibyte);
  await clock.advance(1000);
  assert.equal(bytes, 10 * mebibyte);
  await reading;
});
