// Which texts are filter patterns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFilterPattern } from './event-filter.ts';

test('every operator of the documentation is a pattern', () => {
  for (const pattern of [
    { body: ['a', 1, null, true, ''] },
    { body: { a: { b: ['c'] } } },
    { a: [{ prefix: 'x' }], b: [{ suffix: { 'equals-ignore-case': 'x' } }], c: [{ 'equals-ignore-case': 'x' }] },
    { a: [{ exists: false }], b: [{ 'anything-but': ['x', 'y'] }], c: [{ 'anything-but': { prefix: 'x' } }] },
    { a: [{ numeric: ['>', 1, '<=', 5] }, { numeric: ['=', 3] }] },
    { $or: [{ a: ['x'] }, { b: ['y'] }] },
  ]) {
    assert.ok(isFilterPattern(JSON.stringify(pattern)), JSON.stringify(pattern));
  }
});

test('what is no JSON object of lists is none', () => {
  const deep = `${'{"a":'.repeat(5_000)}["x"]${'}'.repeat(5_000)}`;
  for (const text of ['', 'x', 'null', '[]', '"x"', '{}', '{"a":"x"}', '{"a":[]}', '{"a":{}}', '{"a":[["x"]]}', deep]) {
    assert.equal(isFilterPattern(text), false, text.slice(0, 20));
  }
  for (const matcher of [
    { unknown: 'x' },
    { prefix: 1 },
    { prefix: 'x', suffix: 'y' },
    { exists: 'yes' },
    { numeric: [] },
    { numeric: ['>'] },
    { numeric: ['~', 1] },
    { numeric: ['>', 'x'] },
    { 'anything-but': [] },
    { 'anything-but': { exists: true } },
    {},
  ]) {
    assert.equal(isFilterPattern(JSON.stringify({ a: [matcher] })), false, JSON.stringify(matcher));
  }
});
