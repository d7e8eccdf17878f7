// Filters by what they say of the data, and by what the data is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFilters } from './filters.ts';

const passes = (patterns: object[], body: string) => {
  const filter = readFilters({ Filters: patterns.map((each) => ({ Pattern: JSON.stringify(each) })) }, 'body');
  return filter === undefined || filter({ eventSource: 'aws:sqs', body }, body);
};

test('without filters everything passes, with several what one of them lets pass', () => {
  assert.equal(readFilters(undefined, 'body'), undefined);
  assert.equal(readFilters({}, 'body'), undefined);
  const either = [{ body: { a: [1] } }, { body: { b: [2] } }];
  assert.deepEqual(
    ['{"a":1}', '{"b":2}', '{"a":2,"b":1}'].map((body) => passes(either, body)),
    [true, true, false],
  );
});

test('a pattern of JSON drops what is none, and a pattern of a text what is JSON', () => {
  assert.equal(passes([{ body: { a: [{ exists: false }] } }], 'text'), false);
  assert.equal(passes([{ body: { a: [{ exists: false }] } }], '"text"'), false);
  assert.equal(passes([{ body: { a: [{ exists: false }] } }], '{"b":1}'), true);
  assert.equal(passes([{ body: ['text'] }], 'text'), true);
  assert.equal(passes([{ body: ['text'] }], '["text"]'), false);
  assert.equal(passes([{ body: [{ 'anything-but': 'x' }] }], '{"a":1}'), false);
  assert.equal(passes([{ body: [{ numeric: ['>', 4] }] }], '5'), true);
});

test('a pattern without data looks at the rest of the event', () => {
  assert.equal(passes([{ eventSource: ['aws:sqs'] }], 'text'), true);
  assert.equal(passes([{ eventSource: ['aws:kinesis'] }], '{}'), false);
  assert.equal(passes([{ eventSource: ['aws:kinesis'], body: ['text'] }], 'text'), false);
});
