// Messages over the wire: both protocols, batches, limits, and what survives a crash.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, fails, query, queueOf, sqsClient } from './sqs-client.ts';

let server: TestServer;
let client: sqs.SQSClient;
before(async () => {
  server = await startTestServer();
  client = sqsClient(server);
});
after(() => server.stop());

const invalid = ['InvalidParameterValue', 'InvalidParameterValue', 400] as const;

test('a message comes with its attributes, and the client finds its digests right', async () => {
  const QueueUrl = await queueOf(client, 'attributes');
  const MessageAttributes = {
    text: { DataType: 'String.kind', StringValue: 'ü' },
    number: { DataType: 'Number', StringValue: '1.5' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
  };
  const sent = await client.send(
    new sqs.SendMessageCommand({
      QueueUrl,
      MessageBody: 'body',
      MessageGroupId: 'tenant',
      MessageAttributes,
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-a' } },
    }),
  );
  assert.match(sent.MD5OfMessageSystemAttributes!, /^[0-9a-f]{32}$/);
  const { Messages } = await client.send(
    new sqs.ReceiveMessageCommand({
      QueueUrl,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  const [message] = Messages!;
  assert.equal(message!.MessageId, sent.MessageId);
  assert.equal(message!.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual(message!.MessageAttributes, MessageAttributes);
  const { SentTimestamp, ApproximateFirstReceiveTimestamp, ...attributes } = message!.Attributes!;
  assert.ok(Number(SentTimestamp) <= Number(ApproximateFirstReceiveTimestamp));
  assert.deepEqual(attributes, {
    SenderId: account,
    ApproximateReceiveCount: '1',
    MessageGroupId: 'tenant',
    AWSTraceHeader: 'Root=1-a',
  });
  await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle! }));
});

test('a message of one mebibyte is taken, one byte more is not', async () => {
  const QueueUrl = await queueOf(client, 'large');
  const send = (bytes: number) => client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'a'.repeat(bytes) }));
  await send(1_048_576);
  await fails(
    send(1_048_577),
    ...invalid,
    'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
  );
  const entry = (Id: string, bytes: number) => ({ Id, MessageBody: 'a'.repeat(bytes) });
  const batch = (last: number) =>
    client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: [entry('1', 1_000_000), entry('2', last)] }));
  assert.equal((await batch(48_576)).Successful?.length, 2);
  await fails(
    batch(48_577),
    'BatchRequestTooLong',
    'AWS.SimpleQueueService.BatchRequestTooLong',
    400,
    'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
  );
});

test('what is missing or out of range is refused', async () => {
  const QueueUrl = await queueOf(client, 'refusals');
  const missing = ['MissingParameter', 'MissingParameter', 400] as const;
  const send = (input: object) => client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'm', ...input }));
  await fails(send({ MessageBody: '' }), ...missing, 'The request must contain the parameter MessageBody.');
  await fails(
    send({ DelaySeconds: 901 }),
    ...invalid,
    'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
  );
  await fails(
    send({ MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } }),
    ...invalid,
    "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
  );
  await fails(
    send({ MessageBody: '\u0001' }),
    'InvalidMessageContents',
    'InvalidMessageContents',
    400,
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
  const receive = (input: object) => client.send(new sqs.ReceiveMessageCommand({ QueueUrl, ...input }));
  await fails(
    receive({ MaxNumberOfMessages: 11 }),
    ...invalid,
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  );
  await fails(
    receive({ WaitTimeSeconds: 21 }),
    ...invalid,
    'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  );
  await fails(
    client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' })),
    'ReceiptHandleIsInvalid',
    'ReceiptHandleIsInvalid',
    404,
    'The input receipt handle "garbage" is not a valid receipt handle.',
  );
});

test('a batch is refused whole where its entries cannot be told apart', async () => {
  const QueueUrl = await queueOf(client, 'batches');
  const remove = (ids: string[]) =>
    client.send(
      new sqs.DeleteMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'garbage' })) }),
    );
  const code = (name: string) => [name, `AWS.SimpleQueueService.${name}`, 400] as const;
  await fails(
    remove([]),
    ...code('EmptyBatchRequest'),
    'There should be at least one DeleteMessageBatchRequestEntry in the request.',
  );
  await fails(
    remove([...'abcdefghijk']),
    ...code('TooManyEntriesInBatchRequest'),
    'Maximum number of entries per request are 10. You have sent 11.',
  );
  await fails(remove(['a', 'a']), ...code('BatchEntryIdsNotDistinct'), 'Id a repeated.');
  await fails(
    remove(['a:b']),
    ...code('InvalidBatchEntryId'),
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
  assert.deepEqual((await remove(['a'])).Failed, [
    {
      Id: 'a',
      SenderFault: true,
      Code: 'ReceiptHandleIsInvalid',
      Message: 'The input receipt handle "garbage" is not a valid receipt handle.',
    },
  ]);
});

