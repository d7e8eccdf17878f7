// What a function returned, as the answer of its URL: hostile shapes included.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPrelude, responseOf, splitPrelude } from './url-response.ts';

const answerOf = (value: unknown) => responseOf(Buffer.from(JSON.stringify(value)));
const nuls = Buffer.alloc(8);

test('what makes no HTTP answer is none', () => {
  for (const value of [
    { statusCode: 0 },
    { statusCode: 600 },
    { statusCode: 200.5 },
    { statusCode: 'ok' },
    { statusCode: 200, headers: { 'bad name': 'x' } },
    { statusCode: 200, headers: { name: 'line\r\nbreak' } },
    { statusCode: 200, cookies: ['a=1\nb=2'] },
  ]) {
    assert.equal(answerOf(value), undefined, JSON.stringify(value));
  }
});

test('headers that are the server’s own go by another name, those of the transport not at all', () => {
  const headers = { 'Content-Length': '5', 'transfer-encoding': 'chunked', 'X-Own': 1, 'X-Null': null };
  assert.deepEqual(answerOf({ statusCode: 200, headers, body: 'x' })?.headers, [
    ['x-amzn-remapped-content-length', '5'],
    ['X-Own', '1'],
    ['Content-Type', 'application/json'],
  ]);
});

test('a body that is no text is sent as JSON, none is empty, base64 is decoded', () => {
  assert.equal(answerOf({ statusCode: 200, body: { a: 1 } })?.body.toString(), '{"a":1}');
  assert.equal(answerOf({ statusCode: 204 })?.body.length, 0);
  assert.deepEqual([...answerOf({ statusCode: 200, body: 'AP8=', isBase64Encoded: true })!.body], [0, 255]);
});

test('a value that is no HTTP answer is sent without whitespace between its tokens, and otherwise as it was written', () => {
  const sent = (text: string) => responseOf(Buffer.from(text))?.body.toString();
  assert.equal(sent('{"hello": "world"}'), '{"hello":"world"}');
  assert.equal(sent('[ "a b", 3,\t1.0, true ]\n'), '["a b",3,1.0,true]');
  assert.equal(sent('{"a \\" b": "\\\\", "ü": " c "}'), '{"a \\" b":"\\\\","ü":" c "}');
  assert.equal(sent('12345678901234567890'), '12345678901234567890');
});

test('a prelude is found behind its eight NULs, and is none without them', () => {
  const whole = Buffer.concat([Buffer.from('{"statusCode":201}'), nuls, Buffer.from('body')]);
  const split = splitPrelude(whole)!;
  assert.deepEqual([split.json.toString(), split.rest.toString()], ['{"statusCode":201}', 'body']);
  assert.equal(readPrelude(split.json)?.status, 201);
  assert.equal(splitPrelude(Buffer.from('{"statusCode":201}')), undefined);
  assert.equal(readPrelude(Buffer.from('no json')), undefined);
  assert.equal(readPrelude(Buffer.from('{}'))?.status, 200);
  const gathered = responseOf(whole)!;
  assert.deepEqual([gathered.status, gathered.body.toString()], [201, 'body']);
});
