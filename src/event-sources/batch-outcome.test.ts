// Answers to a batch: what of it failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedItems } from './batch-outcome.ts';

const known = new Set(['a', 'b']);
const failed = (text: string) => {
  const outcome = failedItems(Buffer.from(text), known);
  return outcome === 'all' ? outcome : [...outcome];
};

test('a batch succeeds as a whole where nothing is reported', () => {
  for (const text of [
    '',
    'null',
    '""',
    '{}',
    '[]',
    '{"batchItemFailures":null}',
    '{"batchItemFailures":[]}',
    '{"x":1}',
  ]) {
    assert.deepEqual(failed(text), [], text);
  }
});

test('a batch fails as a whole where the report cannot be understood', () => {
  for (const text of [
    '{"batchItemFailures":',
    '"text"',
    '{"batchItemFailures":{}}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"itemIdentifier":"unknown"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"a"},{"foo":"notvalid"}]}',
    '{"batchItemFailures":["a"]}',
    '{"batchItemFailures":[null]}',
  ]) {
    assert.equal(failed(text), 'all', text);
  }
});

test('what is reported failed', () => {
  assert.deepEqual(failed('{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}'), ['b']);
});
