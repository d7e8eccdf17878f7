// Putting, paging and searching events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, type LogsUnderTest, messagesOf, region, startLogs, startOfTest } from './logs-under-test.ts';

const named = { logGroupName: 'g', logStreamName: 's' };
const minute = 60_000;

async function withStream(t: Parameters<typeof startLogs>[0]): Promise<LogsUnderTest> {
  const logs = await startLogs(t);
  await logs.call('CreateLogGroup', { logGroupName: 'g' });
  await logs.call('CreateLogStream', named);
  return logs;
}

test('an input must name a group once', async (t) => {
  const { call } = await withStream(t);
  await assert.rejects(call('FilterLogEvents', {}), { code: 'InvalidParameterException' });
  for (const operation of ['FilterLogEvents', 'DescribeLogStreams'] as const) {
    await assert.rejects(call(operation, { logGroupName: 'g', logGroupIdentifier: 'g' }), {
      code: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
  }
  await assert.rejects(
    call('FilterLogEvents', { logGroupName: 'g', logStreamNames: ['s'], logStreamNamePrefix: 's' }),
    {
      code: 'InvalidParameterException',
    },
  );
});

test('another account, or another region, has no such group', async (t) => {
  const { call } = await withStream(t);
  for (const logGroupIdentifier of [
    'arn:aws:logs:eu-west-1:111111111111:log-group:g',
    'arn:aws:logs:us-east-1:000000000000:log-group:g',
  ]) {
    await assert.rejects(call('FilterLogEvents', { logGroupIdentifier }), { code: 'ResourceNotFoundException' });
  }
  await call('FilterLogEvents', { logGroupIdentifier: 'arn:aws:logs:eu-west-1:000000000000:log-group:g' });
});

test('PutLogEvents is durable before it answers', async (t) => {
  const logs = await withStream(t);
  const answer = await logs.call('PutLogEvents', {
    ...named,
    logEvents: [{ timestamp: startOfTest, message: 'kept' }],
  });
  assert.match(answer.nextSequenceToken!, /^\d{56}$/);
  await logs.crash();
  assert.deepEqual(messagesOf(await logs.call('GetLogEvents', named)), ['kept']);
});

test('PutLogEvents stores what is not rejected, and ignores sequence tokens', async (t) => {
  const { call } = await withStream(t);
  const answer = await call('PutLogEvents', {
    ...named,
    sequenceToken: 'never given out',
    logEvents: [
      { timestamp: startOfTest, message: 'now' },
      { timestamp: startOfTest + 121 * minute, message: 'too new' },
    ],
  });
  assert.deepEqual(answer.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
  assert.deepEqual(messagesOf(await call('GetLogEvents', named)), ['now']);
  const rejected = await call('PutLogEvents', { ...named, logEvents: [{ timestamp: 0, message: 'too old' }] });
  assert.deepEqual(rejected.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
});

test('a batch that spans a day is read back in order', async (t) => {
  const { call } = await withStream(t);
  const logEvents = Array.from({ length: 100 }, (_, index) => ({
    timestamp: startOfTest - (100 - index) * 14 * minute,
    message: `${index}`,
  }));
  await call('PutLogEvents', { ...named, logEvents });
  const expected = logEvents.map(({ message }) => message);
  assert.deepEqual(messagesOf(await call('GetLogEvents', { ...named, startFromHead: true })), expected);
  assert.deepEqual(messagesOf(await call('GetLogEvents', { ...named, limit: 3 })), ['97', '98', '99']);
});

test('GetLogEvents gives the same token again at the end, and later events from there', async (t) => {
  const { call, sink } = await withStream(t);
  for (let index = 0; index < 5; index++) sink.append(account, region, 'g', 's', startOfTest + index, `${index}`);
  const first = await call('GetLogEvents', { ...named, startFromHead: true, limit: 3 });
  assert.deepEqual(messagesOf(first), ['0', '1', '2']);
  assert.match(first.nextForwardToken!, /^f\/\d{56}\/s$/);
  assert.match(first.nextBackwardToken!, /^b\/\d{56}\/s$/);
  const second = await call('GetLogEvents', { ...named, nextToken: first.nextForwardToken });
  assert.deepEqual(messagesOf(second), ['3', '4']);
  const end = await call('GetLogEvents', { ...named, nextToken: second.nextForwardToken });
  assert.deepEqual(messagesOf(end), []);
  assert.equal(end.nextForwardToken, second.nextForwardToken);
  assert.deepEqual(messagesOf(await call('GetLogEvents', { ...named, nextToken: end.nextBackwardToken, limit: 2 })), [
    '3',
    '4',
  ]);
  assert.deepEqual(
    messagesOf(await call('GetLogEvents', { ...named, nextToken: second.nextBackwardToken, limit: 2 })),
    ['1', '2'],
  );
  const head = await call('GetLogEvents', { ...named, nextToken: first.nextBackwardToken });
  assert.deepEqual(messagesOf(head), []);
  assert.equal(head.nextBackwardToken, first.nextBackwardToken);
  sink.append(account, region, 'g', 's', startOfTest + 9, 'later');
  assert.deepEqual(messagesOf(await call('GetLogEvents', { ...named, nextToken: end.nextForwardToken })), ['later']);
});

test('a token of an empty stream leads to its first events', async (t) => {
  const { call, sink } = await withStream(t);
  for (const startFromHead of [true, false]) {
    const { nextForwardToken } = await call('GetLogEvents', { ...named, startFromHead });
    sink.append(account, region, 'g', 's', startOfTest, `${startFromHead}`);
    assert.ok(
      messagesOf(await call('GetLogEvents', { ...named, nextToken: nextForwardToken })).includes(`${startFromHead}`),
    );
    await call('DeleteLogStream', named);
    await call('CreateLogStream', named);
  }
});

test('GetLogEvents leaves out an event at endTime, FilterLogEvents does not', async (t) => {
  const { call, sink } = await withStream(t);
  for (const offset of [0, 1, 2]) sink.append(account, region, 'g', 's', startOfTest + offset, `${offset}`);
  const range = { startTime: startOfTest + 1, endTime: startOfTest + 2 };
  assert.deepEqual(messagesOf(await call('GetLogEvents', { ...named, ...range })), ['1']);
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g', ...range })), ['1', '2']);
});

test('FilterLogEvents interleaves streams, narrows by stream and pattern, and gives each event an id of its own', async (t) => {
  const { call, sink } = await withStream(t);
  for (const [stream, offset] of [
    ['s', 0],
    ['t1', 1],
    ['s', 2],
    ['t2', 3],
  ] as const) {
    sink.append(account, region, 'g', stream, startOfTest + offset, `${stream} at ${offset}`);
  }
  const page = await call('FilterLogEvents', { logGroupName: 'g', interleaved: true });
  assert.deepEqual(messagesOf(page), ['s at 0', 't1 at 1', 's at 2', 't2 at 3']);
  assert.deepEqual(page.searchedLogStreams, []);
  const eventIds = page.events!.map(({ eventId }) => eventId!);
  assert.equal(new Set(eventIds).size, 4);
  assert.ok(eventIds.every((id) => /^\d{56}$/.test(id)));
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g', logStreamNames: ['t2', 's'] })), [
    's at 0',
    's at 2',
    't2 at 3',
  ]);
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g', logStreamNamePrefix: 't' })), [
    't1 at 1',
    't2 at 3',
  ]);
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g', filterPattern: '?t1 ?"at 2"' })), [
    't1 at 1',
    's at 2',
  ]);
});

