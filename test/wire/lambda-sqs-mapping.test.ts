// Queues that functions are mapped to, end to end: what is sent arrives, what fails comes again, what is over is over.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, handlerCode, lambdaClient, region, settled } from './lambda-client.ts';

const timeoutSeconds = 3;
const credentials = { accessKeyId: account, secretAccessKey: 'any' };
const invalid = 'InvalidParameterValueException';

/** Tells its log what it was given, and does as its messages say: be slow, fail, fail the first time, report them as failed. */
const reporting = handlerCode(`
  const started = Date.now();
  const says = (record, word) => record.body.includes(word);
  const { Records } = event;
  if (Records.some((record) => says(record, 'slow'))) await new Promise((resolve) => setTimeout(resolve, 300));
  const first = (record) => record.attributes.ApproximateReceiveCount === '1';
  if (Records.some((record) => says(record, 'hang') && first(record))) await new Promise(() => setTimeout(() => {}, 60_000));
  console.log('SEEN ' + JSON.stringify({ started, ended: Date.now(), Records, trace: process.env._X_AMZN_TRACE_ID }));
  if (Records.some((record) => says(record, 'fail') || (says(record, 'once') && first(record)))) throw new Error('failed');
  const reported = Records.filter((record) => says(record, 'report') && first(record));
  return { batchItemFailures: reported.map(({ messageId }) => ({ itemIdentifier: messageId })) };
`);

interface Seen {
  started: number;
  ended: number;
  Records: Record<string, any>[];
  trace: string;
}

let server: TestServer;
let client: lambda.LambdaClient;
let queues: sqs.SQSClient;
let logs: CloudWatchLogsClient;
let metrics: CloudWatchClient;

function connect(): void {
  client = lambdaClient(server);
  queues = new sqs.SQSClient({ endpoint: server.url, region, credentials });
  logs = new CloudWatchLogsClient({ endpoint: server.url, region, credentials });
  metrics = new CloudWatchClient({ endpoint: server.url, region, credentials });
}

before(async () => {
  server = await startTestServer();
  connect();
  await create(client, 'sink', { Code: { ZipFile: reporting }, Timeout: timeoutSeconds });
  await settled(client, 'sink');
});
after(() => server.stop());

const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const urlOf = (name: string) => `${server.url}/${account}/${name}`;

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 25_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return assert.fail(`not within the deadline: ${what}`);
}

async function newQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
  const Attributes = { VisibilityTimeout: `${timeoutSeconds}`, ...fifo, ...attributes };
  await queues.send(new sqs.CreateQueueCommand({ QueueName: name, Attributes }));
  return name;
}

async function send(name: string, bodies: string[], group?: string): Promise<void> {
  for (let at = 0; at < bodies.length; at += 10) {
    const Entries = bodies.slice(at, at + 10).map((MessageBody, index) => ({
      Id: `${index}`,
      MessageBody,
      ...(group === undefined ? {} : { MessageGroupId: group }),
    }));
    await queues.send(new sqs.SendMessageBatchCommand({ QueueUrl: urlOf(name), Entries }));
  }
}

async function map(name: string, input: Partial<lambda.CreateEventSourceMappingCommandInput> = {}): Promise<string> {
  const { UUID } = await client.send(
    new lambda.CreateEventSourceMappingCommand({ FunctionName: 'sink', EventSourceArn: queueArn(name), ...input }),
  );
  await state(UUID!, input.Enabled === false ? 'Disabled' : 'Enabled');
  return UUID!;
}

const get = (UUID: string) => client.send(new lambda.GetEventSourceMappingCommand({ UUID }));
const state = (UUID: string, wanted: string) =>
  until(`${wanted} of ${UUID}`, async () => (await get(UUID)).State === wanted);
const update = (UUID: string, input: Omit<lambda.UpdateEventSourceMappingCommandInput, 'UUID'>) =>
  client.send(new lambda.UpdateEventSourceMappingCommand({ UUID, ...input }));

