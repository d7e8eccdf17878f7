// Dead letters that nobody takes, and messages on which the function always fails.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, handlerCode, invoke, lambdaClient, region, settled } from '../wire/lambda-client.ts';
import { arnOf, queueOf, sqsClient } from '../wire/sqs-client.ts';
import { zipOf } from '../zip.ts';
import { Executions, recordSource } from './executions.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'lambent-test-letters-'));
const executions = new Executions();
let server: TestServer;
let client: lambda.LambdaClient;
let queues: sqs.SQSClient;
let metrics: CloudWatchClient;

before(async () => {
  server = await startTestServer({ dataDir, flags: executions.flags });
  client = lambdaClient(server);
  queues = sqsClient(server);
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  metrics = new CloudWatchClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
});
after(async () => {
  for (const each of [client, queues, metrics]) each?.destroy();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
  executions.delete();
});

async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < giveUpAt, `${what} does not come`);
    await pause(50);
  }
}

/** The sum of one of Lambda's metrics over the last hour; undefined for none. */
async function sumOf(MetricName: string, functionName: string): Promise<number | undefined> {
  const end = Math.ceil((Date.now() + 1) / 60_000) * 60_000;
  const { Datapoints } = await metrics.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      StartTime: new Date(end - 3_600_000),
      EndTime: new Date(end),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints?.[0]?.Sum;
}

/** Events in the queue of the server, which may run. */
function eventsKept(): number {
  const database = new DatabaseSync(join(dataDir, 'events.sqlite'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT COUNT(*) AS count FROM queued_events').get()!['count']);
  } finally {
    database.close();
  }
}

test('a dead letter that its queue refuses is counted, and the event is over', async () => {
  const letters = await queueOf(queues, 'deleted');
  await create(client, 'fails', {
    Code: { ZipFile: handlerCode("throw new Error('always')") },
    DeadLetterConfig: { TargetArn: arnOf('deleted') },
  });
  await settled(client, 'fails');
  await client.send(
    new lambda.PutFunctionEventInvokeConfigCommand({
      FunctionName: 'fails',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: arnOf('deleted') } },
    }),
  );
  await queues.send(new sqs.DeleteQueueCommand({ QueueUrl: letters }));
  for (let n = 0; n < 5; n++) await invoke(client, 'fails', { InvocationType: 'Event' });
  const all = async (metric: string) => ((await sumOf(metric, 'fails')) === 5 ? true : undefined);
  await until('DeadLetterErrors', () => all('DeadLetterErrors'));
  await until('DestinationDeliveryFailures', () => all('DestinationDeliveryFailures'));
  await until('the end of the events', () => (eventsKept() === 0 ? true : undefined));
  assert.equal(await sumOf('Invocations', 'fails'), 5);
});

/** Takes everything but poison, and of a FIFO group nothing behind it; notes the receipt handles of what it leaves. */
const source = `${recordSource}
export const handler = async ({ Records }) => {
  const left = [];
  for (const each of Records) {
    if (each.body.startsWith('poison') || (left.length > 0 && each.body.startsWith('behind'))) left.push(each);
    else record(each.body);
  }
  for (const { body, receiptHandle } of left) record(body + '-left', receiptHandle);
  return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

for (const suffix of ['', '.fifo']) {
  const kind = suffix === '' ? 'standard' : 'FIFO';
  test(`a poison message in a ${kind} queue becomes a dead letter and holds nobody else up`, async (t) => {
    const fifo: Record<string, string> = suffix === '' ? {} : { FifoQueue: 'true' };
    const name = `inbox${suffix}`;
    const deadName = `poison${suffix}`;
    const dead = await queueOf(queues, deadName, fifo);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(deadName), maxReceiveCount: 3 });
    const inbox = await queueOf(queues, name, { VisibilityTimeout: '600', RedrivePolicy, ...fifo });
    const functionName = `worker-${kind}`;
    await create(client, functionName, {
      Code: { ZipFile: zipOf({ 'index.mjs': source }) },
      Timeout: 60,
      ...(await executions.settings(server.url)),
    });
    await settled(client, functionName);
    await client.send(
      new lambda.CreateEventSourceMappingCommand({
        FunctionName: functionName,
        EventSourceArn: arnOf(name),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    );
    const send = (body: string, group: string) =>
      queues.send(
        new sqs.SendMessageCommand({
          QueueUrl: inbox,
          MessageBody: `${body}${suffix}`,
          ...(suffix === '' ? {} : { MessageGroupId: group, MessageDeduplicationId: body }),
        }),
      );
    const seen = () => executions.all().map(({ id }) => id);
    const seenAll = (bodies: string[]) => {
      const ids = new Set(seen());
      return bodies.every((body) => ids.has(`${body}${suffix}`)) ? true : undefined;
    };
    const stopped = new AbortController();
    t.after(() => stopped.abort());
    const giving = giveBack(inbox, suffix, stopped.signal);
    await send('poison', 'bad');
    await send('behind', 'bad');
    // They come through although the poison was first and is tried again and again.
    const others = Array.from({ length: 30 }, (_, index) => `good-${index}`);
    for (const [index, body] of others.entries()) await send(body, `good-${index % 3}`);
    await until('what is not poison', () => seenAll(others));
    const letter = await until('the dead letter', async () => {
      const input = { QueueUrl: dead, WaitTimeSeconds: 2, MessageSystemAttributeNames: ['All' as const] };
      return (await queues.send(new sqs.ReceiveMessageCommand(input))).Messages?.[0];
    });
    assert.equal(letter.Body, `poison${suffix}`);
    assert.equal(letter.Attributes!.DeadLetterQueueSourceArn, arnOf(name));
    await until('what was behind the poison', () => seenAll(['behind']));
    const tries = seen().filter((id) => id === `poison${suffix}-left`).length;
    assert.equal(tries, 3);
    await until('an empty queue', async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const];
      const asked = new sqs.GetQueueAttributesCommand({ QueueUrl: inbox, AttributeNames });
      const { Attributes } = await queues.send(asked);
      return AttributeNames.every((attribute) => Attributes![attribute] === '0') ? true : undefined;
    });
    stopped.abort();
    await giving;
  });
}

/** Makes what the function has left visible at once, so that nobody has to wait for its visibility timeout. */
async function giveBack(QueueUrl: string, suffix: string, stopped: AbortSignal): Promise<void> {
  const given = new Set<string>();
  while (!stopped.aborted) {
    for (const { id, note } of executions.all()) {
      if (!id.endsWith(`${suffix}-left`) || id.includes('.fifo') !== (suffix === '.fifo') || given.has(note)) continue;
      given.add(note);
      const input = { QueueUrl, ReceiptHandle: note, VisibilityTimeout: 0 };
      await queues.send(new sqs.ChangeMessageVisibilityCommand(input));
    }
    await pause(20);
  }
}
