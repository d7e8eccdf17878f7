// The mixed load of the soak test: what one worker does next, and which failures of it are as they should be.
import { request } from 'node:http';
import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { invoke, newFunction } from './wire/lambda-client.ts';
import { zipOf } from './zip.ts';

const nodeSource = `
  export const handler = async (event) => {
    if (event.exit !== undefined) process.exit(event.exit);
    if (event.kill) process.kill(process.pid, 'SIGKILL');
    if (event.throw) throw new Error('as asked');
    if (event.reject) { Promise.reject(new Error('unhandled')); await new Promise((resolve) => setTimeout(resolve, 50)); }
    if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
    if (event.allocate) { const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)); }
    if (event.log) for (let line = 0; line < event.log; line++) console.log('line', line);
    if (event.size) return 'x'.repeat(event.size);
    return event;
  };`;
const pythonSource = `
import os, time
def handler(event, context):
    if event.get("exit"): os._exit(3)
    if event.get("throw"): raise ValueError("as asked")
    if event.get("hang"): time.sleep(60)
    print("hello")
    return event`;

export const nodeCode = zipOf({ 'index.mjs': nodeSource });
export const pythonCode = zipOf({ 'index.py': pythonSource });
const versionOf = (number: number) => zipOf({ 'index.mjs': `${nodeSource}\n// ${number}` });

export interface Load {
  client: lambda.LambdaClient;
  logs: CloudWatchLogsClient;
  url: string;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Counts up. */
  next(): number;
}

/** One thing to do; rejects where it did not go as it should. */
export type Step = (load: Load) => Promise<void>;

/** Functions that exist during the whole run. */
export const standing: lambda.CreateFunctionCommandInput[] = [
  newFunction('soak-node', { Code: { ZipFile: nodeCode }, Timeout: 3, MemorySize: 256 }),
  newFunction('soak-small', { Code: { ZipFile: nodeCode }, Timeout: 20, MemorySize: 128 }),
  newFunction('soak-python', { Code: { ZipFile: pythonCode }, Runtime: 'python3.12', Timeout: 3, MemorySize: 256 }),
  newFunction('soak-broken', { Code: { ZipFile: zipOf({ 'index.mjs': 'throw new Error("never loads")' }) } }),
];

/** How often each kind of step is taken, beside the others. */
export const steps: readonly [weight: number, name: string, step: Step][] = [
  [30, 'invoke', (load) => expectError(load, 'soak-node', { a: load.next() }, undefined)],
  [10, 'invoke python', (load) => expectError(load, 'soak-python', { a: 1 }, undefined)],
  [6, 'write logs', (load) => expectError(load, 'soak-node', { log: 50 }, undefined)],
  [4, 'throw', (load) => expectError(load, 'soak-node', { throw: true }, 'Error')],
  [4, 'throw in python', (load) => expectError(load, 'soak-python', { throw: true }, 'ValueError')],
  [3, 'exit', (load) => expectError(load, 'soak-node', { exit: 1 }, 'Runtime.ExitError')],
  [2, 'exit in python', (load) => expectError(load, 'soak-python', { exit: 1 }, 'Runtime.ExitError')],
  [2, 'be killed', (load) => expectError(load, 'soak-node', { kill: true }, 'Runtime.ExitError')],
  [2, 'reject', (load) => expectError(load, 'soak-node', { reject: true }, 'Runtime.UnhandledPromiseRejection')],
  [1, 'time out', (load) => expectError(load, 'soak-node', { hang: true }, 'Sandbox.Timedout')],
  [1, 'time out in python', (load) => expectError(load, 'soak-python', { hang: true }, 'Sandbox.Timedout')],
  [1, 'run out of memory', (load) => expectError(load, 'soak-small', { allocate: true }, 'Runtime.OutOfMemory')],
  [2, 'fail to load', (load) => expectError(load, 'soak-broken', {}, 'Error')],
  [2, 'large event', (load) => expectError(load, 'soak-small', { text: 'y'.repeat(3_000_000) }, undefined)],
  [2, 'large answer', (load) => expectError(load, 'soak-small', { size: 3_000_000 }, undefined)],
  [4, 'update', update],
  [3, 'live and die', liveAndDie],
  [3, 'read logs', readLogs],
  [3, 'bad requests', badRequests],
  [2, 'hang up', hangUp],
];

