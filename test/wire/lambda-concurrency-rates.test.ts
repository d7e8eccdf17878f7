// Requests per second, weights of aliases, and a machine without memory, as callers see them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { create, echoCode, handlerCode, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

/** The reasons for which `calls` were refused, by how many they were; what was answered is under `none`. */
async function reasons(calls: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const call of await Promise.allSettled(calls)) {
    let reason = 'none';
    if (call.status === 'rejected') {
      const error = call.reason as lambda.TooManyRequestsException;
      assert.deepEqual(
        [error.name, error.$metadata.httpStatusCode, error.message, error.Type, error.retryAfterSeconds],
        ['TooManyRequestsException', 429, 'Rate Exceeded.', 'User', '1'],
      );
      reason = error.Reason!;
    }
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

test('a function is held to ten requests a second for each execution that is reserved for it', async () => {
  await create(client, 'rated');
  await settled(client, 'rated');
  await invoke(client, 'rated');
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'rated', ReservedConcurrentExecutions: 1 }),
  );
  const counts: Record<string, number> = {};
  const startedAt = Date.now();
  for (let call = 0; call < 60; call++) {
    for (const [reason, count] of Object.entries(await reasons([invoke(client, 'rated')]))) {
      counts[reason] = (counts[reason] ?? 0) + count;
    }
  }
  const allowed = 10 + ((Date.now() - startedAt) / 1000) * 10;
  assert.deepEqual(Object.keys(counts).sort(), ['ReservedFunctionInvocationRateLimitExceeded', 'none']);
  assert.ok(counts['none']! >= 10 && counts['none']! <= allowed + 1, `${counts['none']} of at most ${allowed}`);
});

test('an alias with weights divides its invocations by them', async () => {
  await create(client, 'weighted', { Publish: true });
  await settled(client, 'weighted');
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'weighted', Description: 'second' }));
  await settled(client, 'weighted');
  await client.send(new lambda.PublishVersionCommand({ FunctionName: 'weighted' }));
  const weight = 0.3;
  await client.send(
    new lambda.CreateAliasCommand({
      FunctionName: 'weighted',
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: weight } },
    }),
  );
  const invocations = 400;
  let second = 0;
  for (let batch = 0; batch < invocations; batch += 10) {
    const ran = await Promise.all(Array.from({ length: 10 }, () => invoke(client, 'weighted', { Qualifier: 'live' })));
    for (const { ExecutedVersion } of ran) {
      assert.match(ExecutedVersion!, /^[12]$/);
      if (ExecutedVersion === '2') second += 1;
    }
  }
  // Beyond five standard deviations a true binomial comes once in 1.7 million runs.
  const deviation = Math.sqrt(invocations * weight * (1 - weight));
  assert.ok(Math.abs(second - invocations * weight) < 5 * deviation, `${second} of ${invocations}`);
});

test('a machine without memory for all serves some after others', async (t) => {
  const small = await startTestServer({ flags: ['--max-memory', '128'] });
  t.after(() => small.stop());
  const by = lambdaClient(small);
  const code = handlerCode('await new Promise((done) => setTimeout(done, event.ms)); return 1');
  await create(by, 'holding', { Code: { ZipFile: code }, Timeout: 30 });
  await create(by, 'other', { Code: { ZipFile: echoCode } });
  await settled(by, 'holding');
  await settled(by, 'other');
  const hold = (ms: number) => invoke(by, 'holding', { Payload: Buffer.from(JSON.stringify({ ms })) });
  const served = await Promise.all(Array.from({ length: 6 }, () => hold(300)));
  assert.ok(served.every(({ value }) => value === 1));
  // The environments of one are idle now, and make room for the other.
  assert.equal((await invoke(by, 'other')).StatusCode, 200);
  assert.ok(await hold(0).then(({ value }) => value === 1));
});
