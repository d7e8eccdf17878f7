// Event source mappings of every kind of source: what they are told, what they answer, and what is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  await create(client, 'fn', { Publish: true });
  await settled(client, 'fn');
});
after(() => server.stop());

type CreateInput = Partial<lambda.CreateEventSourceMappingCommandInput>;
type Mapping = lambda.EventSourceMappingConfiguration;

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const queue = (name: string) => arn('sqs', name);
const stream = (name: string) => arn('kinesis', `stream/${name}`);
const tableStream = (name: string) => arn('dynamodb', `table/${name}/stream/2026-01-31T12:00:00.000`);
const cluster = (name: string) => arn('kafka', `cluster/${name}/3f3f3f3f-3f3f-3f3f-3f3f-3f3f3f3f3f3f-4`);
const secret = arn('secretsmanager', 'secret:broker');
const access = [{ Type: 'BASIC_AUTH' as const, URI: secret }];
const invalid = 'InvalidParameterValueException';
const notThere = 'The resource you requested does not exist.';

/** Maps a source; queues are made before. */
async function map(input: CreateInput) {
  const name = /^arn:aws:sqs:.*:([^:]+)$/.exec(input.EventSourceArn ?? '')?.[1];
  if (name !== undefined) {
    const credentials = { accessKeyId: account, secretAccessKey: 'any' };
    const queues = new sqs.SQSClient({ endpoint: server.url, region, credentials });
    const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    await queues.send(new sqs.CreateQueueCommand({ QueueName: name, Attributes }));
    queues.destroy();
  }
  return client.send(new lambda.CreateEventSourceMappingCommand({ FunctionName: 'fn', ...input }));
}
const update = (UUID: string, input: Omit<lambda.UpdateEventSourceMappingCommandInput, 'UUID'>) =>
  client.send(new lambda.UpdateEventSourceMappingCommand({ UUID, ...input }));
const get = (UUID: string) => client.send(new lambda.GetEventSourceMappingCommand({ UUID }));
const unmap = (UUID: string) => client.send(new lambda.DeleteEventSourceMappingCommand({ UUID }));
const list = (input: lambda.ListEventSourceMappingsCommandInput) =>
  client.send(new lambda.ListEventSourceMappingsCommand(input));

/** A mapping once it is Enabled or Disabled. */
async function rested(uuid: string): Promise<Mapping> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await get(uuid);
    if (found.State === 'Enabled' || found.State === 'Disabled') return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return assert.fail(`${uuid} does not settle`);
}

/** Waits until a deleted mapping is gone. */
async function gone(uuid: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await get(uuid).catch((error) => error as lambda.LambdaServiceException);
    if (found instanceof lambda.ResourceNotFoundException) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`${uuid} stays`);
}

/** All that is no UUID and no time; asserts the status of the answer and that these are there. */
function rest({ $metadata, UUID, EventSourceMappingArn, LastModified, ...others }: Mapping & { $metadata?: any }) {
  assert.match(UUID!, /^[0-9a-f-]{36}$/);
  assert.equal(EventSourceMappingArn, arnOf('').replace('function:', `event-source-mapping:${UUID}`));
  assert.ok(Math.abs(LastModified!.getTime() - Date.now()) < 60_000);
  return { status: $metadata?.httpStatusCode, ...others };
}

test('a queue: defaults, life, and disabling', async () => {
  const made = await map({ EventSourceArn: queue('life') });
  const shown = {
    BatchSize: 10,
    EventSourceArn: queue('life'),
    FunctionArn: arnOf('fn'),
    FunctionResponseTypes: [],
    MaximumBatchingWindowInSeconds: 0,
    StateTransitionReason: 'USER_INITIATED',
  };
  assert.deepEqual(rest(made), { status: 202, ...shown, State: 'Creating' });
  const uuid = made.UUID!;
  assert.deepEqual(rest(await rested(uuid)), { status: 200, ...shown, State: 'Enabled' });
  assert.deepEqual(rest(await update(uuid, { Enabled: false })), { status: 202, ...shown, State: 'Disabling' });
  assert.equal((await rested(uuid)).State, 'Disabled');
  assert.equal((await update(uuid, { BatchSize: 5 })).State, 'Updating');
  assert.equal((await rested(uuid)).State, 'Disabled');
  assert.equal((await update(uuid, { Enabled: true })).State, 'Enabling');
  assert.deepEqual(rest(await rested(uuid)), { status: 200, ...shown, BatchSize: 5, State: 'Enabled' });
  assert.deepEqual(rest(await unmap(uuid)), { status: 202, ...shown, BatchSize: 5, State: 'Deleting' });
  await gone(uuid);
  await fails(get(uuid), 'ResourceNotFoundException', 404, notThere);
});

