// Asynchronous events while the server is killed again and again: what becomes of each of them.
import { setTimeout as pause } from 'node:timers/promises';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { randomOf } from '../fuzz/random.ts';
import { create, lambdaClient, settled } from '../wire/lambda-client.ts';
import { arnOf, queueOf, sqsClient } from '../wire/sqs-client.ts';
import { zipOf } from '../zip.ts';
import { CrashingServer, type Signal } from './crashing-server.ts';
import { Executions, recordSource, unexplained } from './executions.ts';

export interface EventCrashes {
  events: number;
  kills: number;
  /** Default: SIGKILL. */
  signal?: Signal;
  seed: number;
  /** MaximumRetryAttempts of the function that fails; each takes minutes. */
  retries?: number;
  report?: (line: string) => void;
}

export interface EventCrashSummary {
  seed: number;
  accepted: number;
  /** Events whose acceptance the client never heard of; AWS may have run them or not. */
  unheard: number;
  kills: number;
  executions: number;
  /** Executions beyond what was asked for. */
  repeated: number;
  /** Messages beyond one for each event and destination. */
  toldAgain: number;
  problems: string[];
}

const senders = 8;
/** One event in so many fails. */
const failsEvery = 10;
/** After a function failed for the first time. */
const firstRetryMs = 60_000;
/** Nothing came for so long: what is missing is lost. */
const silenceMs = 60_000;

const source = `${recordSource}
export const handler = async (event, context) => {
  record(context.awsRequestId, event.n);
  if (event.fails) throw new Error('as asked');
  return event.n;
};`;

/** What a queue was told of an event. */
interface Told {
  requestId: string;
  n: number;
  at: number;
}

export async function eventCrashes(options: EventCrashes): Promise<EventCrashSummary> {
  const { events, kills, signal = 'SIGKILL', seed, retries = 0, report = () => {} } = options;
  const executions = new Executions();
  let server: CrashingServer | undefined;
  try {
    server = await CrashingServer.start({ flags: executions.flags });
    return await run(server, executions, { events, kills, signal, seed, retries, report });
  } finally {
    await server?.stop();
    executions.delete();
  }
}

