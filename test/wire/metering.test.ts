// What is counted of invocations for the bill, over the end of the server and by the granularity that was chosen.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, handlerCode, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer({ flags: ['--billing-granularity', '100'] });
  await create(lambdaClient(server), 'f', { Code: { ZipFile: handlerCode('return 1;') }, MemorySize: 1024 });
  await settled(lambdaClient(server), 'f');
});
after(() => server?.stop());

async function billed(): Promise<{ requests: number; gbSeconds: number }> {
  const response = await fetch(`${server.url}/_lambent/bill?account=${account}`);
  const { accounts } = (await response.json()) as any;
  const [f] = accounts[0].functions;
  return f === undefined ? { requests: 0, gbSeconds: 0 } : { requests: +f.requests, gbSeconds: +f.gbSeconds };
}

/** Invokes without pause until the server is killed after `runMs`; how many were answered, and when. */
async function invokeUntilKilled(runMs: number): Promise<{ answeredAt: number[]; sent: number; killedAt: number }> {
  const client = lambdaClient(server);
  const answeredAt: number[] = [];
  let sent = 0;
  let killedAt = Number.POSITIVE_INFINITY;
  const one = async () => {
    while (killedAt === Number.POSITIVE_INFINITY) {
      sent += 1;
      try {
        await invoke(client, 'f');
      } catch {
        return;
      }
      answeredAt.push(performance.now());
    }
  };
  const callers = [one(), one(), one(), one()];
  await pause(runMs);
  killedAt = performance.now();
  server.process.kill('SIGKILL');
  await Promise.all(callers);
  return { answeredAt, sent, killedAt };
}

test('by the hundred milliseconds, each short invocation is billed as one hundred, and init is free', async () => {
  const client = lambdaClient(server);
  for (let count = 0; count < 5; count++) {
    const { logs } = await invoke(client, 'f', { LogType: 'Tail' });
    assert.match(logs, /\tBilled Duration: \d+00 ms\t/);
  }
  const { requests, gbSeconds } = await billed();
  assert.equal(requests, 5);
  // One gigabyte: tenths of a second are tenths of a GB-second; a slow machine may need two for one of them.
  assert.ok(gbSeconds >= 0.5 && Number.isInteger(Math.round(gbSeconds * 1e6) / 1e5), String(gbSeconds));
});

test('a stop and a start lose nothing that was counted', async () => {
  const before = await billed();
  await invoke(lambdaClient(server), 'f');
  server = await server.restart('SIGTERM');
  assert.equal((await billed()).requests, before.requests + 1);
});

test('after kill -9, what was answered is counted but for at most the last flush', async () => {
  for (const runMs of [250, 600]) {
    const before = (await billed()).requests;
    const { answeredAt, sent, killedAt } = await invokeUntilKilled(runMs);
    server = await server.restart('SIGKILL');
    const counted = (await billed()).requests - before;
    assert.ok(counted <= sent, `${counted} of ${sent} sent are counted`);
    // 100 ms of waiting, and what a busy machine may need to write and to tell.
    const safe = answeredAt.filter((time) => time < killedAt - 200).length;
    assert.ok(
      counted >= safe,
      `${counted} are counted, and ${safe} of ${answeredAt.length} were answered before the last 200 ms`,
    );
  }
});
