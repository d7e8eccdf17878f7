// Traces: sent, read whole, found by what they are, and drawn as graphs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as xray from '@aws-sdk/client-xray';
import { startTestServer, type TestServer } from '../server.ts';
import { segmentId, traceId, xrayClient } from './xray-client.ts';

let server: TestServer;
let client: xray.XRayClient;
before(async () => {
  server = await startTestServer();
  client = xrayClient(server);
});
after(() => server.stop());

const now = () => Date.now() / 1000;
const put = (...documents: (object | string)[]) =>
  client.send(
    new xray.PutTraceSegmentsCommand({
      TraceSegmentDocuments: documents.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))),
    }),
  );
const get = (...TraceIds: string[]) => client.send(new xray.BatchGetTracesCommand({ TraceIds }));
const lastMinute = () => ({ StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000) });
const find = (FilterExpression: string, input: Partial<xray.GetTraceSummariesCommandInput> = {}) =>
  client.send(new xray.GetTraceSummariesCommand({ ...lastMinute(), FilterExpression, ...input }));
const refused = (call: Promise<unknown>, message: RegExp) =>
  assert.rejects(call, (error: xray.XRayServiceException) => {
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['InvalidRequestException', 400]);
    assert.match(error.message, message);
    return true;
  });

const document = (change: object = {}) => {
  const start_time = now();
  return { id: segmentId(), trace_id: traceId(), name: 'api', start_time, end_time: start_time + 0.5, ...change };
};

test('a segment comes back in its trace as it was sent', async () => {
  const sent = document({ metadata: { any: { thing: [1] } }, annotations: { a: 'b' }, service: { version: '7' } });
  const { UnprocessedTraceSegments } = await put(sent);
  assert.deepEqual(UnprocessedTraceSegments, []);
  const { Traces, UnprocessedTraceIds } = await get(sent.trace_id, traceId());
  assert.equal(UnprocessedTraceIds!.length, 1);
  assert.equal(Traces![0]!.Id, sent.trace_id);
  assert.equal(Traces![0]!.Duration, 0.5);
  assert.equal(Traces![0]!.LimitExceeded, false);
  assert.equal(Traces![0]!.Segments![0]!.Id, sent.id);
  assert.deepEqual(JSON.parse(Traces![0]!.Segments![0]!.Document!), sent);
});

