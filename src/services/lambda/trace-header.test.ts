// How visits are counted in the lineage of a trace header.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from './trace-header.ts';

const root = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;

test('the first function of a chain begins the lineage', () => {
  const { header, before } = visit(root, arn('a'));
  assert.match(
    header,
    /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:[0-9a-f]{8}:0$/,
  );
  assert.equal(before, 0);
});

test('a function that is in the chain already is counted up, however many others lie between', () => {
  let header = root;
  const seen: number[] = [];
  for (const name of ['a', 'b', 'a', 'c', 'b', 'a']) {
    const visited = visit(header, arn(name));
    header = visited.header;
    seen.push(visited.before);
  }
  assert.deepEqual(seen, [0, 0, 1, 0, 1, 2]);
  assert.match(header, /;Lineage=6:[0-9a-f]{8}:0,[0-9a-f]{8}:1,[0-9a-f]{8}:2$/);
});

test('a lineage is read in the forms that clients pass on', () => {
  const own = /Lineage=1:([0-9a-f]{8}):0/.exec(visit(root, arn('a')).header)![1]!;
  for (const lineage of [`${own}:4`, `7:${own}:4`, `68fd508a:5|${own}:4`, `9:68fd508a:5%7C${own}:4`]) {
    assert.equal(visit(`${root};Lineage=${lineage}`, arn('a')).before, 5, lineage);
  }
});

test('what is no lineage is left out, and all else is kept', () => {
  const { header, before } = visit('Root=1-2-3;Lineage=nonsense;Self=4', arn('a'));
  assert.match(header, /^Root=1-2-3;Self=4;Lineage=1:[0-9a-f]{8}:0$/);
  assert.equal(before, 0);
});