test('a queue: every setting, and taking it away again', async () => {
  const filters = { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] };
  const made = await map({
    EventSourceArn: queue('all'),
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 300,
    Enabled: false,
    FilterCriteria: filters,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
    MetricsConfig: { Metrics: ['EventCount'] },
    Tags: { a: 'b' },
  });
  assert.deepEqual(rest(made), {
    status: 202,
    BatchSize: 10_000,
    EventSourceArn: queue('all'),
    FilterCriteria: filters,
    FunctionArn: arnOf('fn'),
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumBatchingWindowInSeconds: 300,
    MetricsConfig: { Metrics: ['EventCount'] },
    ScalingConfig: { MaximumConcurrency: 2 },
    State: 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
  });
  assert.equal((await rested(made.UUID!)).State, 'Disabled');
  const bare = await update(made.UUID!, {
    FilterCriteria: {},
    ScalingConfig: {},
    MetricsConfig: { Metrics: [] },
    FunctionResponseTypes: [],
  });
  assert.deepEqual(
    [bare.FilterCriteria, bare.ScalingConfig, bare.MetricsConfig, bare.FunctionResponseTypes],
    [undefined, undefined, undefined, []],
  );
  await rested(made.UUID!);
  const pollers = await update(made.UUID!, { ProvisionedPollerConfig: { MinimumPollers: 3 } });
  assert.deepEqual(pollers.ProvisionedPollerConfig, { MinimumPollers: 3, MaximumPollers: 200 });
});

test('streams show all their defaults', async () => {
  for (const source of [stream('defaults'), tableStream('defaults')]) {
    const made = await map({ EventSourceArn: source, StartingPosition: 'LATEST' });
    assert.deepEqual(rest(made), {
      status: 202,
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: source,
      FunctionArn: arnOf('fn'),
      FunctionResponseTypes: [],
      LastProcessingResult: 'No records processed',
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: 'LATEST',
      State: 'Creating',
      StateTransitionReason: 'User action',
      TumblingWindowInSeconds: 0,
    });
  }
});

test('streams take every setting', async () => {
  const StartingPositionTimestamp = new Date(1_700_000_000_000);
  const settings = {
    BatchSize: 1,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: queue('failed') } },
    MaximumRecordAgeInSeconds: 60,
    MaximumRetryAttempts: 0,
    ParallelizationFactor: 10,
    TumblingWindowInSeconds: 900,
  };
  const made = await map({
    EventSourceArn: stream('all'),
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp,
    ...settings,
  });
  const { StartingPositionTimestamp: from, ...found } = await rested(made.UUID!);
  assert.deepEqual(from, StartingPositionTimestamp);
  assert.partialDeepStrictEqual(found, settings);
  const cleared = await update(made.UUID!, { DestinationConfig: { OnFailure: { Destination: '' } } });
  assert.deepEqual(cleared.DestinationConfig, { OnFailure: {} });
});