test('a prefix of hundreds of streams is searched as one of few is', async (t) => {
  const { call, sink } = await withStream(t);
  const expected: string[] = [];
  for (let index = 0; index < 600; index++) {
    sink.append(account, region, 'g', `${index % 2 ? 'odd' : 'even'}/${index}`, startOfTest + index, `${index}`);
    if (index % 2) expected.push(`${index}`);
  }
  for (const startFromHead of [true, false]) {
    const read: string[] = [];
    for (let nextToken: string | undefined; ; ) {
      const search = { logGroupName: 'g', logStreamNamePrefix: 'odd/', limit: 100, nextToken, startFromHead };
      const page = await call('FilterLogEvents', search);
      read.push(...messagesOf(page));
      nextToken = page.nextToken;
      if (nextToken === undefined) break;
    }
    assert.deepEqual(startFromHead ? read : read.reverse(), expected);
  }
});

test('a page holds no more than about 1 MiB, and the next one goes on', async (t) => {
  const { call, sink } = await withStream(t);
  for (let index = 0; index < 30; index++)
    sink.append(account, region, 'g', 's', startOfTest + index, `${index}`.padEnd(100_000));
  const page = await call('FilterLogEvents', { logGroupName: 'g' });
  assert.equal(page.events!.length, 11);
  const next = await call('FilterLogEvents', { logGroupName: 'g', nextToken: page.nextToken });
  assert.equal(next.events![0]!.message!.trim(), '11');
});

test('TestMetricFilter numbers the messages that match from one', async (t) => {
  const { call } = await startLogs(t);
  const { matches } = await call('TestMetricFilter', {
    filterPattern: '[code = 4*, text]',
    logEventMessages: ['200 ok', '404 gone'],
  });
  assert.deepEqual(matches, [
    { eventNumber: 2, eventMessage: '404 gone', extractedValues: { $code: '404', $text: 'gone' } },
  ]);
});
