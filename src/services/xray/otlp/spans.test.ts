// How segments become spans.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceSpansOf } from './spans.ts';

const owner = { account: '123456789012', region: 'eu-west-1' };
const trace = '1-6966f380-aaaaaaaaaaaaaaaaaaaaaaaa';

test('a segment becomes a span of a service, what is in it spans below', () => {
  const { resource, scopeSpans } = resourceSpansOf(owner, {
    id: '000000000000000A',
    trace_id: trace,
    parent_id: '00000000000000ff',
    name: 'api',
    origin: 'AWS::Lambda::Function',
    start_time: 1_768_435_200.25,
    end_time: 1_768_435_201.5,
    fault: true,
    http: { response: { status: 500 } },
    annotations: { kind: 'a', size: 1.5, bad: {} },
    cause: { exceptions: [{ type: 'TypeError', message: 'no', stack: [{ path: 'index.js', line: 3, label: 'f' }] }] },
    subsegments: [
      { id: '000000000000000b', name: 'DynamoDB', namespace: 'aws', start_time: 1, end_time: 2 },
      { id: '000000000000000c', name: 'running', start_time: 1, in_progress: true },
    ],
  })!;
  const attributes = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  assert.deepEqual(attributes, {
    'service.name': 'api',
    'cloud.provider': 'aws',
    'cloud.account.id': '123456789012',
    'cloud.region': 'eu-west-1',
    'aws.xray.origin': 'AWS::Lambda::Function',
    'cloud.platform': 'aws_lambda',
    'faas.name': 'api',
  });
  const [span, call, ...others] = scopeSpans[0]!.spans;
  assert.equal(others.length, 0);
  assert.equal(span!.traceId, '6966f380aaaaaaaaaaaaaaaaaaaaaaaa');
  assert.deepEqual([span!.spanId, span!.parentSpanId, span!.kind], ['000000000000000a', '00000000000000ff', 2]);
  assert.deepEqual([span!.startTimeUnixNano, span!.endTimeUnixNano], ['1768435200250000000', '1768435201500000000']);
  assert.deepEqual(span!.attributes.slice(-2), [
    { key: 'kind', value: { stringValue: 'a' } },
    { key: 'size', value: { doubleValue: 1.5 } },
  ]);
  assert.equal(span!.status.code, 2);
  assert.deepEqual(span!.events![0]!.attributes.at(-1), {
    key: 'exception.stacktrace',
    value: { stringValue: 'at f (index.js:3)' },
  });
  assert.deepEqual([call!.parentSpanId, call!.kind, call!.status.code], ['000000000000000a', 3, 0]);
});

test('what has not ended is not sent', () => {
  assert.equal(resourceSpansOf(owner, { id: 'a', name: 'x', start_time: 1, in_progress: true }), undefined);
});

test('a subsegment that a function sent is of the function', () => {
  const { resource, scopeSpans } = resourceSpansOf(
    owner,
    {
      id: '000000000000000a',
      trace_id: trace,
      parent_id: '00000000000000ff',
      type: 'subsegment',
      name: 'work',
      start_time: 1,
      end_time: 2,
    },
    'orders',
  )!;
  assert.deepEqual(resource.attributes[0], { key: 'service.name', value: { stringValue: 'orders' } });
  assert.equal(scopeSpans[0]!.spans[0]!.kind, 1);
});
