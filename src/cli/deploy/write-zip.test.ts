// Packages are read back by a reader that is not ours.
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import yauzl from 'yauzl';
import { writeZip, zipEntry } from './write-zip.ts';

async function read(zip: Buffer): Promise<{ path: string; mode: number; content: Buffer }[]> {
  const file = await yauzl.fromBufferPromise(zip, { validateEntrySizes: true });
  const found: { path: string; mode: number; content: Buffer }[] = [];
  for await (const entry of file.eachEntry()) {
    const content = await buffer(await file.openReadStreamPromise(entry));
    found.push({ path: entry.fileName, mode: entry.externalFileAttributes >>> 16, content });
  }
  return found;
}

test('paths, rights and contents are those that were given', async () => {
  const files = [
    { path: 'a.txt', mode: 0o100644, content: Buffer.alloc(10_000, 'a') },
    { path: 'bin/ünï', mode: 0o100755, content: Buffer.from('#!/bin/sh\n') },
    { path: 'empty', mode: 0o100644, content: Buffer.alloc(0) },
    { path: 'link', mode: 0o120777, content: Buffer.from('a.txt') },
  ];
  const zip = writeZip(files.map(({ path, mode, content }) => zipEntry(path, mode, content)));
  assert.deepEqual(await read(zip), files);
  assert.ok(zip.length < 1000, 'compressed');
});

test('more entries than sixteen bits count are all found', async () => {
  const entry = zipEntry('', 0o100644, Buffer.from('x'));
  const entries = Array.from({ length: 65_600 }, (_, index) => ({ ...entry, path: `f${index}` }));
  const file = await yauzl.fromBufferPromise(writeZip(entries));
  assert.equal(file.entryCount, entries.length);
  let last = '';
  for await (const { fileName } of file.eachEntry()) last = fileName;
  assert.equal(last, 'f65599');
});
