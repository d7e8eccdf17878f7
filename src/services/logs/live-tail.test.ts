// Live Tail: what a session shows, and how it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, type LogsUnderTest, region, startLogs, startOfTest } from './logs-under-test.ts';

const groupArn = 'arn:aws:logs:eu-west-1:000000000000:log-group:g';

type Input = Parameters<LogsUnderTest['call']>[1] & { logGroupIdentifiers?: string[] };

async function open({ call }: LogsUnderTest, input: object = {}, signal?: AbortSignal) {
  const { responseStream } = await call(
    'StartLiveTail',
    { logGroupIdentifiers: [groupArn], ...input } as Input as never,
    signal && { signal },
  );
  const events = (responseStream as AsyncIterable<any>)[Symbol.asyncIterator]();
  return { events, start: (await events.next()).value.sessionStart };
}

async function withGroup(t: Parameters<typeof startLogs>[0]): Promise<LogsUnderTest> {
  const logs = await startLogs(t);
  await logs.call('CreateLogGroup', { logGroupName: 'g' });
  return logs;
}

/** The next update of a session, a second later. */
async function nextUpdate(logs: LogsUnderTest, events: AsyncIterator<any>) {
  const update = events.next();
  await logs.clock.advance(1_000);
  return (await update).value.sessionUpdate;
}

test('a session over what does not exist, or over contradictions, is refused', async (t) => {
  const logs = await withGroup(t);
  await assert.rejects(open(logs, { logGroupIdentifiers: ['h'] }), { code: 'ResourceNotFoundException' });
  await assert.rejects(open(logs, { logStreamNames: ['a'], logStreamNamePrefixes: ['a'] }), {
    code: 'InvalidParameterException',
  });
  await assert.rejects(open(logs, { logGroupIdentifiers: ['g', 'h'], logStreamNames: ['a'] }), {
    code: 'InvalidParameterException',
  });
  await assert.rejects(open(logs, { logEventFilterPattern: '{' }), { code: 'InvalidParameterException' });
});

test('a session shows each second what has come in and matches', async (t) => {
  const logs = await withGroup(t);
  const { events, start } = await open(logs, { logStreamNamePrefixes: ['s'], logEventFilterPattern: 'ERROR' });
  assert.equal(start.requestId, 'request-1');
  assert.deepEqual(start.logGroupIdentifiers, [groupArn]);
  assert.equal(start.logEventFilterPattern, 'ERROR');
  logs.sink.append(account, region, 'g', 's1', startOfTest, 'ERROR seen');
  logs.sink.append(account, region, 'g', 's1', startOfTest, 'fine');
  logs.sink.append(account, region, 'g', 't1', startOfTest, 'ERROR elsewhere');
  logs.sink.append(account, region, 'h', 's1', startOfTest, 'ERROR elsewhere');
  assert.deepEqual(await nextUpdate(logs, events), {
    sessionMetadata: { sampled: false },
    sessionResults: [
      {
        logStreamName: 's1',
        logGroupIdentifier: groupArn,
        message: 'ERROR seen',
        timestamp: startOfTest,
        ingestionTime: startOfTest + 100,
      },
    ],
  });
  assert.deepEqual((await nextUpdate(logs, events)).sessionResults, []);
});

test('an update holds at most 500 events and says that there were more', async (t) => {
  const logs = await withGroup(t);
  const { events } = await open(logs);
  for (let index = 0; index < 501; index++) logs.sink.append(account, region, 'g', 's', startOfTest, `${index}`);
  const update = await nextUpdate(logs, events);
  assert.equal(update.sessionResults.length, 500);
  assert.equal(update.sessionMetadata.sampled, true);
  assert.equal((await nextUpdate(logs, events)).sessionMetadata.sampled, false);
});

test('a session ends with the client, and makes room for another', async (t) => {
  const logs = await withGroup(t);
  const client = new AbortController();
  const sessions = await Promise.all(Array.from({ length: 15 }, () => open(logs, {}, client.signal)));
  await assert.rejects(open(logs), { code: 'LimitExceededException' });
  const pending = sessions[0]!.events.next();
  client.abort();
  assert.equal((await pending).done, true);
  await open(logs);
});

test('a session times out after three hours', async (t) => {
  const logs = await withGroup(t);
  const { events } = await open(logs);
  logs.clock.jump(3 * 3_600_000);
  await nextUpdate(logs, events);
  await assert.rejects(events.next(), { code: 'SessionTimeoutException' });
});

test('stopping ends all sessions', async (t) => {
  const logs = await withGroup(t);
  const { events } = await open(logs);
  const pending = events.next();
  await logs.restart();
  assert.equal((await pending).done, true);
});
