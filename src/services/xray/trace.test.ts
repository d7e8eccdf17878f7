// How documents become a trace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SegmentDocument } from './segment.ts';
import { serviceGraph } from './service-graph.ts';
import { assembleTrace, rootsOf } from './trace.ts';
import { summaryOf } from './trace-summary.ts';

const id = '1-6966f380-aaaaaaaaaaaaaaaaaaaaaaaa';
const segment = (name: string, change: Partial<SegmentDocument> = {}): SegmentDocument => ({
  id: Buffer.from(name.padEnd(8, '.')).toString('hex').slice(0, 16),
  name,
  trace_id: id,
  start_time: 10,
  end_time: 12,
  ...change,
});
const idOf = (name: string) => segment(name).id;

test('a subsegment that was sent apart lies in its parent, whichever came first', () => {
  const call = segment('call', { type: 'subsegment', parent_id: idOf('work') });
  const work = segment('work', { type: 'subsegment', parent_id: idOf('api') });
  for (const order of [
    [segment('api'), work, call],
    [call, work, segment('api')],
  ]) {
    const trace = assembleTrace(id, structuredClone(order));
    assert.deepEqual(
      trace.segments.map((each) => [
        each.name,
        each.subsegments?.[0]?.name,
        each.subsegments?.[0]?.subsegments?.[0]?.name,
      ]),
      [['api', 'work', 'call']],
    );
    assert.equal(trace.isPartial, false);
  }
});

test('one whose parent never came stands alone, and its trace is partial', () => {
  const trace = assembleTrace(id, [segment('call', { type: 'subsegment', parent_id: 'ffffffffffffffff' })]);
  assert.equal(trace.segments.length, 1);
  assert.equal(trace.isPartial, true);
});

test('a segment in progress is replaced when it is sent again, and not by an earlier state that came late', () => {
  const running = segment('api', { in_progress: true });
  delete running.end_time;
  assert.equal(assembleTrace(id, [structuredClone(running)]).isPartial, true);
  for (const order of [
    [running, segment('api')],
    [segment('api'), running],
  ]) {
    const trace = assembleTrace(id, structuredClone(order));
    assert.equal(trace.isPartial, false);
    assert.equal(trace.segments[0]!.end_time, 12);
  }
});

test('subsegments that name each other as parent end in no loop', () => {
  const trace = assembleTrace(id, [
    segment('a', { type: 'subsegment', parent_id: idOf('b') }),
    segment('b', { type: 'subsegment', parent_id: idOf('a') }),
  ]);
  assert.equal(trace.segments.length, 1);
});

test('a call that nobody told of but its caller is inferred', () => {
  const call = segment('DynamoDB', { namespace: 'aws', aws: { table_name: 't' }, fault: true });
  const other = segment('example.com', { namespace: 'remote' });
  const trace = assembleTrace(id, [segment('api', { subsegments: [call, other] })]);
  assert.deepEqual(
    trace.segments
      .slice(1)
      .map(({ name, origin, inferred, parent_id: parent }) => ({ name, origin, inferred, parent })),
    [
      { name: 'DynamoDB', origin: 'AWS::DynamoDB::Table', inferred: true, parent: call.id },
      { name: 'example.com', origin: 'remote', inferred: true, parent: other.id },
    ],
  );
  const answered = segment('downstream', { parent_id: other.id });
  const told = assembleTrace(id, [segment('api', { subsegments: [other] }), answered]);
  assert.deepEqual(
    told.segments.map((each) => each.name),
    ['api', 'downstream'],
  );
});

test('a summary tells of the root what the request was, and of all what happened', () => {
  const trace = assembleTrace(id, [
    segment('api', {
      http: { request: { url: 'http://x/', method: 'GET' }, response: { status: 500 } },
      fault: true,
      user: 'me',
      annotations: { size: 3, kind: 'a', bad: {} },
    }),
    segment('late', { parent_id: idOf('api'), start_time: 11, end_time: 15, annotations: { kind: 'b' } }),
  ]);
  const summary = summaryOf(trace);
  assert.equal(summary.Duration, 5);
  assert.equal(summary.ResponseTime, 2);
  assert.deepEqual([summary.HasFault, summary.HasError], [true, false]);
  assert.deepEqual(summary.Http, { HttpURL: 'http://x/', HttpMethod: 'GET', HttpStatus: 500 });
  assert.deepEqual(Object.keys(summary.Annotations!).sort(), ['kind', 'size']);
  assert.deepEqual(
    summary.Annotations!['kind']!.map((each) => each.AnnotationValue),
    [{ StringValue: 'a' }, { StringValue: 'b' }],
  );
  assert.equal(summary.Users![0]!.UserName, 'me');
  assert.deepEqual(
    rootsOf(trace).map((each) => each.name),
    ['api'],
  );
});

test('a graph counts what each service and each call between two came to', () => {
  const trace = () =>
    assembleTrace(id, [
      segment('api', { subsegments: [segment('call', { namespace: 'remote' })] }),
      segment('back', { parent_id: idOf('call'), throttle: true, error: true }),
    ]);
  const services = serviceGraph([trace(), trace()]);
  assert.deepEqual(
    services.map(({ Name, Type, Root }) => [Name, Type, Root]),
    [
      ['api', undefined, true],
      ['back', undefined, undefined],
      ['api', 'client', undefined],
    ],
  );
  const [api, back, client] = services as [any, any, any];
  assert.equal(client.Edges[0].ReferenceId, api.ReferenceId);
  assert.equal(api.Edges[0].ReferenceId, back.ReferenceId);
  assert.deepEqual(api.Edges[0].SummaryStatistics.ErrorStatistics, { ThrottleCount: 2, OtherCount: 0, TotalCount: 2 });
  assert.equal(api.SummaryStatistics.OkCount, 2);
});