/** The invocations that had messages of a queue, in the order of their beginnings. */
async function seen(name: string): Promise<Seen[]> {
  const { events } = await logs
    .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/sink', filterPattern: `SEEN "${queueArn(name)}"` }))
    .catch((error) => (error.name === 'ResourceNotFoundException' ? { events: [] } : Promise.reject(error)));
  return (events ?? [])
    .map(({ message }): Seen => JSON.parse(message!.slice(message!.indexOf('SEEN ') + 5)))
    .filter(({ Records }) => Records[0]!['eventSourceARN'] === queueArn(name))
    .sort((a, b) => a.started - b.started);
}

const bodiesOf = (invocations: Seen[]) => invocations.flatMap(({ Records }) => Records.map((record) => record['body']));

async function seenBodies(name: string, count: number): Promise<string[]> {
  return until(`${count} messages of ${name}`, async () => {
    const bodies = bodiesOf(await seen(name));
    return bodies.length >= count && bodies;
  });
}

/** How many messages a queue holds, visible or not. */
async function held(name: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const command = new sqs.GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: [...AttributeNames] });
  const { Attributes } = await queues.send(command);
  return AttributeNames.reduce((sum, attribute) => sum + Number(Attributes![attribute]), 0);
}

/** Resolves once a message of the queue was received and not deleted. */
const inFlight = (name: string) =>
  until(`a message of ${name} in flight`, async () => {
    const AttributeNames: sqs.QueueAttributeName[] = ['ApproximateNumberOfMessagesNotVisible'];
    const command = new sqs.GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames });
    return (await queues.send(command)).Attributes!['ApproximateNumberOfMessagesNotVisible'] === '1';
  });

const empty = (name: string) => until(`${name} empty`, async () => (await held(name)) === 0);

