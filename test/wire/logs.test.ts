// CloudWatch Logs over the wire: the unmodified SDK client against a running server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  paginateFilterLogEvents,
  paginateGetLogEvents,
  StartLiveTailCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { readConfig } from '../../src/config.ts';
import { type LambentServer, startServer } from '../../src/main.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'lambent-wire-logs-'));
let server: LambentServer;
let client: CloudWatchLogsClient;

async function start(): Promise<void> {
  const config = readConfig({ port: 0, dataDir, isolation: 'process', prebooted: 0, logLevel: 'silent' }, {});
  server = await startServer(config, () => {});
  client = new CloudWatchLogsClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // Live Tail has a host of its own at AWS.
    disableHostPrefix: true,
    maxAttempts: 1,
  });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.stop();
}

before(start);
after(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

const stream = { logGroupName: '/app/web', logStreamName: 'one' };

test('errors arrive as the SDK classes with AWS texts', async () => {
  await assert.rejects(client.send(new DescribeLogStreamsCommand({ logGroupName: 'missing' })), {
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  await assert.rejects(client.send(new CreateLogGroupCommand({ logGroupName: 'not valid' })), {
    name: 'InvalidParameterException',
  });
  await assert.rejects(client.send(new FilterLogEventsCommand({ logGroupName: 'x', filterPattern: '{ $.a' })), {
    name: 'InvalidParameterException',
    message: "If a filter pattern starts with '{' it must end with '}'",
  });
});

test('an operation that is not built is refused by name', async () => {
  const metricTransformations = [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }];
  await assert.rejects(
    client.send(
      new PutMetricFilterCommand({ logGroupName: 'x', filterName: 'f', filterPattern: '', metricTransformations }),
    ),
    /PutMetricFilter/,
  );
});

test('events are put, paged in both directions and searched, and survive a restart', async () => {
  await client.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName, tags: { team: 'web' } }));
  await client.send(new CreateLogStreamCommand(stream));
  await client.send(new PutRetentionPolicyCommand({ logGroupName: stream.logGroupName, retentionInDays: 7 }));
  const now = Date.now();
  const logEvents = Array.from({ length: 25 }, (_, index) => ({
    timestamp: now - 1_000 + index,
    message: JSON.stringify({ index, level: index % 5 === 0 ? 'ERROR' : 'INFO' }),
  }));
  const put = await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  assert.match(put.nextSequenceToken!, /^\d{56}$/);
  await stop();
  await start();

  const indices = (events: { message?: string }[] = []) => events.map(({ message }) => JSON.parse(message!).index);
  const all = Array.from({ length: 25 }, (_, index) => index);
  const read: number[] = [];
  const pages = paginateGetLogEvents({ client, stopOnSameToken: true }, { ...stream, startFromHead: true, limit: 10 });
  for await (const { events } of pages) read.push(...indices(events));
  assert.deepEqual(read, all);
  const tail = await client.send(new GetLogEventsCommand({ ...stream, limit: 2 }));
  assert.deepEqual(indices(tail.events), [23, 24]);
  assert.ok(tail.events![0]!.ingestionTime! >= now);

  const found: number[] = [];
  const search = { logGroupName: stream.logGroupName, filterPattern: '{ $.level = "ERROR" && $.index > 0 }', limit: 3 };
  for await (const { events } of paginateFilterLogEvents({ client }, search)) found.push(...indices(events));
  assert.deepEqual(found, [5, 10, 15, 20]);

  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/app' }));
  assert.equal(logGroups![0]!.retentionInDays, 7);
  assert.ok(logGroups![0]!.storedBytes! > 25 * 26);
  const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName: stream.logGroupName }));
  assert.equal(logStreams![0]!.lastEventTimestamp, now - 1_000 + 24);
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: logGroups![0]!.logGroupArn }));
  assert.deepEqual(tags, { team: 'web' });
});

test('a filter pattern can be tried', async () => {
  const { matches } = await client.send(
    new TestMetricFilterCommand({ filterPattern: '[w1 = ERROR, w2]', logEventMessages: ['ERROR a', 'INFO b'] }),
  );
  assert.deepEqual(matches, [{ eventNumber: 1, eventMessage: 'ERROR a', extractedValues: { $w1: 'ERROR', $w2: 'a' } }]);
});

test('Live Tail shows events as they are put, until the client leaves', { timeout: 20_000 }, async () => {
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/app' }));
  const leaving = new AbortController();
  const { responseStream } = await client.send(
    new StartLiveTailCommand({ logGroupIdentifiers: [logGroups![0]!.logGroupArn!], logEventFilterPattern: 'tailed' }),
    { abortSignal: leaving.signal },
  );
  const seen: string[] = [];
  for await (const event of responseStream!) {
    if (event.sessionStart !== undefined) {
      assert.ok(event.sessionStart.sessionId);
      const logEvents = ['tailed', 'other'].map((message) => ({ timestamp: Date.now(), message }));
      await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    }
    seen.push(...(event.sessionUpdate?.sessionResults ?? []).map(({ message }) => message!));
    if (seen.length > 0) break;
  }
  leaving.abort();
  assert.deepEqual(seen, ['tailed']);
});

test('a deleted group is gone', async () => {
  await client.send(new DeleteLogGroupCommand({ logGroupName: stream.logGroupName }));
  await assert.rejects(client.send(new GetLogEventsCommand(stream)), { name: 'ResourceNotFoundException' });
});
