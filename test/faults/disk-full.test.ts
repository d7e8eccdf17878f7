// A data folder without room: what cannot be kept is refused, what was accepted is kept, and with room again all goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { instanceOf, leftoversOf } from '../leftovers.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { create, handlerCode, invoke, lambdaClient, settled } from '../wire/lambda-client.ts';
import { arnOf, queueOf, sqsClient } from '../wire/sqs-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambent-test-disk-'));
const filler = join(folder, 'filler');
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder]).status === 0;
const skip = isMounted ? false : 'a small disk cannot be mounted here';
let server: TestServer | undefined;
let client: lambda.LambdaClient;
let queues: sqs.SQSClient;
let inbox: string;
let done: string;

const connect = () => {
  client = lambdaClient(server!);
  queues = sqsClient(server!);
};

before(async () => {
  if (!isMounted) return;
  server = await startTestServer({ dataDir: join(folder, 'data') });
  connect();
  inbox = await queueOf(queues, 'inbox');
  done = await queueOf(queues, 'done');
  await create(client, 'works', { Code: { ZipFile: handlerCode('return event.n') } });
  await settled(client, 'works');
  await client.send(
    new lambda.PutFunctionEventInvokeConfigCommand({
      FunctionName: 'works',
      DestinationConfig: { OnSuccess: { Destination: arnOf('done') } },
    }),
  );
});
after(async () => {
  client?.destroy();
  queues?.destroy();
  await server?.stop();
  if (isMounted) spawnSync('umount', ['-l', folder]);
  rmdirSync(folder);
});

/** Takes all room that is left. */
function fill(): void {
  const file = openSync(filler, 'a');
  try {
    for (const bytes of [1 << 20, 4096, 1]) {
      const block = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
    }
  } finally {
    closeSync(file);
  }
}

interface Outcome {
  accepted: number[];
  refused: number[];
}

/** Makes calls until `refusals` of them were refused, each of which must be the server's fault and say so. */
async function untilRefused(refusals: number, call: (n: number) => Promise<unknown>, first: number): Promise<Outcome> {
  const outcome: Outcome = { accepted: [], refused: [] };
  for (let n = first; outcome.refused.length < refusals && n < first + 2000; n++) {
    try {
      await call(n);
      outcome.accepted.push(n);
    } catch (error) {
      const { $metadata, name } = error as lambda.LambdaServiceException;
      assert.ok(($metadata?.httpStatusCode ?? 0) >= 500, `${name}: ${(error as Error).message}`);
      outcome.refused.push(n);
    }
  }
  assert.equal(outcome.refused.length, refusals, 'the disk is full and everything is accepted');
  return outcome;
}

const padding = 'x'.repeat(100_000);
const send = (n: number) =>
  queues.send(new sqs.SendMessageCommand({ QueueUrl: inbox, MessageBody: `${n} ${padding}` }));
const enqueue = (n: number) =>
  invoke(client, 'works', { InvocationType: 'Event', Payload: Buffer.from(JSON.stringify({ n, padding })) });

/** What is in a queue, which is then empty. */
async function drain(url: string, count: number, read: (body: string) => number): Promise<number[]> {
  const found: number[] = [];
  const giveUpAt = Date.now() + 60_000;
  while (Date.now() < giveUpAt) {
    const input = { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: found.length < count ? 5 : 0 };
    const { Messages } = await queues.send(new sqs.ReceiveMessageCommand(input));
    if (Messages === undefined) {
      if (found.length >= count) break;
      continue;
    }
    for (const { Body, ReceiptHandle } of Messages) {
      found.push(read(Body!));
      await queues.send(new sqs.DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: ReceiptHandle! }));
    }
  }
  return found.sort((a, b) => a - b);
}

const numberOf = (body: string) => Number(body.split(' ', 1)[0]);
const toldNumberOf = (record: string) => Number(JSON.parse(record).responsePayload);
const names = async () =>
  (await client.send(new lambda.ListFunctionsCommand({}))).Functions!.map(({ FunctionName }) => FunctionName!).sort();

test('on a full disk what cannot be kept is refused, and with room again all goes on', { skip }, async () => {
  fill();
  const messages = await untilRefused(3, send, 0);
  const events = await untilRefused(3, enqueue, 0);
  const before = await names();
  const Code = { ZipFile: handlerCode(`return ${JSON.stringify(padding)}`) };
  const functions = await untilRefused(2, (n) => create(client, `new-${n}`, { Code }), 0);
  assert.deepEqual(await names(), [...before, ...functions.accepted.map((n) => `new-${n}`)].sort());
  assert.equal((await invoke(client, 'works', { Payload: Buffer.from('{"n":7}') })).value, 7);

  rmSync(filler);
  const [message] = (await untilAccepted(send, 10_000)).accepted;
  const [event] = (await untilAccepted(enqueue, 10_000)).accepted;
  await untilAccepted((n) => create(client, `new-${n}`, { Code }), 10_000);
  // Of a refused call nothing is there: it was kept whole or not at all.
  assert.deepEqual(await drain(inbox, messages.accepted.length + 1, numberOf), [...messages.accepted, message]);
  const told = await drain(done, events.accepted.length + 1, toldNumberOf);
  assert.deepEqual([...new Set(told)], [...events.accepted, event]);
});

test('a server that is killed on a full disk serves again when there is room', { skip }, async () => {
  fill();
  const messages = await untilRefused(3, send, 20_000);
  const events = await untilRefused(3, enqueue, 20_000);
  const ended = new Promise((resolve) => server!.process.once('exit', resolve));
  server!.process.kill('SIGKILL');
  await ended;
  rmSync(filler);
  client.destroy();
  queues.destroy();
  server = await server!.restart('SIGKILL');
  connect();
  await send(30_000);
  await enqueue(30_000);
  assert.deepEqual(await drain(inbox, messages.accepted.length + 1, numberOf), [...messages.accepted, 30_000]);
  const told = await drain(done, events.accepted.length + 1, toldNumberOf);
  assert.deepEqual([...new Set(told)], [...events.accepted, 30_000]);
});

test('a server without room stops in order, says why it does not start, and starts with room', { skip }, async () => {
  fill();
  const process = server!.process;
  client.destroy();
  queues.destroy();
  await assert.rejects(server!.restart('SIGTERM'), /Lambent cannot start. There is no room left on the disk of /);
  assert.deepEqual([process.exitCode, process.signalCode], [0, null]);
  assert.deepEqual(await leftoversOf(instanceOf(server!.dataDir)), []);
  rmSync(filler);
  server = await server!.restart('SIGTERM');
  connect();
  await send(40_000);
  assert.deepEqual(await drain(inbox, 1, numberOf), [40_000]);
});

/** Makes calls until one is accepted: a moment may pass until the server has noticed that there is room. */
async function untilAccepted(call: (n: number) => Promise<unknown>, first: number): Promise<Outcome> {
  const outcome: Outcome = { accepted: [], refused: [] };
  for (let n = first; outcome.accepted.length === 0; n++) {
    assert.ok(n < first + 200, 'with room again everything is refused');
    await call(n).then(
      () => outcome.accepted.push(n),
      () => outcome.refused.push(n),
    );
  }
  return outcome;
}