async function expectError(
  { client }: Load,
  name: string,
  event: object,
  errorType: string | undefined,
): Promise<void> {
  const answer = await invoke(client, name, { Payload: Buffer.from(JSON.stringify(event)), LogType: 'Tail' });
  const seen = answer.FunctionError === undefined ? undefined : answer.value.errorType;
  if (seen !== errorType)
    throw new Error(`${name} answered ${answer.text.slice(0, 200)} and not ${errorType}\n${answer.logs}`);
}

/** Rejects unless `call` succeeds or fails with one of `names`. */
async function allow(call: Promise<unknown>, ...names: string[]): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!names.includes((error as Error).name)) throw error;
  }
}

async function update({ client, random, next }: Load): Promise<void> {
  const FunctionName = random() < 0.5 ? 'soak-node' : 'soak-small';
  const call =
    random() < 0.5
      ? client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile: versionOf(next()) }))
      : client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Description: `number ${next()}` }));
  await allow(call, 'ResourceConflictException');
}

async function liveAndDie(load: Load): Promise<void> {
  const { client, next, random } = load;
  const FunctionName = `brief-${next()}`;
  const python = random() < 0.3;
  const Code = { ZipFile: python ? pythonCode : random() < 0.5 ? nodeCode : versionOf(next()) };
  await client.send(
    new lambda.CreateFunctionCommand(newFunction(FunctionName, { Code, ...(python ? { Runtime: 'python3.12' } : {}) })),
  );
  await expectError(load, FunctionName, { brief: true }, undefined);
  const { Version } = await client.send(new lambda.PublishVersionCommand({ FunctionName }));
  await expectError(load, `${FunctionName}:${Version}`, { brief: true }, undefined);
  if (random() < 0.5) await client.send(new lambda.DeleteFunctionCommand({ FunctionName, Qualifier: Version! }));
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName }));
}

async function readLogs({ logs, random }: Load): Promise<void> {
  const logGroupName = random() < 0.5 ? '/aws/lambda/soak-node' : '/aws/lambda/soak-python';
  const missing = 'ResourceNotFoundException';
  await allow(logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'line', limit: 100 })), missing);
  await allow(logs.send(new DescribeLogStreamsCommand({ logGroupName, limit: 20 })), missing);
}

async function badRequests({ client, url, next }: Load): Promise<void> {
  const badZip = {
    Code: {
      ZipFile: zipOf([
        { name: 'index.mjs', content: 'x' },
        { name: '../escape', content: 'x' },
      ]),
    },
  };
  await allow(
    client.send(new lambda.CreateFunctionCommand(newFunction(`bad-${next()}`, badZip))),
    'InvalidParameterValueException',
  );
  await allow(client.send(new lambda.InvokeCommand({ FunctionName: 'absent' })), 'ResourceNotFoundException');
  const Payload = Buffer.from('{"not": json');
  await allow(
    client.send(new lambda.InvokeCommand({ FunctionName: 'soak-node', Payload })),
    'InvalidRequestContentException',
  );
  const over = Buffer.alloc(6_300_000, 32);
  await allow(
    client.send(new lambda.InvokeCommand({ FunctionName: 'soak-node', Payload: over })),
    'RequestEntityTooLargeException',
  );
  const answer = await fetch(`${url}/nowhere`, { method: 'PUT', body: 'x' });
  await answer.arrayBuffer();
  if (answer.status < 400 || answer.status >= 500) throw new Error(`PUT /nowhere answered ${answer.status}`);
}

/** Clients that go away in the middle of a body, or before the answer. */
async function hangUp({ url, random }: Load): Promise<void> {
  const early = random() < 0.5;
  const outgoing = request(`${url}/2015-03-31/functions/soak-node/invocations`, {
    method: 'POST',
    headers: early ? { 'content-length': 1000 } : {},
  });
  outgoing.on('error', () => {});
  outgoing.write('{"hung":');
  if (!early) outgoing.end('"up"}');
  await new Promise((resolve) => setTimeout(resolve, 5 + random() * 20));
  outgoing.destroy();
}
