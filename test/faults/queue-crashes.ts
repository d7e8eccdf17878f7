// Messages on their way through mappings while the server is killed again and again: what becomes of each of them.
import { setTimeout as pause } from 'node:timers/promises';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { randomOf } from '../fuzz/random.ts';
import { create, lambdaClient, settled } from '../wire/lambda-client.ts';
import { arnOf, queueOf, sqsClient } from '../wire/sqs-client.ts';
import { zipOf } from '../zip.ts';
import { CrashingServer, type Kill, type Signal } from './crashing-server.ts';
import { type Execution, Executions, isAcross, recordSource, unexplained } from './executions.ts';

export interface QueueCrashes {
  /** To each of the two queues, a multiple of a hundred. */
  messages: number;
  kills: number;
  /** Default: SIGKILL. */
  signal?: Signal;
  seed: number;
  /** How long a message stays hidden that was on its way at a kill. */
  visibilitySeconds: number;
  report?: (line: string) => void;
}

export interface QueueCrashSummary {
  seed: number;
  kills: number;
  standard: PipelineSummary;
  fifo: PipelineSummary;
  problems: string[];
}

interface PipelineSummary {
  sent: number;
  /** Deliveries to the function, each of one message. */
  deliveries: number;
  /** Those beyond one for each message. */
  repeated: number;
}

const batchSize = 10;
const groups = 10;
const senders = 4;
/** Nothing moved for so long: what is missing is lost. */
const silenceMs = 60_000;

const source = `${recordSource}
export const handler = async ({ Records }) => {
  for (const { messageId, body } of Records) record(body + '/' + messageId);
};`;

export async function queueCrashes({
  signal = 'SIGKILL',
  report = () => {},
  ...options
}: QueueCrashes): Promise<QueueCrashSummary> {
  const executions = new Executions();
  let server: CrashingServer | undefined;
  try {
    server = await CrashingServer.start({ flags: executions.flags });
    return await run(server, executions, { ...options, signal, report });
  } finally {
    await server?.stop();
    executions.delete();
  }
}

/** What is sent in one SendMessageBatch. */
interface Batch {
  url: string;
  entries: sqs.SendMessageBatchRequestEntry[];
}

async function run(
  server: CrashingServer,
  executions: Executions,
  { messages, kills, signal, seed, visibilitySeconds, report }: Required<QueueCrashes>,
): Promise<QueueCrashSummary> {
  const client = lambdaClient(server.server);
  const queues = sqsClient(server.server);
  const VisibilityTimeout = String(visibilitySeconds);
  const standard = await queueOf(queues, 'standard', { VisibilityTimeout });
  const fifo = await queueOf(queues, 'ordered.fifo', { VisibilityTimeout, FifoQueue: 'true' });
  await create(client, 'worker', {
    Code: { ZipFile: zipOf({ 'index.mjs': source }) },
    Timeout: Math.floor(visibilitySeconds / 2),
    ...(await executions.settings(server.url)),
  });
  await settled(client, 'worker');
  for (const name of ['standard', 'ordered.fifo']) {
    await client.send(
      new lambda.CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn: arnOf(name) }),
    );
  }

  const random = randomOf(seed, 0);
  const sent = new Set<string>();
  let sentCount = 0;
  const send = async ({ url, entries }: Batch) => {
    const input = { QueueUrl: url, Entries: entries };
    const answer = await server.persist(() => queues.send(new sqs.SendMessageBatchCommand(input)));
    for (const { Id, MessageId } of answer.Successful ?? [])
      sent.add(`${entries[Number(Id)]!.MessageBody}/${MessageId}`);
    sentCount += entries.length;
    if (answer.Failed?.length) throw new Error(JSON.stringify(answer.Failed));
  };
  const lines = batches(messages, standard, fifo);
  // Of one line each batch waits for the one before, so that a group has the order in which it was sent.
  const sending = lines.map(async (line) => {
    for (const batch of line) await send(batch);
  });
  let isOver = false;
  const seen = () => new Set(executions.all().map(({ id }) => id));
  const total = messages * 2;
  const killAt = Array.from({ length: kills }, () => 1 + random.below(total - 1)).sort((a, b) => a - b);
  const killing = (async () => {
    for (const at of killAt) {
      while (sentCount < at && !isOver) await pause(1);
      if (isOver) return;
      await pause(random.below(30));
      report(`kill at ${sentCount} of ${total} sent, ${seen().size} seen`);
      await server.kill(signal);
    }
  })();
  await Promise.all(sending);
  await killing;
  let missing = [...sent];
  let left = missing.length;
  for (let movedAt = Date.now(); Date.now() < movedAt + silenceMs + visibilitySeconds * 1000; await pause(100)) {
    const ids = seen();
    missing = missing.filter((id) => !ids.has(id));
    if (missing.length < left) movedAt = Date.now();
    left = missing.length;
    if (left === 0) break;
  }
  isOver = true;
  const undeleted = left === 0 ? await remaining(queues, [standard, fifo], visibilitySeconds) : [];
  client.destroy();
  queues.destroy();

  const all = executions.all();
  const [ordered, plain] = [
    all.filter(({ id }) => id.startsWith('group-')),
    all.filter(({ id }) => id.startsWith('plain-')),
  ];
  const problems = [
    ...missing.map((id) => `lost: ${id}`),
    ...undeleted,
    ...unexplained(all, server.kills, visibilitySeconds * 1000).map((text) => `delivered twice: ${text}`),
    ...disorder(ordered, server.kills),
  ];
  return {
    seed,
    kills: server.kills.length,
    standard: summaryOf(messages, plain),
    fifo: summaryOf(messages, ordered),
    problems,
  };
}