test('a FIFO queue asks for a group and a way to tell duplicates', async () => {
  const QueueUrl = await queueOf(client, 'strict.fifo', { FifoQueue: 'true' });
  const group = 'The request must contain the parameter MessageGroupId.';
  const duplicates =
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
  const send = (input: object) => client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'm', ...input }));
  await fails(send({}), 'MissingParameter', 'MissingParameter', 400, group);
  await fails(send({ MessageGroupId: 'g' }), ...invalid, duplicates);
  const batch = (input: object) =>
    client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'm', ...input }] }));
  await fails(batch({}), ...invalid, group);
  await fails(batch({ MessageGroupId: 'g' }), ...invalid, duplicates);
  await fails(
    send({ MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 }),
    ...invalid,
    'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  );
});

test('a client of the query protocol sends, receives and deletes at the URL of a queue', async () => {
  const { xml: created } = await query(server.url, {
    Action: 'CreateQueue',
    QueueName: 'older',
    'Attribute.1.Name': 'VisibilityTimeout',
    'Attribute.1.Value': '40',
  });
  const url = /<CreateQueueResult><QueueUrl>([^<]+)</.exec(created)?.[1];
  assert.equal(url, `${server.url}/${account}/older`);
  const { xml: sent } = await query(url!, {
    Action: 'SendMessageBatch',
    'SendMessageBatchRequestEntry.1.Id': 'a',
    'SendMessageBatchRequestEntry.1.MessageBody': 'hello',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'n',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'v',
  });
  assert.match(sent, /<SendMessageBatchResultEntry><Id>a<\/Id><MessageId>[0-9a-f-]{36}</);
  const { xml: received } = await query(url!, {
    Action: 'ReceiveMessage',
    'AttributeName.1': 'ApproximateReceiveCount',
    'MessageAttributeName.1': 'All',
  });
  assert.match(received, /<Message><MessageId>[0-9a-f-]{36}<\/MessageId><ReceiptHandle>AQEB/);
  assert.match(received, /<MD5OfBody>5d41402abc4b2a76b9719d911017c592<\/MD5OfBody>/);
  assert.ok(received.includes('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>'), received);
  assert.match(received, /<MessageAttribute><Name>n<\/Name><Value>.*<StringValue>v<\/StringValue>/);
  const handle = /<ReceiptHandle>([^<]+)</.exec(received)![1]!;
  const { status, xml } = await query(url!, { Action: 'DeleteMessage', ReceiptHandle: handle });
  assert.equal(status, 200);
  assert.match(xml, /<DeleteMessageResponse [^>]*><ResponseMetadata>/);
  const { xml: told } = await query(url!, { Action: 'GetQueueAttributes', 'AttributeName.1': 'VisibilityTimeout' });
  assert.ok(told.includes('<Attribute><Name>VisibilityTimeout</Name><Value>40</Value></Attribute>'), told);
  const { xml: refused } = await query(url!, { Action: 'SendMessage' });
  assert.ok(refused.includes('<Code>MissingParameter</Code>'), refused);
});

test('a client that hangs up while it waits takes no message with it', async () => {
  const QueueUrl = await queueOf(client, 'hung-up');
  const abort = new AbortController();
  const waiting = client.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: abort.signal,
  });
  setTimeout(() => abort.abort(), 200);
  await assert.rejects(waiting, { name: 'AbortError' });
  const stays = client.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
  assert.equal((await stays).Messages?.[0]?.Body, 'kept');
});

test('messages, their deliveries and their order are there after the server was killed', async () => {
  const standard = await queueOf(client, 'durable');
  const fifo = await queueOf(client, 'durable.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: `m${index}` }));
  await client.send(new sqs.SendMessageBatchCommand({ QueueUrl: standard, Entries }));
  await client.send(
    new sqs.SendMessageBatchCommand({
      QueueUrl: fifo,
      Entries: Entries.map((entry) => ({ ...entry, MessageGroupId: 'g' })),
    }),
  );
  const receive = (QueueUrl: string, MaxNumberOfMessages: number) =>
    client.send(new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages }));
  const first = (await receive(standard, 3)).Messages!;
  assert.equal((await receive(fifo, 1)).Messages?.[0]?.Body, 'm0');
  const path = (url: string) => new URL(url).pathname;
  server = await server.restart('SIGKILL');
  client = sqsClient(server);
  const now = (url: string) => server.url + path(url);
  const rest = (await receive(now(standard), 10)).Messages!;
  assert.deepEqual(
    [...first, ...rest].map(({ Body }) => Body).sort(),
    Entries.map(({ MessageBody }) => MessageBody),
  );
  assert.equal((await receive(now(fifo), 10)).Messages, undefined);
  await client.send(new sqs.DeleteMessageCommand({ QueueUrl: now(standard), ReceiptHandle: first[0]!.ReceiptHandle! }));
  const { Attributes } = await client.send(
    new sqs.GetQueueAttributesCommand({
      QueueUrl: now(standard),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  assert.deepEqual(Attributes, { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '9' });
  const again = await client.send(
    new sqs.SendMessageCommand({ QueueUrl: now(fifo), MessageBody: 'm0', MessageGroupId: 'g' }),
  );
  const counts = await client.send(
    new sqs.GetQueueAttributesCommand({ QueueUrl: now(fifo), AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  assert.match(again.SequenceNumber!, /^\d{20}$/);
  assert.deepEqual(counts.Attributes, { ApproximateNumberOfMessages: '9' });
});
