// What becomes of events over hours: retries, ages, throttles, faults, deleted functions, and destinations that fail.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AwsError } from '../../../core/errors.ts';
import { randomIds } from '../../../core/ids.ts';
import { createLogger } from '../../../core/logger.ts';
import { executionUnderTest, turn, until } from '../../../execution/execution-under-test.ts';
import { EventQueue } from '../../../execution/index.ts';
import { openFilesystemBlobs, openSqlite } from '../../../storage/index.ts';
import { zipOf } from '../../../../test/zip.ts';
import type { CallContext } from '../../service.ts';
import { type LambdaParts, openLambda } from '../index.ts';

const account = '123456789012';
const region = 'eu-west-1';
const queue = `arn:aws:sqs:${region}:${account}:queue`;
const letters = `arn:aws:sqs:${region}:${account}:letters`;
const minute = 60_000;

/** Lambda with one function `f`, on a clock that is moved; what it delivers and measures is kept. */
async function start(t: TestContext, configuration: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-run-event-'));
  const { execution, clock, finished, settle, waiting } = executionUnderTest(t);
  const log = createLogger('silent');
  const database = openSqlite(join(folder, 'lambda.sqlite'), { durability: 'normal' });
  const eventDatabase = openSqlite(join(folder, 'events.sqlite'), { durability: 'normal' });
  const events = await EventQueue.open({
    database: eventDatabase,
    clock,
    log,
    yields: () => false,
    idleShare: () => 1,
  });
  const delivered: { service: string; input: any }[] = [];
  const metrics: [name: string, value: number][] = [];
  const refusals: Error[] = [];
  const parts = {
    database,
    blobs: await openFilesystemBlobs(join(folder, 'blobs')),
    codeFolder: join(folder, 'code'),
    layerFolder: join(folder, 'layers'),
    key: Buffer.alloc(32),
    execution,
    events,
    metrics: { asynchronous: (_of, name, value) => void metrics.push([name, value]) },
    unattended: () =>
      (async (service: string, _operation: string, input: object) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        delivered.push({ service, input });
        return {};
      }) as never,
    endpoint: () => 'http://lambent',
    tracing: { sample: () => false, putSegments: () => {} },
    eventSources: { start() {}, async stop() {} } as never,
    quotas: { value: () => 1_000_000 },
    responseBandwidth: 'unlimited',
    fileSystems: {},
    signingCertificates: new Map(),
    clock,
    ids: randomIds,
    log,
    resolveRuntime: async () => ({ versionHash: '0'.repeat(64) }) as never,
    prepareRuntime() {},
    roleTrust: async () => 'trusted',
    signedCaller: async () => undefined,
  } satisfies LambdaParts;
  const service = await openLambda(parts);
  await service.start!();
  t.after(async () => {
    const closing = events.close(0);
    await clock.advance(0);
    await closing;
    await service.stop?.();
    await eventDatabase.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const call = async (operation: string, input: object, requestId = randomIds.uuid()): Promise<any> => {
    const caller = { account, region, accessKeyId: account, arn: `arn:aws:iam::${account}:root`, userId: account };
    const context = { caller, requestId, clock, ids: randomIds, log, headers: {}, responseHeaders: {} };
    return ((await service.operations()) as any)[operation](input, context as unknown as CallContext);
  };
  await call('CreateFunction', {
    FunctionName: 'f',
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${account}:role/r`,
    Handler: 'index.handler',
    Timeout: 900,
    Code: { ZipFile: zipOf({ 'index.mjs': '' }) },
    DeadLetterConfig: { TargetArn: letters },
  });
  const DestinationConfig = { OnSuccess: { Destination: queue }, OnFailure: { Destination: queue } };
  await call('PutFunctionEventInvokeConfig', { FunctionName: 'f', DestinationConfig, ...configuration });
  return {
    call,
    clock,
    events,
    finished,
    settle,
    waiting,
    delivered,
    refusals,
    metrics: (name: string) => metrics.filter(([each]) => each === name).map(([, value]) => value),
    send: (event: object, id: string) =>
      call('Invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) }, id),
    /** Waits until so many invocations are over, and what became of the last is stored. */
    async over(count: number) {
      await until(() => finished.length >= count && events.running === 0, `${count} invocations`);
      await clock.advance(25);
      await turn();
    },
    records: () =>
      delivered
        .filter(({ input }) => input.QueueUrl.endsWith('/queue'))
        .map(({ input }) => JSON.parse(input.MessageBody)),
    letters: () => delivered.filter(({ input }) => input.QueueUrl.endsWith('/letters')).map(({ input }) => input),
  };
}

test('a function that fails is tried again after one minute and after two, under the same request id, and then given up', async (t) => {
  const lambda = await start(t);
  await lambda.send({ error: 'Broken' }, 'one');
  await lambda.over(1);
  await lambda.clock.advance(minute - 100);
  assert.equal(lambda.finished.length, 1);
  await lambda.clock.advance(200);
  await lambda.over(2);
  await lambda.clock.advance(2 * minute - 200);
  assert.equal(lambda.finished.length, 2);
  await lambda.clock.advance(300);
  await lambda.over(3);
  await lambda.clock.advance(10 * minute);
  assert.deepEqual(
    lambda.finished.map(({ invocation }) => invocation.requestId),
    ['one', 'one', 'one'],
  );
  const [{ requestContext, responseContext, responsePayload, requestPayload }] = lambda.records();
  assert.deepEqual(
    [requestContext.condition, requestContext.approximateInvokeCount, responseContext.statusCode],
    ['RetriesExhausted', 3, 200],
  );
  assert.deepEqual([requestPayload, responsePayload], [{ error: 'Broken' }, { errorType: 'Broken' }]);
  assert.equal(lambda.letters()[0].MessageBody, '{"error":"Broken"}');
  assert.deepEqual([lambda.metrics('AsyncEventsReceived'), lambda.metrics('AsyncEventsDropped')], [[1], [1]]);
  const ages = lambda.metrics('AsyncEventAge');
  assert.deepEqual([ages.length, ages[0]! < 1_000, ages[1]! >= minute, ages[2]! >= 3 * minute], [3, true, true, true]);
});

/** Takes the only room that the function has, until `settle('holder')`. */
async function takeRoom({ call, waiting }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await call('PutFunctionConcurrency', { FunctionName: 'f', ReservedConcurrentExecutions: 1 });
  void call('Invoke', { FunctionName: 'f', Payload: Buffer.from('{"wait":"holder"}') });
  await until(() => waiting() > 0, 'an invocation that holds the room');
}

test('an event that finds no room waits for it, which does not count as a try', async (t) => {
  const lambda = await start(t, { MaximumRetryAttempts: 0 });
  await takeRoom(lambda);
  await lambda.send({ answer: 1 }, 'one');
  for (let second = 0; second < 20; second++) await lambda.clock.advance(1_000);
  assert.deepEqual(lambda.records(), []);
  await lambda.settle('holder');
  for (let second = 0; second < 20; second++) await lambda.clock.advance(1_000);
  await until(() => lambda.records().length > 0, 'a record');
  const { requestContext } = lambda.records()[0];
  assert.deepEqual([requestContext.requestId, requestContext.condition], ['one', 'Success']);
  assert.equal(lambda.metrics('AsyncEventAge').length, 1);
});

test('an event that finds no room until it is too old is given up', async (t) => {
  const lambda = await start(t, { MaximumEventAgeInSeconds: 60 });
  await takeRoom(lambda);
  await lambda.send({ answer: 1 }, 'one');
  for (let second = 0; second < 130; second++) await lambda.clock.advance(1_000);
  await until(() => lambda.letters().length > 0, 'a dead letter');
  const { requestContext, responseContext } = lambda.records()[0];
  assert.deepEqual(
    [requestContext.condition, requestContext.approximateInvokeCount, responseContext],
    ['EventAgeExceeded', 0, { statusCode: 429 }],
  );
  const { ErrorCode, ErrorMessage } = lambda.letters()[0].MessageAttributes;
  assert.deepEqual([ErrorCode.StringValue, ErrorMessage.StringValue], ['429', 'Rate Exceeded.']);
  await lambda.settle('holder');
});

test('a deleted function is looked for like one that fails, and its last settings say who is told', async (t) => {
  const lambda = await start(t, { MaximumRetryAttempts: 1 });
  await lambda.send({ error: 'Broken' }, 'one');
  await lambda.over(1);
  await lambda.call('DeleteFunction', { FunctionName: 'f' });
  await lambda.clock.advance(minute + 100);
  await until(() => lambda.letters().length > 0, 'a dead letter');
  const [{ requestContext, responseContext, responsePayload }] = lambda.records();
  assert.deepEqual(
    [requestContext.condition, requestContext.approximateInvokeCount, responseContext, responsePayload],
    ['RetriesExhausted', 2, { statusCode: 404 }, undefined],
  );
  const { ErrorCode, ErrorMessage } = lambda.letters()[0].MessageAttributes;
  assert.deepEqual(
    [ErrorCode.StringValue, ErrorMessage.StringValue],
    ['404', `Function not found: arn:aws:lambda:${region}:${account}:function:f:$LATEST`],
  );
});

test('a destination that is away for a while gets its record, and the function is not run again for it', async (t) => {
  const lambda = await start(t);
  lambda.refusals.push(new AwsError('InternalFailure', 'no', { status: 500 }), new Error('no'));
  await lambda.send({ answer: 1 }, 'one');
  await lambda.over(1);
  assert.deepEqual(lambda.records(), []);
  for (let second = 0; second < 5; second++) {
    await lambda.clock.advance(1_000);
    await turn();
  }
  assert.equal(lambda.records().length, 1);
  assert.equal(lambda.records()[0].requestContext.condition, 'Success');
  assert.equal(lambda.finished.length, 1);
  assert.deepEqual(lambda.metrics('DestinationDeliveryFailures'), []);
});

test('a destination that refuses is counted and not tried again, and the dead-letter queue gets its letter all the same', async (t) => {
  const lambda = await start(t, { MaximumRetryAttempts: 0 });
  lambda.refusals.push(new AwsError('NonExistentQueue', 'no', { status: 400 }));
  await lambda.send({ error: 'Broken' }, 'one');
  await lambda.over(1);
  await lambda.clock.advance(10 * minute);
  assert.deepEqual([lambda.records().length, lambda.letters().length], [0, 1]);
  assert.deepEqual([lambda.metrics('DestinationDeliveryFailures'), lambda.metrics('DeadLetterErrors')], [[1], []]);
});

test('a destination that stays away is given up', async (t) => {
  const lambda = await start(t);
  lambda.refusals.push(...Array.from({ length: 6 }, () => new AwsError('ServiceUnavailable', 'no', { status: 503 })));
  await lambda.send({ answer: 1 }, 'one');
  await lambda.over(1);
  for (let second = 0; second < 120; second++) {
    await lambda.clock.advance(1_000);
    await turn();
  }
  assert.deepEqual([lambda.records().length, lambda.refusals.length], [0, 0]);
  assert.deepEqual(lambda.metrics('DestinationDeliveryFailures'), [1]);
});