test('Kafka, managed and self-managed', async () => {
  const managed = await map({ EventSourceArn: cluster('one'), Topics: ['orders'], StartingPosition: 'TRIM_HORIZON' });
  assert.deepEqual(rest(managed), {
    status: 202,
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: managed.UUID },
    BatchSize: 100,
    EventSourceArn: cluster('one'),
    FunctionArn: arnOf('fn'),
    LastProcessingResult: 'No records processed',
    StartingPosition: 'TRIM_HORIZON',
    State: 'Creating',
    StateTransitionReason: 'USER_INITIATED',
    Topics: ['orders'],
  });
  const SelfManagedEventSource = { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka.example.org:9092'] } };
  const own = await map({
    SelfManagedEventSource,
    Topics: ['orders'],
    SourceAccessConfigurations: access,
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group' },
    ProvisionedPollerConfig: { MaximumPollers: 5 },
    MaximumRetryAttempts: 3,
    DestinationConfig: { OnFailure: { Destination: 'kafka://failed' } },
  });
  assert.deepEqual(rest(own), {
    status: 202,
    BatchSize: 100,
    DestinationConfig: { OnFailure: { Destination: 'kafka://failed' } },
    FunctionArn: arnOf('fn'),
    LastProcessingResult: 'No records processed',
    MaximumRetryAttempts: 3,
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 5 },
    SelfManagedEventSource,
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group' },
    SourceAccessConfigurations: access,
    StartingPosition: 'TRIM_HORIZON',
    State: 'Creating',
    StateTransitionReason: 'USER_INITIATED',
    Topics: ['orders'],
  });
  await rested(own.UUID!);
  await fails(
    update(own.UUID!, { SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'other' } }),
    invalid,
    400,
    /ConsumerGroupId/,
  );
  await fails(
    map({ SelfManagedEventSource, Topics: ['orders'], SourceAccessConfigurations: access }),
    'ResourceConflictException',
    409,
    `An event source mapping with event source ("kafka.example.org:9092"), function ("${arnOf('fn')}"), topics ("orders") already exists. Please update or delete the existing mapping with UUID ${own.UUID}`,
  );
  await map({ SelfManagedEventSource, Topics: ['others'], SourceAccessConfigurations: access });
});

test('MQ and DocumentDB', async () => {
  const broker = arn('mq', 'broker:one:b-1234');
  const mq = await map({ EventSourceArn: broker, Queues: ['jobs'], SourceAccessConfigurations: access });
  assert.deepEqual(rest(mq), {
    status: 202,
    BatchSize: 100,
    EventSourceArn: broker,
    FunctionArn: arnOf('fn'),
    LastProcessingResult: 'No records processed',
    Queues: ['jobs'],
    SourceAccessConfigurations: access,
    State: 'Creating',
    StateTransitionReason: 'USER_INITIATED',
  });
  const documents = await map({
    EventSourceArn: arn('rds', 'cluster:documents'),
    StartingPosition: 'LATEST',
    DocumentDBEventSourceConfig: { DatabaseName: 'shop', CollectionName: 'orders' },
    SourceAccessConfigurations: access,
  });
  assert.deepEqual(documents.DocumentDBEventSourceConfig, {
    DatabaseName: 'shop',
    CollectionName: 'orders',
    FullDocument: 'Default',
  });
});

test('functions are named as elsewhere, and mappings found by what they were made for', async () => {
  const versions = await Promise.all([
    map({ EventSourceArn: queue('named'), FunctionName: 'fn:1' }),
    map({ EventSourceArn: queue('named'), FunctionName: arnOf('fn', '$LATEST') }),
    map({ EventSourceArn: queue('named'), FunctionName: `${account}:function:fn` }),
  ]);
  assert.deepEqual(
    versions.map((each) => each.FunctionArn),
    [arnOf('fn', '1'), arnOf('fn', '$LATEST'), arnOf('fn')],
  );
  const uuids = (found: { EventSourceMappings?: Mapping[] }) => found.EventSourceMappings!.map((each) => each.UUID!);
  assert.deepEqual(uuids(await list({ FunctionName: 'fn:1' })), [versions[0]!.UUID]);
  assert.deepEqual(uuids(await list({ EventSourceArn: queue('named'), FunctionName: 'fn' })), [versions[2]!.UUID]);
  const all = uuids(await list({ EventSourceArn: queue('named') }));
  assert.deepEqual([...all].sort(), versions.map((each) => each.UUID!).sort());
  assert.deepEqual(uuids(await list({ EventSourceArn: queue('elsewhere') })), []);

  const pages: string[] = [];
  for await (const page of lambda.paginateListEventSourceMappings(
    { client, pageSize: 2 },
    { EventSourceArn: queue('named') },
  )) {
    assert.ok(page.EventSourceMappings!.length <= 2);
    pages.push(...uuids(page));
  }
  assert.deepEqual(pages, all);
  await fails(list({ Marker: 'nonsense' }), invalid, 400, 'Invalid Marker');
});

