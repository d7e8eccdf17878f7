// Log groups and streams: making, listing, tagging and deleting them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, messagesOf, region, startLogs, startOfTest } from './logs-under-test.ts';

const names = (page: { logGroups?: { logGroupName?: string | undefined }[] | undefined }) =>
  page.logGroups!.map(({ logGroupName }) => logGroupName);

test('what nothing would act on is refused at CreateLogGroup', async (t) => {
  const { call } = await startLogs(t);
  for (const [input, message] of [
    [{ kmsKeyId: 'arn:aws:kms:eu-west-1:000000000000:key/x' }, /kmsKeyId is not supported/],
    [{ logGroupClass: 'INFREQUENT_ACCESS' }, /logGroupClass INFREQUENT_ACCESS is not supported/],
    [{ tags: { 'aws:x': 'y' } }, /aws: prefixed tag key names are not allowed/],
    [{ logGroupName: 'aws/reserved' }, 'Log groups starting with AWS/ are reserved for AWS.'],
  ] as const) {
    await assert.rejects(call('CreateLogGroup', { logGroupName: 'g', ...input }), {
      code: 'InvalidParameterException',
      message,
    });
  }
  assert.deepEqual(names(await call('DescribeLogGroups', {})), []);
});

test('a group or stream that exists cannot be made again', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g' });
  await assert.rejects(call('CreateLogGroup', { logGroupName: 'g' }), {
    code: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  });
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  await assert.rejects(call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' }), {
    code: 'ResourceAlreadyExistsException',
    message: 'The specified log stream already exists',
  });
});

test('groups and streams that do not exist are not found, by any operation', async (t) => {
  const { call } = await startLogs(t);
  const noGroup = { code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
  const logGroupName = 'g';
  await assert.rejects(call('DeleteLogGroup', { logGroupName }), noGroup);
  await assert.rejects(call('CreateLogStream', { logGroupName, logStreamName: 's' }), noGroup);
  await assert.rejects(call('DescribeLogStreams', { logGroupName }), noGroup);
  await assert.rejects(call('PutRetentionPolicy', { logGroupName, retentionInDays: 1 }), noGroup);
  await assert.rejects(call('DeleteRetentionPolicy', { logGroupName }), noGroup);
  await assert.rejects(call('ListTagsLogGroup', { logGroupName }), noGroup);
  await assert.rejects(call('DescribeSubscriptionFilters', { logGroupName }), noGroup);
  await assert.rejects(
    call('ListTagsForResource', { resourceArn: 'arn:aws:logs:eu-west-1:000000000000:log-group:g' }),
    noGroup,
  );
  await assert.rejects(call('ListTagsForResource', { resourceArn: 'arn:aws:sqs:eu-west-1:000000000000:g' }), noGroup);
  await call('CreateLogGroup', { logGroupName });
  const noStream = { code: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' };
  const named = { logGroupName, logStreamName: 's' };
  await assert.rejects(call('GetLogEvents', named), noStream);
  await assert.rejects(
    call('PutLogEvents', { ...named, logEvents: [{ timestamp: startOfTest, message: 'x' }] }),
    noStream,
  );
  await assert.rejects(call('DeleteLogStream', named), noStream);
  await assert.rejects(call('FilterLogEvents', { logGroupName, logStreamNames: ['s'] }), noStream);
});

test('a search by pattern tells less of a group than a list by prefix', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'orders' });
  const known = {
    logGroupName: 'orders',
    creationTime: startOfTest,
    metricFilterCount: 0,
    arn: `arn:aws:logs:${region}:${account}:log-group:orders:*`,
    logGroupClass: 'STANDARD',
    logGroupArn: `arn:aws:logs:${region}:${account}:log-group:orders`,
  };
  assert.deepEqual(await call('DescribeLogGroups', { logGroupNamePattern: 'rder' }), { logGroups: [known] });
  assert.deepEqual(await call('DescribeLogGroups', { logGroupNamePrefix: 'or' }), {
    logGroups: [{ ...known, storedBytes: 0, deletionProtectionEnabled: false }],
  });
});

test('a stream has an upload sequence token once it holds events', async (t) => {
  const { call } = await startLogs(t);
  const named = { logGroupName: 'g', logStreamName: 's' };
  await call('CreateLogGroup', named);
  await call('CreateLogStream', named);
  const tokens = async () =>
    (await call('DescribeLogStreams', named)).logStreams?.map((each) => each.uploadSequenceToken);
  assert.deepEqual(await tokens(), [undefined]);
  await call('PutLogEvents', { ...named, logEvents: [{ timestamp: startOfTest, message: 'x' }] });
  assert.match((await tokens())![0]!, /^\d{56}$/);
});