describe('a queue mapped to a function', { concurrency: true }, () => {
  test('a message arrives as AWS hands it over, with its trace, and is gone afterwards', async () => {
    const name = await newQueue('happy');
    await map(name);
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const sent = await queues.send(
      new sqs.SendMessageCommand({
        QueueUrl: urlOf(name),
        MessageBody: 'héllo',
        MessageAttributes: {
          Title: { DataType: 'String', StringValue: 'The Whistler' },
          Bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
        },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
      }),
    );
    await seenBodies(name, 1);
    const [invocation] = await seen(name);
    const record = invocation!.Records[0]!;
    const { attributes, receiptHandle, ...rest } = record;
    assert.deepEqual(rest, {
      messageId: sent.MessageId,
      body: 'héllo',
      messageAttributes: {
        Title: { stringValue: 'The Whistler', stringListValues: [], binaryListValues: [], dataType: 'String' },
        Bytes: { binaryValue: 'AP8=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfMessageAttributes: sent.MD5OfMessageAttributes,
      md5OfBody: sent.MD5OfMessageBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn(name),
      awsRegion: region,
    });
    assert.deepEqual(Object.keys(attributes), [
      'ApproximateReceiveCount',
      'AWSTraceHeader',
      'SentTimestamp',
      'SenderId',
      'ApproximateFirstReceiveTimestamp',
    ]);
    assert.ok(receiptHandle.length > 0);
    assert.ok(invocation!.trace.startsWith('Root=1-5759e988-bd862e3fe1be46a994272793;'), invocation!.trace);
    await empty(name);
  });

  test('what does not match the filters is deleted and never seen', async () => {
    const name = await newQueue('filtered');
    const Pattern = JSON.stringify({ body: { n: [{ numeric: ['>', 100] }], k: [{ prefix: 'yes' }] } });
    await map(name, { FilterCriteria: { Filters: [{ Pattern }, { Pattern: '{"body":["plain"]}' }] } });
    await send(name, ['{"n":101,"k":"yes-1"}', '{"n":100,"k":"yes-2"}', '{"n":101}', 'plain', 'other']);
    await empty(name);
    assert.deepEqual(bodiesOf(await seen(name)).sort(), ['plain', '{"n":101,"k":"yes-1"}']);
  });

  test('of a batch only what is reported comes again', async () => {
    const name = await newQueue('partial');
    await send(name, ['a', 'report b', 'c']);
    await map(name, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const bodies = await seenBodies(name, 4);
    assert.deepEqual(bodies.sort(), ['a', 'c', 'report b', 'report b']);
    await empty(name);
  });

  test('a failed message goes to the dead letters once it was received as often as the queue allows', async () => {
    const letters = await newQueue('letters');
    const name = await newQueue('failing', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(letters), maxReceiveCount: 1 }),
    });
    await map(name);
    await send(name, ['fail']);
    await until('the dead letter', async () => (await held(letters)) === 1);
    assert.equal((await seen(name)).length, 1);
    assert.equal(await held(name), 0);
  });

  test('a FIFO queue keeps the order of each group, also over a failure', async () => {
    const name = await newQueue('ordered.fifo');
    const ofGroup = (group: string) => Array.from({ length: 8 }, (_, index) => `${group}${index}`);
    const bodies = { a: ofGroup('a'), b: ofGroup('b') };
    bodies.a[2] = 'a2 once';
    await map(name, { BatchSize: 1 });
    for (const [group, messages] of Object.entries(bodies)) await send(name, messages, group);
    const all = await seenBodies(name, 17);
    const of = (group: string) => all.filter((body) => body.startsWith(group));
    assert.deepEqual(of('b'), bodies.b);
    assert.deepEqual(of('a'), [...bodies.a.slice(0, 3), ...bodies.a.slice(2)]);
    await empty(name);
    const [first] = await seen(name);
    for (const attribute of ['SequenceNumber', 'MessageGroupId', 'MessageDeduplicationId']) {
      assert.ok(first!.Records[0]!['attributes'][attribute], attribute);
    }
  });

  test('no more batches run at once than MaximumConcurrency allows', async () => {
    const name = await newQueue('bounded');
    await send(
      name,
      Array.from({ length: 8 }, (_, index) => `slow ${index}`),
    );
    await map(name, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await seenBodies(name, 8);
    const invocations = await seen(name);
    for (const { started } of invocations) {
      const together = invocations.filter((other) => other.started <= started && started < other.ended);
      assert.ok(together.length <= 2, `${together.length} at once`);
    }
    await empty(name);
  });

  test('a window gathers more than one receive can give', async () => {
    const name = await newQueue('window');
    await send(
      name,
      Array.from({ length: 25 }, (_, index) => `${index}`),
    );
    await map(name, { BatchSize: 25, MaximumBatchingWindowInSeconds: 2 });
    await empty(name);
    const invocations = await seen(name);
    assert.equal(bodiesOf(invocations).length, 25);
    assert.equal(invocations[0]!.Records.length, 25);
    assert.equal(invocations[0]!.Records[0]!['md5OfMessageAttributes'], null);
  });

  test('disabling ends when what runs is over; enabling goes on where it was', async () => {
    const name = await newQueue('paused');
    const uuid = await map(name);
    await send(name, ['slow']);
    await inFlight(name);
    assert.equal((await update(uuid, { Enabled: false })).State, 'Disabling');
    await state(uuid, 'Disabled');
    assert.equal(await held(name), 0);
    assert.deepEqual(await seenBodies(name, 1), ['slow']);
    await send(name, ['later']);
    assert.equal((await update(uuid, { Enabled: true })).State, 'Enabling');
    assert.deepEqual(await seenBodies(name, 2), ['slow', 'later']);
  });

  test('a deleted mapping takes nothing any more', async () => {
    const name = await newQueue('deleted');
    const uuid = await map(name);
    assert.equal((await client.send(new lambda.DeleteEventSourceMappingCommand({ UUID: uuid }))).State, 'Deleting');
    await until('the mapping gone', () =>
      get(uuid).then(
        () => false,
        (error) => error.name === 'ResourceNotFoundException',
      ),
    );
    await send(name, ['stays']);
    const found = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl: urlOf(name) }));
    assert.equal(found.Messages![0]!.Body, 'stays');
  });

  test('an updated mapping invokes the new version', async () => {
    const name = await newQueue('moved');
    await client.send(new lambda.PublishVersionCommand({ FunctionName: 'sink' }));
    const uuid = await map(name);
    await update(uuid, { FunctionName: 'sink:1', BatchSize: 1 });
    await state(uuid, 'Enabled');
    assert.equal((await get(uuid)).FunctionArn, arnOf('sink', '1'));
    await send(name, ['x', 'y']);
    await seenBodies(name, 2);
    assert.ok((await seen(name)).every(({ Records }) => Records.length === 1));
  });

  test('what a queue has to be is asked of it', async () => {
    const make = (name: string) =>
      client.send(new lambda.CreateEventSourceMappingCommand({ FunctionName: 'sink', EventSourceArn: queueArn(name) }));
    await newQueue('hasty', { VisibilityTimeout: `${timeoutSeconds - 1}` });
    await fails(
      make('hasty'),
      invalid,
      400,
      'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    );
    await fails(
      make('nowhere'),
      invalid,
      400,
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  });

  test('a mapping that is asked to counts its events', async () => {
    const name = await newQueue('counted');
    const uuid = await map(name, {
      FilterCriteria: { Filters: [{ Pattern: '{"body":["a","b"]}' }] },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
    await send(name, ['a', 'b', 'c']);
    await empty(name);
    const sum = async (MetricName: string) => {
      const { Datapoints } = await metrics.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'EventSourceMappingUUID', Value: uuid }],
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 120_000),
          Period: 60,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints!.reduce((total, { Sum }) => total + Sum!, 0);
    };
    await until('the deletions counted', async () => (await sum('DeletedEventCount')) === 2);
    assert.deepEqual(
      await Promise.all(
        ['PolledEventCount', 'FilteredOutEventCount', 'InvokedEventCount', 'FailedInvokeEventCount'].map(sum),
      ),
      [3, 1, 2, 0],
    );
  });

  test('messages outlast a function that is throttled altogether', async () => {
    await create(client, 'throttled', { Code: { ZipFile: reporting }, Timeout: 1 });
    await settled(client, 'throttled');
    const FunctionName = 'throttled';
    await client.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const name = await newQueue('held-back');
    await map(name, { FunctionName });
    await send(name, ['x']);
    await inFlight(name);
    await client.send(new lambda.DeleteFunctionConcurrencyCommand({ FunctionName }));
    await empty(name);
  });

  test('of a queue that was deleted the mapping tells, and stays', async () => {
    const name = await newQueue('vanishing');
    const uuid = await map(name);
    await queues.send(new sqs.DeleteQueueCommand({ QueueUrl: urlOf(name) }));
    const told = await until('the problem', async () => (await get(uuid)).LastProcessingResult);
    assert.equal(told, 'PROBLEM: The specified queue does not exist.');
    assert.equal((await get(uuid)).State, 'Enabled');
    await client.send(new lambda.DeleteEventSourceMappingCommand({ UUID: uuid }));
  });

  test('of a function that was deleted the mapping tells, and stays', async () => {
    await create(client, 'short-lived');
    await settled(client, 'short-lived');
    const name = await newQueue('orphaned');
    const uuid = await map(name, { FunctionName: 'short-lived' });
    await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'short-lived' }));
    await send(name, ['x']);
    const told = await until('the problem', async () => (await get(uuid)).LastProcessingResult);
    assert.match(told, /^PROBLEM: Function not found/);
    assert.equal(await held(name), 1);
  });
});

test('after a kill -9 mappings poll on, and what was in flight comes again', async () => {
  const name = await newQueue('survivor');
  const uuid = await map(name);
  await send(name, ['hang']);
  await inFlight(name);
  server = await server.restart('SIGKILL');
  connect();
  assert.equal((await get(uuid)).State, 'Enabled');
  await send(name, ['after']);
  await empty(name);
  assert.deepEqual([...new Set(await seenBodies(name, 2))].sort(), ['after', 'hang']);
});