test('one function has no source twice', async () => {
  const { UUID } = await map({ EventSourceArn: queue('twice') });
  await fails(
    map({ EventSourceArn: queue('twice') }),
    'ResourceConflictException',
    409,
    `An event source mapping with SQS arn (" ${queue('twice')} ") and function (" fn ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
  );
  const second = await map({ EventSourceArn: queue('twice'), FunctionName: 'fn:1' });
  await rested(second.UUID!);
  await fails(update(second.UUID!, { FunctionName: 'fn' }), 'ResourceConflictException', 409, /already exists/);
  const { UUID: streamed } = await map({ EventSourceArn: stream('twice'), StartingPosition: 'LATEST' });
  await fails(
    map({ EventSourceArn: stream('twice'), StartingPosition: 'LATEST' }),
    'ResourceConflictException',
    409,
    `The event source arn (" ${stream('twice')} ") and function (" fn ") provided mapping already exists. Please update or delete the existing mapping with UUID ${streamed}`,
  );
});

test('what is not there is refused, first of all by what was said of it', async () => {
  const unknown = '3f3f3f3f-3f3f-3f3f-3f3f-3f3f3f3f3f3f';
  for (const call of [get, unmap, (uuid: string) => update(uuid, { BatchSize: 1 })]) {
    const error = await fails(call(unknown), 'ResourceNotFoundException', 404, notThere);
    assert.equal((error as lambda.ResourceNotFoundException).Type, 'User');
  }
  const FunctionName = 'missing';
  await fails(map({ FunctionName }), invalid, 400, 'Unrecognized event source.');
  await fails(map({ EventSourceArn: arn('s3', 'bucket') }), invalid, 400, 'Unrecognized event source.');
  await fails(map({ SelfManagedEventSource: {} }), invalid, 400, 'Unrecognized event source.');
  await fails(map({ FunctionName, EventSourceArn: queue('q') }), invalid, 400, 'Function does not exist');
  await fails(map({ FunctionName: 'fn:9', EventSourceArn: queue('q') }), invalid, 400, 'Function does not exist');
  const DestinationConfig = { OnSuccess: { Destination: queue('other') } };
  await fails(
    map({ FunctionName, EventSourceArn: queue('q'), DestinationConfig }),
    invalid,
    400,
    'Unsupported DestinationConfig parameter for given event source mapping type.',
  );
});

test('where a stream is read from', async () => {
  const at = (EventSourceArn: string, StartingPosition: any, time?: number) =>
    map({
      EventSourceArn,
      ...(StartingPosition === undefined ? {} : { StartingPosition }),
      ...(time === undefined ? {} : { StartingPositionTimestamp: new Date(time * 1000) }),
    });
  for (const source of [stream('s'), tableStream('t'), queue('q')]) {
    await fails(
      at(source, '0'),
      'ValidationException',
      400,
      "1 validation error detected: Value '0' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
    );
  }
  const onlyAt = 'Timestamp only valid with StartingPosition AT_TIMESTAMP';
  await fails(at(stream('s'), 'LATEST', 1), invalid, 400, onlyAt);
  await fails(at(tableStream('t'), 'LATEST', 1), invalid, 400, onlyAt);
  await fails(at(queue('q'), 'LATEST', 1), invalid, 400, 'StartingPosition is not valid for SQS event sources.');
  await fails(
    at(stream('s'), 'AT_TIMESTAMP', -1),
    invalid,
    400,
    'Received Exception while reading from provided stream. class java.lang.Long can not be converted to a Timestamp',
  );
  await fails(
    at(tableStream('t'), 'AT_TIMESTAMP', -1),
    invalid,
    400,
    `Unsupported starting position for arn type: ${tableStream('t')}`,
  );
  await fails(
    at(stream('s'), undefined),
    invalid,
    400,
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
  );
});

test('limits at their edge and one beyond', async () => {
  const EventSourceArn = queue('limits');
  const window = 'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10';
  await fails(map({ EventSourceArn, BatchSize: 11 }), invalid, 400, window);
  const { UUID } = await map({ EventSourceArn, BatchSize: 11, MaximumBatchingWindowInSeconds: 1 });
  await rested(UUID!);
  await fails(update(UUID!, { MaximumBatchingWindowInSeconds: 0 }), invalid, 400, window);
  await fails(
    map({ EventSourceArn, BatchSize: 10_001 }),
    'ValidationException',
    400,
    "1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
  );
  const fifo = queue('limits.fifo');
  await fails(
    map({ EventSourceArn: fifo, MaximumBatchingWindowInSeconds: 1 }),
    invalid,
    400,
    'Batching window is not supported for FIFO queues',
  );
  await fails(map({ EventSourceArn: fifo, BatchSize: 11 }), invalid, 400, /between 1 and 10 inclusive$/);
  assert.equal((await map({ EventSourceArn: fifo, BatchSize: 10 })).BatchSize, 10);
  const filters = (count: number) => ({
    Filters: Array.from({ length: count }, () => ({ Pattern: '{"body":["x"]}' })),
  });
  await fails(map({ EventSourceArn, FilterCriteria: filters(6) }), invalid, 400, /6 exceeds the limit of 5/);
  assert.equal((await update(UUID!, { FilterCriteria: filters(5) })).FilterCriteria!.Filters!.length, 5);
  const aged = (MaximumRecordAgeInSeconds: number) =>
    map({ EventSourceArn: stream('aged'), StartingPosition: 'LATEST', MaximumRecordAgeInSeconds });
  await fails(aged(59), invalid, 400, /-1 or between 60 and 604800/);
  assert.equal((await aged(60)).MaximumRecordAgeInSeconds, 60);
  await fails(
    map({ EventSourceArn: queue('pollers'), ProvisionedPollerConfig: { MinimumPollers: 1 } }),
    invalid,
    400,
    /between 2 and 2000/,
  );
});

test('filters that are no patterns, and settings of other kinds of sources', async () => {
  const EventSourceArn = queue('refused');
  for (const Pattern of [undefined, '', 'text', '[]', '{}', '{"eventSource":"aws:sqs"}', '{"eventSource":[]}']) {
    const Filters = [Pattern === undefined ? {} : { Pattern }];
    await fails(
      map({ EventSourceArn, FilterCriteria: { Filters } }),
      invalid,
      400,
      'Invalid filter pattern definition.',
    );
  }
  await fails(
    map({ EventSourceArn, ParallelizationFactor: 2 }),
    invalid,
    400,
    'Unsupported ParallelizationFactor parameter for given event source mapping type.',
  );
  const kafka: CreateInput = { EventSourceArn: cluster('refused'), Topics: ['topic'], StartingPosition: 'LATEST' };
  await fails(
    map({ ...kafka, MaximumRetryAttempts: 1 }),
    invalid,
    400,
    "Unsupported 'maximumRetryAttempts' parameter for given event source mapping type.",
  );
  await fails(
    map({ SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:1'] } }, Topics: ['topic'] }),
    invalid,
    400,
    "Required 'sourceAccessConfigurations' parameter is missing.",
  );
  await fails(
    map({ EventSourceArn: cluster('refused'), StartingPosition: 'LATEST' }),
    invalid,
    400,
    "Required 'topics' parameter is missing.",
  );
  await fails(
    map({ EventSourceArn, KMSKeyArn: arn('kms', 'key/1') }),
    invalid,
    400,
    'KMSKeyArn is not supported by this release of Lambent.',
  );
});

test('tags of a mapping, with what they may be', async () => {
  const made = await map({ EventSourceArn: queue('tagged'), Tags: { a: 'b' } });
  const Resource = made.EventSourceMappingArn!;
  const tags = async () => (await client.send(new lambda.ListTagsCommand({ Resource }))).Tags;
  assert.deepEqual(await tags(), { a: 'b' });
  await client.send(new lambda.TagResourceCommand({ Resource, Tags: { c: 'd' } }));
  await client.send(new lambda.UntagResourceCommand({ Resource, TagKeys: ['a', 'x'] }));
  assert.deepEqual(await tags(), { c: 'd' });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}`, 'v']));
  await fails(
    client.send(new lambda.TagResourceCommand({ Resource, Tags: many })),
    invalid,
    400,
    'Number of tags exceeds resource tag limit.',
  );
  await unmap((await rested(made.UUID!)).UUID!);
  await gone(made.UUID!);
  await fails(client.send(new lambda.ListTagsCommand({ Resource })), 'ResourceNotFoundException', 404, notThere);
});

test('mappings outlive their function and the server', async () => {
  await create(client, 'brief');
  const { UUID } = await map({ FunctionName: 'brief', EventSourceArn: queue('outlives'), Enabled: false });
  const { UUID: cut } = await map({ FunctionName: 'brief', EventSourceArn: queue('cut') });
  await rested(UUID!);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'brief' }));
  assert.equal((await get(UUID!)).FunctionArn, arnOf('brief'));
  await rested(cut!);
  await unmap(cut!);
  server = await server.restart('SIGKILL');
  client = lambdaClient(server);
  assert.equal((await get(UUID!)).State, 'Disabled');
  await gone(cut!);
});