/** Lines of batches: four of the standard queue, and one for each group of the FIFO queue. */
function batches(messages: number, standard: string, fifo: string): Batch[][] {
  const lines: Batch[][] = [];
  for (let line = 0; line < senders; line++) {
    lines.push([]);
    for (let first = line * batchSize; first < messages; first += senders * batchSize) {
      const entries = Array.from({ length: batchSize }, (_, index) => ({
        Id: String(index),
        MessageBody: `plain-${first + index}`,
      }));
      lines.at(-1)!.push({ url: standard, entries });
    }
  }
  for (let group = 0; group < groups; group++) {
    lines.push([]);
    for (let first = 0; first < messages / groups; first += batchSize) {
      const entries = Array.from({ length: batchSize }, (_, index) => ({
        Id: String(index),
        MessageBody: `group-${group}-${first + index}`,
        MessageGroupId: `group-${group}`,
        MessageDeduplicationId: `${group}-${first + index}`,
      }));
      lines.at(-1)!.push({ url: fifo, entries });
    }
  }
  return lines;
}

/** A message of a group comes after all that were sent before it; one that came before comes again only after a kill. */
function disorder(executions: readonly Execution[], kills: readonly Kill[]): string[] {
  const last = new Map<string, { number: number; most: number; at: number }>();
  const found: string[] = [];
  for (const { id, at } of executions) {
    const [, group, number] = /^group-(\d+)-(\d+)/.exec(id)!.map(Number) as [number, number, number];
    const before = last.get(String(group)) ?? { number: -1, most: -1, at: 0 };
    const isNext = number === before.number + 1 && number <= before.most + 1;
    const isAgain = number <= before.most && isAcross(before.at, at, kills);
    if (!isNext && !isAgain) found.push(`out of order: ${number} after ${before.number} in group ${group}`);
    last.set(String(group), { number, most: Math.max(before.most, number), at });
  }
  return found;
}

/** Queues that do not come to be empty although all of their messages were seen. */
async function remaining(queues: sqs.SQSClient, urls: string[], visibilitySeconds: number): Promise<string[]> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const giveUpAt = Date.now() + visibilitySeconds * 2000 + 30_000;
  const problems: string[] = [];
  for (const QueueUrl of urls) {
    for (;;) {
      const asked = new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
      const { Attributes } = await queues.send(asked);
      if (AttributeNames.every((name) => Attributes![name] === '0')) break;
      if (Date.now() > giveUpAt) {
        problems.push(`left in ${QueueUrl}: ${JSON.stringify(Attributes)}`);
        break;
      }
      await pause(100);
    }
  }
  return problems;
}

function summaryOf(sent: number, executions: readonly Execution[]): PipelineSummary {
  const repeated = executions.length - new Set(executions.map(({ id }) => id)).size;
  return { sent, deliveries: executions.length, repeated };
}