async function run(
  server: CrashingServer,
  executions: Executions,
  { events, kills, signal, seed, retries, report }: Required<EventCrashes>,
): Promise<EventCrashSummary> {
  const client = lambdaClient(server.server);
  const queues = sqsClient(server.server);
  const urls: Record<string, string> = {};
  for (const name of ['successes', 'failures', 'letters']) {
    urls[name] = await queueOf(queues, name, { VisibilityTimeout: '43200' });
  }
  await create(client, 'events', {
    Code: { ZipFile: zipOf({ 'index.mjs': source }) },
    DeadLetterConfig: { TargetArn: arnOf('letters') },
    ...(await executions.settings(server.url)),
  });
  await settled(client, 'events');
  await client.send(
    new lambda.PutFunctionEventInvokeConfigCommand({
      FunctionName: 'events',
      MaximumRetryAttempts: retries,
      DestinationConfig: {
        OnSuccess: { Destination: arnOf('successes') },
        OnFailure: { Destination: arnOf('failures') },
      },
    }),
  );

  const random = randomOf(seed, 0);
  const fails = (n: number) => n % failsEvery === 0;
  /** By the request id that a 202 told. */
  const accepted = new Map<string, number>();
  const unheard: number[] = [];
  const told: Record<string, Told[]> = { successes: [], failures: [], letters: [] };
  const progress = () => accepted.size + told['successes']!.length + told['failures']!.length;
  // Events are sent in the first half of the way and told in the second, which overlap.
  const killAt = Array.from({ length: kills }, () => 1 + random.below(events * 2 - 1)).sort((a, b) => a - b);
  let next = 0;
  const send = async () => {
    while (next < events) {
      const n = next++;
      const input = { FunctionName: 'events', InvocationType: 'Event' as const };
      const Payload = Buffer.from(JSON.stringify({ n, ...(fails(n) ? { fails: true } : {}) }));
      const answer = await server.persist(
        () => client.send(new lambda.InvokeCommand({ ...input, Payload })),
        () => unheard.push(n),
      );
      accepted.set(answer.$metadata.requestId!, n);
    }
  };
  let isOver = false;
  let lastAt = Date.now();
  const read = async (name: string) => {
    while (!isOver) {
      const { Messages = [] } = await server.persist(() =>
        queues.send(
          new sqs.ReceiveMessageCommand({
            QueueUrl: urls[name],
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 1,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['SentTimestamp'],
          }),
        ),
      );
      for (const message of Messages) told[name]!.push(toldBy(message));
      if (Messages.length > 0) lastAt = Date.now();
    }
  };
  const kill = async () => {
    for (const at of killAt) {
      while (progress() < at && !isOver) await pause(1);
      if (isOver) return;
      await pause(random.below(30));
      report(`kill at ${progress()} of ${events * 2}`);
      await server.kill(signal);
    }
  };
  const missing = () => {
    const ids = (name: string) => new Set(told[name]!.map(({ requestId }) => requestId));
    const [successes, failures, letters] = [ids('successes'), ids('failures'), ids('letters')];
    const isTold = (id: string, n: number) => (fails(n) ? failures.has(id) && letters.has(id) : successes.has(id));
    return [...accepted].filter(([id, n]) => !isTold(id, n)).map(([id, n]) => `${n} (${id})`);
  };
  const readers = Object.keys(told).flatMap((name) => (name === 'successes' ? [name, name, name] : [name]));
  const reading = Promise.all(readers.map(read));
  const killing = kill();
  await Promise.all(Array.from({ length: senders }, send));
  lastAt = Date.now();
  let lost = missing();
  while (lost.length > 0 && Date.now() < lastAt + silenceMs + retries * 120_000) {
    await pause(100);
    lost = missing();
  }
  isOver = lost.length > 0;
  await killing;
  isOver = true;
  await reading;
  client.destroy();
  queues.destroy();

  const ran = executions.all();
  const runs = new Map<string, number>();
  for (const { id } of ran) runs.set(id, (runs.get(id) ?? 0) + 1);
  const problems = lost.map((event) => `lost: ${event}`);
  const [failing, others] = [
    ran.filter(({ note }) => fails(Number(note))),
    ran.filter(({ note }) => !fails(Number(note))),
  ];
  const repeated = [
    ...unexplained(failing, server.kills, retries > 0 ? firstRetryMs : undefined),
    ...unexplained(others, server.kills),
  ];
  problems.push(...repeated.map((text) => `ran twice: ${text}`));
  for (const { requestId } of retries > 0 ? told['letters']! : []) {
    const tries = runs.get(requestId) ?? 0;
    if (tries <= retries) problems.push(`given up after ${tries} tries: ${requestId}`);
  }
  let toldAgain = 0;
  for (const [name, messages] of Object.entries(told)) {
    const sent = messages.map(({ requestId, at }) => ({ id: requestId, at, note: '' })).sort((a, b) => a.at - b.at);
    toldAgain += sent.length - new Set(sent.map(({ id }) => id)).size;
    problems.push(...unexplained(sent, server.kills).map((text) => `told twice to ${name}: ${text}`));
    for (const { requestId, n } of messages) {
      const isKnown = accepted.get(requestId) === n || (!accepted.has(requestId) && unheard.includes(n));
      if (!isKnown) problems.push(`${name} was told of an event that nobody sent: ${n} (${requestId})`);
      if (fails(n) === (name === 'successes')) problems.push(`${name} was told of ${n}`);
    }
  }
  return {
    seed,
    accepted: accepted.size,
    unheard: unheard.length,
    kills: server.kills.length,
    executions: ran.length,
    repeated: ran.length - runs.size,
    toldAgain,
    problems,
  };
}

/** A record of a destination, or a dead letter. */
function toldBy({ Body, MessageAttributes, Attributes }: sqs.Message): Told {
  const body = JSON.parse(Body!);
  const requestId = MessageAttributes?.['RequestID']?.StringValue ?? body.requestContext.requestId;
  return { requestId, n: (body.requestPayload ?? body).n, at: Number(Attributes!['SentTimestamp']) };
}
