// sqs: messages a second from SendMessageBatch through a mapping into a function and deleted, and what idle queues cost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { sqsRequest } from '../load/sqs-requests.ts';
import { processorMs, processTree } from '../processes.ts';
import { median, rounded } from '../statistics.ts';
import { account, lambdaClientOf, region, sqsClientOf } from '../targets/clients.ts';
import { zipOf } from '../zip.ts';

const messages = 20_000;
const batch = 10;
const senders = 4;
const drainers = 8;
const rounds = 3;
const body = 'x'.repeat(256);
const idleQueues = 10_000;
const idleMappings = 1_000;
const idleSeconds = 30;
const why = 'it has no SQS';
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const code = zipOf('index.mjs', 'export const handler = async () => {};\n');

export const sqs: Bench = {
  name: 'sqs',
  about: `messages a second through a mapping, against a bare client; the cost of ${idleQueues} idle queues`,
  async run(context) {
    await pipeline(context);
    await idle(context);
  },
};

async function pipeline(context: BenchContext): Promise<void> {
  const lambent = await context.lambent();
  const client = sqsClientOf(lambent.port);
  const control = lambdaClientOf(lambent.port);
  const own: number[] = [];
  const bare: number[] = [];
  try {
    const mapped = await newQueue(client, 'mapped');
    const drained = await newQueue(client, 'drained');
    await lambent.create({ name: 'worker', runtime: 'nodejs24.x', source: 'export const handler = async () => {};\n' });
    await control.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'worker',
        EventSourceArn: queueArn('mapped'),
        BatchSize: batch,
      }),
    );
    // The first round starts environments, and the mapping grows to what the backlog takes.
    for (let round = 0; round < rounds + 1; round++) {
      context.say(`sqs: ${messages} messages, through the mapping and by the bare client`);
      const through = await throughMapping(lambent.port, client, mapped);
      const direct = await throughClient(lambent.port, client, drained);
      if (round === 0) continue;
      own.push(through);
      bare.push(direct);
    }
  } finally {
    client.destroy();
    control.destroy();
  }
  const { environments } = await lambent.counts();
  await lambent.stop();
  context.emit({
    name: 'sqs',
    unit: 'messages/s',
    lambent: rounded(median(own)),
    limit: rounded(median(bare)),
    ratio_to_limit: rounded(median(own.map((value, round) => value / bare[round]!))),
    peers: { [peerName]: null },
    why,
    goal: 'lambent >= 2000',
    messages,
    batch_size: batch,
    message_bytes: body.length,
    senders,
    receivers_of_limit: drainers,
    environments,
  });
}

async function newQueue(client: SQSClient, QueueName: string): Promise<string> {
  // Six times the function's timeout, as AWS advises.
  return (await client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '360' } }))).QueueUrl!;
}

/** Messages a second from the first send until the queue is empty, nothing in flight. */
async function throughMapping(port: number, client: SQSClient, queueUrl: string): Promise<number> {
  const startedAt = performance.now();
  await sendAll(port, queueUrl);
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  for (;;) {
    const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes } = await client.send(asked);
    if (AttributeNames.every((name) => Attributes?.[name] === '0')) break;
    if (performance.now() - startedAt > 120_000) throw new Error('the mapping does not drain its queue');
    await sleep(20);
  }
  return (messages * 1000) / (performance.now() - startedAt);
}

/** The same, received and deleted by an SDK client in this process. */
async function throughClient(port: number, client: SQSClient, QueueUrl: string): Promise<number> {
  const startedAt = performance.now();
  let deleted = 0;
  const drain = async () => {
    while (deleted < messages) {
      const wanted = { QueueUrl, MaxNumberOfMessages: batch, WaitTimeSeconds: 1 };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(wanted));
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle: ReceiptHandle! }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      deleted += Messages.length;
      if (deleted === messages) endedAt = performance.now();
    }
  };
  let endedAt = startedAt;
  await Promise.all([sendAll(port, QueueUrl), ...Array.from({ length: drainers }, drain)]);
  return (messages * 1000) / (endedAt - startedAt);
}

async function sendAll(port: number, QueueUrl: string): Promise<void> {
  const Entries = Array.from({ length: batch }, (_, index) => ({ Id: `${index}`, MessageBody: body }));
  const request = sqsRequest(port, 'SendMessageBatch', { QueueUrl, Entries });
  await exchangeAll(
    port,
    senders,
    Array.from({ length: messages / batch }, () => request),
  );
}

/** Sends requests over `count` connections, each the next when the answer to the one before is there. */
async function exchangeAll(port: number, count: number, requests: readonly Buffer[]): Promise<void> {
  let next = 0;
  const work = async () => {
    const connection = await HttpConnection.open(port);
    while (next < requests.length) {
      const { status, body } = await connection.exchange(requests[next++]!);
      if (status !== 200) throw new Error(`${status} ${body.slice(0, 300)}`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: count }, work));
}

async function idle(context: BenchContext): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-bench-idle-'));
  const options = { dataDir, flags: ['--prebooted', '0'] };
  let server: TestServer | undefined;
  try {
    const emptyMs = await timed(async () => {
      server = await startTestServer(options);
    });
    const empty = await shareOfCore(context, server!);
    context.say(`sqs: ${idleQueues} queues and ${idleMappings} mappings`);
    await fill(server!);
    const full = await shareOfCore(context, server!);
    const fullMs = await timed(async () => {
      server = await server!.restart('SIGTERM');
    });
    const restarted = await shareOfCore(context, server!);
    context.emit({
      name: 'sqs-idle',
      unit: 'share of a core',
      lambent: full,
      limit: empty,
      ratio_to_limit: null,
      peers: { [peerName]: null },
      why,
      goal: 'near zero',
      after_restart: restarted,
      start_ms: rounded(fullMs),
      start_empty_ms: rounded(emptyMs),
      queues: idleQueues,
      mappings: idleMappings,
      seconds: idleSeconds,
    });
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function fill(server: TestServer): Promise<void> {
  const queues = Array.from({ length: idleQueues }, (_, number) =>
    sqsRequest(server.port, 'CreateQueue', { QueueName: `queue-${number}` }),
  );
  await exchangeAll(server.port, 8, queues);
  const client = lambdaClientOf(server.port);
  await client.send(
    new CreateFunctionCommand({
      FunctionName: 'idle',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: `arn:aws:iam::${account}:role/bench`,
      Code: { ZipFile: code },
    }),
  );
  let next = 0;
  const map = async () => {
    while (next < idleMappings) {
      const EventSourceArn = queueArn(`queue-${next++}`);
      await client.send(new CreateEventSourceMappingCommand({ FunctionName: 'idle', EventSourceArn }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, map));
  for (;;) {
    let Marker: string | undefined;
    let settled = 0;
    do {
      const page = await client.send(new ListEventSourceMappingsCommand(Marker === undefined ? {} : { Marker }));
      settled += page.EventSourceMappings!.filter(({ State }) => State === 'Enabled').length;
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    if (settled === idleMappings) break;
    await sleep(200);
  }
  client.destroy();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Processor time of the server and its processes, over a while in which nothing is asked of it. */
async function shareOfCore(context: BenchContext, server: TestServer): Promise<number> {
  await sleep(3000);
  context.say(`sqs: idle for ${idleSeconds} s`);
  const pids = processTree(server.process.pid!);
  const before = processorMs(pids);
  await sleep(idleSeconds * 1000);
  return rounded((processorMs(pids) - before) / (idleSeconds * 1000));
}
