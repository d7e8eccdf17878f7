// Which segment documents are taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSegment } from './segment.ts';

const now = Date.UTC(2026, 0, 15);
const seconds = now / 1000;
const traceId = (epochSeconds: number) => `1-${Math.floor(epochSeconds).toString(16)}-${'a'.repeat(24)}`;
const good = {
  id: '53995c3f42cd8ad8',
  name: 'api',
  trace_id: traceId(seconds),
  start_time: seconds,
  end_time: seconds + 1,
};
const code = (document: object | string) => {
  const read = readSegment(typeof document === 'string' ? document : JSON.stringify(document), now);
  return 'ErrorCode' in read ? read.ErrorCode : undefined;
};

test('each required member that is missing or wrong is named', () => {
  for (const [change, expected] of [
    [{}, undefined],
    [{ id: undefined }, 'MissingId'],
    [{ id: '53995c3f42cd8ad' }, 'InvalidId'],
    [{ trace_id: undefined }, 'MissingTraceId'],
    [{ trace_id: '1-2-3' }, 'InvalidTraceId'],
    [{ trace_id: traceId(seconds - 31 * 86_400) }, 'InvalidTraceId'],
    [{ trace_id: traceId(seconds + 3_600) }, 'InvalidTraceId'],
    [{ trace_id: traceId(seconds - 29 * 86_400) }, undefined],
    [{ name: undefined }, 'MissingName'],
    [{ name: '' }, 'InvalidName'],
    [{ name: 'x'.repeat(200) }, undefined],
    [{ name: 'x'.repeat(201) }, 'InvalidName'],
    [{ name: 'a<b' }, 'InvalidName'],
    [{ start_time: undefined }, 'MissingStartTime'],
    [{ start_time: 'now' }, 'InvalidStartTime'],
    [{ end_time: undefined }, 'MissingEndTime'],
    [{ end_time: undefined, in_progress: true }, undefined],
    [{ end_time: seconds - 1 }, 'InvalidEndTime'],
    [{ type: 'subsegment' }, 'MissingParentId'],
    [{ type: 'subsegment', parent_id: 'abc' }, 'InvalidParentId'],
    [{ type: 'subsegment', parent_id: '53995c3f42cd8ad9' }, undefined],
    [{ type: 'other' }, 'InvalidType'],
    [{ namespace: 'local' }, undefined],
    [{ annotations: [1] }, 'InvalidAnnotations'],
    [{ subsegments: [{ id: '53995c3f42cd8ad9', name: 'x', start_time: 1 }] }, 'MissingEndTime'],
  ] as const) {
    assert.equal(code({ ...good, ...change }), expected, JSON.stringify(change));
  }
  assert.equal(code('{'), 'ParseError');
  assert.equal(code('[]'), 'ParseError');
});

test('a document of more than 64 kB is not taken', () => {
  const rest = 64 * 1024 - JSON.stringify({ ...good, user: '' }).length;
  assert.equal(code({ ...good, user: 'x'.repeat(rest) }), undefined);
  assert.equal(code({ ...good, user: 'x'.repeat(rest + 1) }), 'SegmentTooLarge');
});

test("a trace id of W3C's form is written in X-Ray's", () => {
  const read = readSegment(JSON.stringify({ ...good, trace_id: '0123456789abcdef0123456789abcdef' }), now);
  assert.ok('document' in read);
  assert.equal(read.document.trace_id, '1-01234567-89abcdef0123456789abcdef');
  assert.equal(JSON.parse(read.text).trace_id, read.document.trace_id);
});
