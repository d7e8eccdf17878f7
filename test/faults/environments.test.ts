// Environments that are killed, hang, are stopped or take too much memory in the middle of an invocation.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { create, echoCode, invoke, lambdaClient, settled } from '../wire/lambda-client.ts';
import { arnOf, queueOf, sqsClient } from '../wire/sqs-client.ts';
import { zipOf } from '../zip.ts';
import { Executions } from './executions.ts';

const source = `
import { openSync } from 'node:fs';
export const handler = async ({ hold, allocate }) => {
  if (hold === undefined) return 'well';
  openSync(process.env.EXECUTIONS + '/held-' + hold, 'w');
  if (allocate) for (const all = []; ; ) all.push(Buffer.alloc(1 << 20, 1));
  await new Promise(() => setInterval(() => {}, 1000));
};`;

const executions = new Executions();
let server: TestServer;
let client: lambda.LambdaClient;
let queues: sqs.SQSClient;
let letters: string;
let settings: Partial<lambda.CreateFunctionCommandInput>;

before(async () => {
  server = await startTestServer({ flags: executions.flags });
  client = lambdaClient(server);
  queues = sqsClient(server);
  letters = await queueOf(queues, 'letters');
  settings = await executions.settings(server.url);
  await create(client, 'neighbour', { Code: { ZipFile: echoCode } });
  await settled(client, 'neighbour');
});
after(async () => {
  client?.destroy();
  queues?.destroy();
  await server?.stop();
  executions.delete();
});

interface Fault {
  name: string;
  function: Partial<lambda.CreateFunctionCommandInput>;
  event?: object;
  /** Sent to the process of the function once it runs. */
  signal?: NodeJS.Signals;
  errorType: string;
  message: string;
}

const killed = 'Runtime exited with error: signal: killed';
const timedOut = { errorType: 'Sandbox.Timedout', message: 'Task timed out after 2.00 seconds' };

const faults: Fault[] = [
  {
    name: 'killed',
    function: { Timeout: 60 },
    signal: 'SIGKILL',
    errorType: 'Runtime.ExitError',
    message: killed,
  },
  { name: 'hung', function: { Timeout: 2 }, ...timedOut },
  { name: 'stopped', function: { Timeout: 2 }, signal: 'SIGSTOP', ...timedOut },
  {
    name: 'out-of-memory',
    function: { Timeout: 60, MemorySize: 128 },
    event: { allocate: true },
    errorType: 'Runtime.OutOfMemory',
    message: killed,
  },
];

for (const fault of faults) {
  test(`an environment that is ${fault.name} fails its invocation in AWS's words, and nothing else`, async () => {
    const { name } = fault;
    await create(client, name, {
      Code: { ZipFile: zipOf({ 'index.mjs': source }) },
      DeadLetterConfig: { TargetArn: arnOf('letters') },
      ...settings,
      ...fault.function,
    });
    await settled(client, name);
    await client.send(new lambda.PutFunctionEventInvokeConfigCommand({ FunctionName: name, MaximumRetryAttempts: 0 }));
    const ended = new AbortController();
    const besides = neighbour(ended.signal);
    try {
      const hold = randomUUID();
      const [answer] = await Promise.all([invoke(client, name, payloadOf(fault, hold)), strike(fault, hold)]);
      const errorMessage = (id: string) => `RequestId: ${id} Error: ${fault.message}`;
      assert.deepEqual(
        [answer.StatusCode, answer.FunctionError, answer.value],
        [200, 'Unhandled', { errorType: fault.errorType, errorMessage: errorMessage(answer.$metadata.requestId!) }],
      );

      const later = randomUUID();
      const input = { InvocationType: 'Event' as const, ...payloadOf(fault, later) };
      const accepted = await invoke(client, name, input);
      await strike(fault, later);
      const letter = await receive();
      assert.equal(JSON.parse(letter.Body!).hold, later);
      const { RequestID, ErrorCode, ErrorMessage } = letter.MessageAttributes!;
      assert.deepEqual(
        [RequestID?.StringValue, ErrorCode?.StringValue, ErrorMessage?.StringValue],
        [accepted.$metadata.requestId, '200', errorMessage(accepted.$metadata.requestId!)],
      );

      assert.equal((await invoke(client, name)).value, 'well');
    } finally {
      ended.abort();
    }
    const served = await besides;
    assert.ok(served > 0);
  });
}

const payloadOf = ({ event = {} }: Fault, hold: string) => ({
  Payload: Buffer.from(JSON.stringify({ hold, ...event })),
});

/** Invokes another function one time after the other, all of which must succeed; how often. */
async function neighbour(ended: AbortSignal): Promise<number> {
  let served = 0;
  while (!ended.aborted) {
    const { FunctionError, value } = await invoke(client, 'neighbour', { Payload: Buffer.from(`${served}`) });
    assert.deepEqual([FunctionError, value.event], [undefined, served]);
    served += 1;
  }
  return served;
}

/** Sends the signal, if any, to the process in which the invocation runs that holds a file of that name. */
async function strike({ signal }: Fault, hold: string): Promise<void> {
  if (signal === undefined) return;
  const giveUpAt = Date.now() + 20_000;
  for (;;) {
    const pid = holderOf(`held-${hold}`);
    if (pid !== undefined) {
      process.kill(pid, signal);
      return;
    }
    assert.ok(Date.now() < giveUpAt, 'the invocation does not begin');
    await pause(10);
  }
}

/** The process that has a file of this name open, inside of whatever sandbox. */
function holderOf(fileName: string): number | undefined {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (files.some((file) => file.endsWith(`/${fileName}`))) return Number(pid);
    } catch {
      // It has ended meanwhile, or closed a file.
    }
  }
  return undefined;
}

async function receive(): Promise<sqs.Message> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const input = { QueueUrl: letters, WaitTimeSeconds: 2, MessageAttributeNames: ['All'] };
    const { Messages } = await queues.send(new sqs.ReceiveMessageCommand(input));
    if (Messages?.[0] === undefined) continue;
    await queues.send(new sqs.DeleteMessageCommand({ QueueUrl: letters, ReceiptHandle: Messages[0].ReceiptHandle! }));
    return Messages[0];
  }
  return assert.fail('there is no dead letter');
}
