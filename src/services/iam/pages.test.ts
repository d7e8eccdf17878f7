// Pages of lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page } from './pages.ts';

const letters = ['d', 'b', 'a', 'c'];
const self = (letter: string) => letter;

test('a marker that no page gave is refused', () => {
  assert.throws(() => page(letters, self, { Marker: 'not a marker' }), {
    code: 'ValidationError',
    message: 'Invalid Marker.',
  });
});

test('everything fits on one page of a hundred', () => {
  assert.deepEqual(page(letters, self, {}), { items: ['a', 'b', 'c', 'd'], rest: { IsTruncated: false } });
  const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(3, '0'));
  const first = page(many, self, {});
  assert.equal(first.items.length, 100);
  assert.deepEqual(page(many, self, { Marker: first.rest.Marker }).items, ['100']);
});

test('pages go on where the last one ended, though its last item is gone', () => {
  const first = page(letters, self, { MaxItems: 2 });
  assert.deepEqual([first.items, first.rest.IsTruncated], [['a', 'b'], true]);
  const second = page(['a', 'c', 'd'], self, { MaxItems: 2, Marker: first.rest.Marker });
  assert.deepEqual(second, { items: ['c', 'd'], rest: { IsTruncated: false } });
});
