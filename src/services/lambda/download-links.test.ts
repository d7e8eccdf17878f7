// Links to packages: good for ten minutes, for the package that they were made for, as they were made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DownloadLinks } from './download-links.ts';

let now = Date.UTC(2026, 0, 31, 12, 0, 0, 250);
const links = new DownloadLinks(Buffer.from('key'), { now: () => now, monotonic: () => now, after: () => () => {} });
const hash = 'ab'.repeat(32);
const made = () => links.make('http://localhost:4566', hash).slice('http://localhost:4566'.length);

test('a link says when it was made and how long it is good, and is good so long', () => {
  const link = made();
  assert.match(link, /\?X-Amz-Date=20260131T120000Z&X-Amz-Expires=600&X-Amz-Signature=[0-9a-f]{64}$/);
  assert.equal(links.read(link), hash);
  now += 599_000;
  assert.equal(links.read(link), hash);
  now += 1_000;
  assert.equal(links.read(link), null);
});

test('a link that was changed anywhere is good for nothing', () => {
  const link = made();
  const changes: [string | RegExp, string][] = [
    ['abab', 'cdcd'],
    ['Expires=600', 'Expires=6000'],
    [/Date=\d{8}/, 'Date=20990131'],
    [/Signature=.{4}/, 'Signature=zzzz'],
    [/&X-Amz-Signature=.*/, ''],
    [/\?.*/, ''],
  ];
  for (const [from, to] of changes) {
    const changed = link.replace(from, to);
    assert.notEqual(changed, link);
    assert.equal(links.read(changed), null, changed);
  }
  const stranger = new DownloadLinks(Buffer.from('other key'), {
    now: () => now,
    monotonic: () => now,
    after: () => () => {},
  });
  assert.equal(stranger.read(link), null);
});

test('other URLs are no links', () => {
  assert.equal(links.read('/2018-10-31/layers'), undefined);
});