test('what is no segment is told with a reason, and the others are taken', async () => {
  const good = document();
  const { UnprocessedTraceSegments } = await put('nonsense', document({ id: 'short' }), good);
  assert.deepEqual(UnprocessedTraceSegments, [
    { ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' },
    { Id: 'short', ErrorCode: 'InvalidId', Message: 'Invalid segment. ErrorCode: InvalidId' },
  ]);
  assert.equal((await get(good.trace_id)).Traces!.length, 1);
});

test('five traces may be asked for at once', async () => {
  const ids = Array.from({ length: 6 }, () => traceId());
  assert.equal((await get(...ids.slice(0, 5))).UnprocessedTraceIds!.length, 5);
  await refused(get(...ids), /at most 5/);
  await refused(client.send(new xray.GetTraceGraphCommand({ TraceIds: ids })), /at most 5/);
});

test('traces are found by what a filter expression says of them', async () => {
  const failed = document({ name: 'filtered', fault: true, annotations: { order: 'x1' }, user: 'ann' });
  await put(failed, document({ name: 'filtered' }));
  const { TraceSummaries, TracesProcessedCount, ApproximateTime } = await find('service("filtered") { fault }');
  assert.deepEqual(
    TraceSummaries!.map((each) => each.Id),
    [failed.trace_id],
  );
  assert.ok(TracesProcessedCount! >= 2);
  assert.ok(ApproximateTime instanceof Date);
  const [summary] = TraceSummaries!;
  assert.equal(summary!.HasFault, true);
  assert.deepEqual(summary!.Annotations!['order']![0]!.AnnotationValue, { StringValue: 'x1' });
  assert.deepEqual(summary!.EntryPoint, { Name: 'filtered', Names: ['filtered'] });
  assert.equal((await find('annotation.order = "x1" AND user = "ann"')).TraceSummaries!.length, 1);
  await refused(find('nonsense ='), /Invalid filter expression/);
});

test('traces of another time, account or region are not found', async () => {
  const sent = document({ name: 'elsewhere' });
  await put(sent);
  const hourAgo = { StartTime: new Date(Date.now() - 7_200_000), EndTime: new Date(Date.now() - 3_600_000) };
  assert.equal((await find('service("elsewhere")', hourAgo)).TraceSummaries!.length, 0);
  for (const options of [
    { region: 'us-east-1' },
    { credentials: { accessKeyId: '999999999999', secretAccessKey: 'any' } },
  ]) {
    const other = xrayClient(server, options);
    const { Traces } = await other.send(new xray.BatchGetTracesCommand({ TraceIds: [sent.trace_id] }));
    assert.deepEqual(Traces, []);
  }
});

test('a time must have a begin before its end, and be no longer than a day', async () => {
  const EndTime = new Date();
  const at = (msAgo: number) => ({ StartTime: new Date(EndTime.getTime() - msAgo), EndTime });
  await refused(client.send(new xray.GetTraceSummariesCommand(at(0))), /before EndTime/);
  await client.send(new xray.GetTraceSummariesCommand(at(86_400_000)));
  await refused(client.send(new xray.GetTraceSummariesCommand(at(86_400_001))), /24 hours/);
  await client.send(new xray.GetServiceGraphCommand(at(21_600_000)));
  await refused(client.send(new xray.GetServiceGraphCommand(at(21_600_001))), /6 hours/);
});

test('many traces come in pages, each once', async () => {
  const name = 'paged';
  const documents = Array.from({ length: 250 }, () => document({ name }));
  await put(...documents);
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await find('service("paged")', NextToken === undefined ? {} : { NextToken });
    found.push(...page.TraceSummaries!.map((each) => each.Id!));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(found.sort(), documents.map((each) => each.trace_id).sort());
  await refused(find('ok', { NextToken: 'made-up' }), /NextToken/);
});

test('a graph shows who called whom, of one trace, of a time and of a group', async () => {
  const call = { id: segmentId(), name: 'orders', namespace: 'remote', start_time: now(), end_time: now() + 0.1 };
  const front = document({ name: 'front', subsegments: [call] });
  await put(front, document({ name: 'orders', trace_id: front.trace_id, parent_id: call.id }));
  const { Services } = await client.send(new xray.GetTraceGraphCommand({ TraceIds: [front.trace_id] }));
  const named = (name: string, type?: string) => Services!.find((each) => each.Name === name && each.Type === type)!;
  assert.equal(named('front').Root, true);
  assert.equal(named('front').Edges![0]!.ReferenceId, named('orders').ReferenceId);
  assert.equal(named('front', 'client').Edges![0]!.ReferenceId, named('front').ReferenceId);
  const whole = await client.send(new xray.GetServiceGraphCommand(lastMinute()));
  assert.ok(whole.Services!.some((each) => each.Name === 'orders'));
  const GroupName = 'others';
  await client.send(new xray.CreateGroupCommand({ GroupName, FilterExpression: '!service("orders")' }));
  const others = await client.send(new xray.GetServiceGraphCommand({ ...lastMinute(), GroupName }));
  assert.ok(!others.Services!.some((each) => each.Name === 'orders'));
});

test('telemetry of daemons is taken, and encryption is as it is by default', async () => {
  await client.send(new xray.PutTelemetryRecordsCommand({ TelemetryRecords: [{ Timestamp: new Date() }] }));
  const none = { Status: 'ACTIVE', Type: 'NONE' };
  assert.deepEqual((await client.send(new xray.GetEncryptionConfigCommand({}))).EncryptionConfig, none);
  assert.deepEqual((await client.send(new xray.PutEncryptionConfigCommand({ Type: 'NONE' }))).EncryptionConfig, none);
  await refused(client.send(new xray.PutEncryptionConfigCommand({ Type: 'KMS', KeyId: 'alias/x' })), /not support/);
});

test('what is not built is refused by name', async () => {
  await assert.rejects(
    client.send(new xray.GetInsightCommand({ InsightId: '12345678-1234-1234-8234-123456789012' })),
    (error: xray.XRayServiceException) => /GetInsight/.test(error.message) && error.$metadata.httpStatusCode === 501,
  );
});

test('traces survive the end of the server', async () => {
  const sent = document({ name: 'kept' });
  const other = await startTestServer();
  let current = other;
  try {
    const TraceSegmentDocuments = [JSON.stringify(sent)];
    await xrayClient(other).send(new xray.PutTraceSegmentsCommand({ TraceSegmentDocuments }));
    current = await other.restart('SIGTERM');
    const { Traces } = await xrayClient(current).send(new xray.BatchGetTracesCommand({ TraceIds: [sent.trace_id] }));
    assert.equal(Traces!.length, 1);
  } finally {
    await current.stop();
  }
});
