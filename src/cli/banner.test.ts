// The list of interpreters that the banner shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runtimesRow } from './banner.ts';

const found = (family: 'nodejs' | 'python', ...version: number[]) => ({
  ...{ family, version, executable: '/opt/interpreter', prefix: null, source: 'PATH' },
});

test('a machine without interpreters is told so', () => {
  assert.match(runtimesRow([]), /no Node\.js; no Python$/);
});

test('each version is named once, as runtimes are named for it', () => {
  const row = runtimesRow([found('nodejs', 24, 21, 0), found('nodejs', 24, 1, 0), found('python', 3, 13, 1)]);
  assert.match(row, /Node\.js 24; Python 3\.13; custom runtimes$/);
});
