import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubleJson, doubleText, longTimeText, shortTimeText, timestampText } from './java-text.ts';

test('doubles always have a fraction, and an exponent when they are large or small', () => {
  const texts: [number, string][] = [
    [2, '2.0'],
    [-3, '-3.0'],
    [0, '0.0'],
    [21.5, '21.5'],
    [0.0666851903306472, '0.0666851903306472'],
    [9_999_999, '9999999.0'],
    [1e7, '1.0E7'],
    [1_073_741_824, '1.073741824E9'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [1e21, '1.0E21'],
  ];
  for (const [value, text] of texts) assert.equal(doubleText(value), text);
});

test('doubles in JSON stay numbers', () => {
  assert.equal(JSON.stringify({ value: doubleJson(2), list: [doubleJson(1e7)] }), '{"value":2.0,"list":[1.0E7]}');
  assert.deepEqual(JSON.parse('{"list":[1.0E7]}'), { list: [10_000_000] });
});

test('the three ways in which times are written', () => {
  const time = Date.UTC(2022, 6, 22, 15, 57, 45, 394);
  assert.equal(timestampText(time), '2022-07-22T15:57:45.394+0000');
  assert.equal(shortTimeText(time), '22/07/22 15:57:45');
  assert.equal(longTimeText(time), 'Friday 22 July, 2022 15:57:45 UTC');
  assert.equal(longTimeText(Date.UTC(2023, 7, 4, 12, 0, 5)), 'Friday 04 August, 2023 12:00:05 UTC');
});