test('the name of a new group is judged in the words of AWS', async (t) => {
  const { call } = await startLogs(t);
  const failed = (value: string, constraint: string) =>
    `1 validation error detected: Value ${value} at 'logGroupName' failed to satisfy constraint: ${constraint}`;
  for (const [logGroupName, message] of [
    [undefined, failed('null', 'Member must not be null')],
    ['', failed("''", 'Member must have length greater than or equal to 1')],
    ['a'.repeat(513), 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.'],
    ['a b', failed("'a b'", 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+')],
  ] as const) {
    await assert.rejects(call('CreateLogGroup', { logGroupName }), { code: 'InvalidParameterException', message });
  }
  await call('CreateLogGroup', { logGroupName: 'a'.repeat(512) });
});

test('a prefix and a pattern exclude each other', async (t) => {
  const { call } = await startLogs(t);
  await assert.rejects(call('DescribeLogGroups', { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' }), {
    message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  });
});

test('a token that was never given out is refused', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  const refused = { code: 'InvalidParameterException', message: 'The specified nextToken is invalid.' };
  for (const nextToken of ['x', 'f/1/s', 'W10', '0']) {
    await assert.rejects(call('DescribeLogGroups', { nextToken }), refused);
    await assert.rejects(call('DescribeLogStreams', { logGroupName: 'g', nextToken }), refused);
    await assert.rejects(call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', nextToken }), refused);
    await assert.rejects(call('FilterLogEvents', { logGroupName: 'g', nextToken }), refused);
  }
});

test('groups are described by name, page by page, with a prefix or a case-sensitive pattern', async (t) => {
  const { call, clock } = await startLogs(t);
  for (const logGroupName of ['/aws/lambda/b', '/aws/lambda/a', '/aws/lambda/C', 'other'])
    await call('CreateLogGroup', { logGroupName });
  const first = await call('DescribeLogGroups', { limit: 3 });
  assert.deepEqual(names(first), ['/aws/lambda/C', '/aws/lambda/a', '/aws/lambda/b']);
  const second = await call('DescribeLogGroups', { limit: 3, nextToken: first.nextToken });
  assert.deepEqual(names(second), ['other']);
  assert.equal(second.nextToken, undefined);
  assert.equal((await call('DescribeLogGroups', { limit: 4 })).nextToken, undefined);
  assert.deepEqual(names(await call('DescribeLogGroups', { logGroupNamePrefix: '/aws/' })).length, 3);
  assert.deepEqual(names(await call('DescribeLogGroups', { logGroupNamePattern: 'lambda/a' })), ['/aws/lambda/a']);
  assert.deepEqual(names(await call('DescribeLogGroups', { logGroupNamePattern: 'c' })), []);
  assert.deepEqual(names(await call('ListLogGroups', { logGroupNamePattern: '^oth|bda/b' })), [
    '/aws/lambda/b',
    'other',
  ]);
  const [other] = (await call('DescribeLogGroups', { logGroupIdentifiers: ['other'] })).logGroups!;
  const arn = 'arn:aws:logs:eu-west-1:000000000000:log-group:other';
  assert.deepEqual(other, {
    logGroupName: 'other',
    creationTime: clock.now(),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
    deletionProtectionEnabled: false,
  });
});

test('streams are described by name or by last event, in both directions, page by page', async (t) => {
  const { call, sink } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 'empty' });
  for (const [stream, time] of [
    ['b', 3],
    ['a', 2],
    ['bb', 1],
  ] as const)
    sink.append(account, region, 'g', stream, startOfTest + time, 'x');
  await assert.rejects(
    call('DescribeLogStreams', { logGroupName: 'g', orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }),
    {
      message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    },
  );
  const list = async (input: object) => {
    const all: string[] = [];
    for (let nextToken: string | undefined; ; ) {
      const page = await call('DescribeLogStreams', { logGroupName: 'g', limit: 2, nextToken, ...input });
      all.push(...page.logStreams!.map(({ logStreamName }) => logStreamName!));
      nextToken = page.nextToken;
      if (nextToken === undefined) return all;
    }
  };
  assert.deepEqual(await list({}), ['a', 'b', 'bb', 'empty']);
  assert.deepEqual(await list({ descending: true }), ['empty', 'bb', 'b', 'a']);
  assert.deepEqual(await list({ logStreamNamePrefix: 'b' }), ['b', 'bb']);
  assert.deepEqual(await list({ logStreamNamePrefix: 'b', descending: true }), ['bb', 'b']);
  assert.deepEqual(await list({ orderBy: 'LastEventTime' }), ['empty', 'bb', 'a', 'b']);
  assert.deepEqual(await list({ orderBy: 'LastEventTime', descending: true }), ['b', 'a', 'bb', 'empty']);
  const [a] = (await call('DescribeLogStreams', { logGroupName: 'g', logStreamNamePrefix: 'a' })).logStreams!;
  assert.equal(a!.arn, 'arn:aws:logs:eu-west-1:000000000000:log-group:g:log-stream:a');
  assert.equal(a!.firstEventTimestamp, startOfTest + 2);
  assert.equal(a!.lastEventTimestamp, startOfTest + 2);
  assert.equal(a!.lastIngestionTime, startOfTest);
});

test('tags are put, listed and taken off, through either family of operations', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g', tags: { a: '1' } });
  const resourceArn = 'arn:aws:logs:eu-west-1:000000000000:log-group:g';
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
  await assert.rejects(call('TagResource', { resourceArn, tags: many }), { code: 'TooManyTagsException' });
  await call('TagResource', { resourceArn, tags: { b: '2' } });
  await call('TagLogGroup', { logGroupName: 'g', tags: { a: '3', c: '4' } });
  assert.deepEqual(await call('ListTagsForResource', { resourceArn }), { tags: { a: '3', b: '2', c: '4' } });
  await call('UntagResource', { resourceArn, tagKeys: ['a', 'unknown'] });
  await call('UntagLogGroup', { logGroupName: 'g', tags: ['b'] });
  assert.deepEqual(await call('ListTagsLogGroup', { logGroupName: 'g' }), { tags: { c: '4' } });
});

test('deletion protection keeps a group and its streams', async (t) => {
  const { call } = await startLogs(t);
  await call('CreateLogGroup', { logGroupName: 'g', deletionProtectionEnabled: true });
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  await assert.rejects(call('DeleteLogGroup', { logGroupName: 'g' }), { code: 'ValidationException' });
  await assert.rejects(call('DeleteLogStream', { logGroupName: 'g', logStreamName: 's' }), {
    code: 'ValidationException',
  });
  await call('PutLogGroupDeletionProtection', { logGroupIdentifier: 'g', deletionProtectionEnabled: false });
  await call('DeleteLogStream', { logGroupName: 'g', logStreamName: 's' });
  await call('DeleteLogGroup', { logGroupName: 'g' });
});

test('deleting a stream or a group deletes its events, and storedBytes follows', async (t) => {
  const { call, sink } = await startLogs(t);
  for (const stream of ['a', 'b']) sink.append(account, region, 'g', stream, startOfTest, '1234');
  const stored = async () => (await call('DescribeLogGroups', {})).logGroups![0]!.storedBytes;
  assert.equal(await stored(), 60);
  await call('DeleteLogStream', { logGroupName: 'g', logStreamName: 'a' });
  assert.equal(await stored(), 30);
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 'a' });
  assert.deepEqual(
    (await call('FilterLogEvents', { logGroupName: 'g' })).events!.map(({ logStreamName }) => logStreamName),
    ['b'],
  );
  await call('DeleteLogGroup', { logGroupName: 'g' });
  await call('CreateLogGroup', { logGroupName: 'g' });
  assert.deepEqual(messagesOf(await call('FilterLogEvents', { logGroupName: 'g' })), []);
  assert.equal(await stored(), 0);
});

test('a restart keeps everything', async (t) => {
  const logs = await startLogs(t);
  await logs.call('CreateLogGroup', { logGroupName: 'g', tags: { a: '1' } });
  await logs.call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 7 });
  logs.sink.append(account, region, 'g', 's', startOfTest, 'before');
  const group = (await logs.call('DescribeLogGroups', {})).logGroups;
  const streams = await logs.call('DescribeLogStreams', { logGroupName: 'g' });
  await logs.restart();
  assert.deepEqual((await logs.call('DescribeLogGroups', {})).logGroups, group);
  assert.deepEqual(await logs.call('DescribeLogStreams', { logGroupName: 'g' }), streams);
  assert.deepEqual((await logs.call('ListTagsLogGroup', { logGroupName: 'g' })).tags, { a: '1' });
  logs.sink.append(account, region, 'g', 's', startOfTest, 'after');
  assert.deepEqual(messagesOf(await logs.call('FilterLogEvents', { logGroupName: 'g' })), ['before', 'after']);
});
