// Pages of lists and their tokens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf, readToken, writeToken } from './pages.ts';

const letters = ['a', 'b', 'c', 'd', 'e'];
const page = (NextToken: string | undefined, MaxResults: number) =>
  pageOf(letters, (letter) => letter, { NextToken, MaxResults });

test('pages follow each other without gap or overlap, and the last one has no token', () => {
  const [first, second] = page(undefined, 2);
  const [next, third] = page(second, 2);
  const [last, none] = page(third, 2);
  assert.deepEqual([first, next, last, none], [['a', 'b'], ['c', 'd'], ['e'], undefined]);
  assert.deepEqual(page(undefined, 5), [letters, undefined]);
});

test('tokens are as the model has them, and those of others are refused', () => {
  assert.match(writeToken('1700000000000 00ff'), /^[a-zA-Z0-9/+]*={0,2}$/);
  assert.equal(readToken({ NextToken: writeToken('1 a') }), '1 a');
  const invalid = (error: { code?: string }) => error.code === 'InvalidPaginationTokenException';
  assert.throws(() => readToken({ NextToken: 'aGVsbG8=' }), invalid);
  assert.throws(() => readToken({ NextToken: '' }), invalid);
  assert.throws(() => page(writeToken('z'), 2), invalid);
});
