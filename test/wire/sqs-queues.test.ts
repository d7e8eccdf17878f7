// Queues over the wire: creating, finding, changing, sharing and deleting them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, fails, query, queueOf, sqsClient } from './sqs-client.ts';

let server: TestServer;
let client: sqs.SQSClient;
before(async () => {
  server = await startTestServer();
  client = sqsClient(server);
});
after(() => server.stop());

const attributesOf = async (QueueUrl: string, ...names: sqs.QueueAttributeName[]) =>
  (await client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes;

test('a queue is created once, found by its name, and has the defaults of AWS', async () => {
  const QueueUrl = await queueOf(client, 'first');
  assert.equal(QueueUrl, `${server.url}/${account}/first`);
  assert.equal(await queueOf(client, 'first', { VisibilityTimeout: '30' }), QueueUrl);
  assert.equal((await client.send(new sqs.GetQueueUrlCommand({ QueueName: 'first' }))).QueueUrl, QueueUrl);
  const { CreatedTimestamp, LastModifiedTimestamp, ...others } = (await attributesOf(QueueUrl, 'All'))!;
  assert.match(CreatedTimestamp!, /^\d{10}$/);
  assert.equal(LastModifiedTimestamp, CreatedTimestamp);
  assert.deepEqual(others, {
    QueueArn: arnOf('first'),
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    VisibilityTimeout: '30',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
  });
  assert.equal(await attributesOf(QueueUrl), undefined);
});

test('a FIFO queue tells what it is', async () => {
  const QueueUrl = await queueOf(client, 'first.fifo', { FifoQueue: 'true' });
  const told = await attributesOf(
    QueueUrl,
    'FifoQueue',
    'ContentBasedDeduplication',
    'DeduplicationScope',
    'FifoThroughputLimit',
  );
  assert.deepEqual(told, {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  });
});

test('names and attributes that cannot be are refused', async () => {
  const create = (QueueName: string, Attributes = {}) =>
    client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
  const plain = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
  const fifo =
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.';
  const invalid = ['InvalidParameterValue', 'InvalidParameterValue', 400] as const;
  await fails(create('a'.repeat(81)), ...invalid, plain);
  await fails(create('a b'), ...invalid, plain);
  await fails(create('a.fifo'), ...invalid, plain);
  await fails(create('a', { FifoQueue: 'true' }), ...invalid, fifo);
  await queueOf(client, 'a'.repeat(80));
  const value = 'Invalid value for the parameter DelaySeconds.';
  await fails(create('b', { DelaySeconds: '901' }), 'InvalidAttributeValue', 'InvalidAttributeValue', 400, value);
  await fails(
    create('b', { Nonsense: '1' }),
    'InvalidAttributeName',
    'InvalidAttributeName',
    400,
    'Unknown Attribute Nonsense.',
  );
  await queueOf(client, 'b', { DelaySeconds: '1' });
  await fails(
    create('b', { DelaySeconds: '2' }),
    'QueueNameExists',
    'QueueAlreadyExists',
    400,
    'A queue already exists with the same name and a different value for attribute DelaySeconds',
  );
});

test('a queue that is not there is told in the words of either protocol', async () => {
  const QueueUrl = `${server.url}/${account}/absent`;
  const code = 'AWS.SimpleQueueService.NonExistentQueue';
  const text = 'The specified queue does not exist.';
  await fails(client.send(new sqs.GetQueueUrlCommand({ QueueName: 'absent' })), 'QueueDoesNotExist', code, 400, text);
  await fails(client.send(new sqs.PurgeQueueCommand({ QueueUrl })), 'QueueDoesNotExist', code, 400, text);
  const { status, xml } = await query(server.url, { Action: 'GetQueueUrl', QueueName: 'absent' });
  assert.equal(status, 400);
  assert.ok(
    xml.includes(
      `<Error><Type>Sender</Type><Code>${code}</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error>`,
    ),
    xml,
  );
});

test('attributes are changed, and validated against each other', async () => {
  const QueueUrl = await queueOf(client, 'changing', { KmsMasterKeyId: 'key' });
  const set = (Attributes: Record<string, string>) =>
    client.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes }));
  assert.deepEqual(
    await attributesOf(QueueUrl, 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'),
    {
      KmsMasterKeyId: 'key',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    },
  );
  await fails(
    set({ SqsManagedSseEnabled: 'true' }),
    'InvalidAttributeName',
    'InvalidAttributeName',
    400,
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  );
  await set({
    VisibilityTimeout: '69',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('first'), maxReceiveCount: '5' }),
  });
  assert.equal((await attributesOf(QueueUrl, 'VisibilityTimeout'))?.VisibilityTimeout, '69');
  const sources = await client.send(
    new sqs.ListDeadLetterSourceQueuesCommand({ QueueUrl: `${server.url}/${account}/first` }),
  );
  assert.deepEqual(sources.queueUrls, [QueueUrl]);
  const wrong = JSON.stringify({ deadLetterTargetArn: arnOf('first.fifo'), maxReceiveCount: 5 });
  await fails(
    set({ RedrivePolicy: wrong }),
    'InvalidParameterValue',
    'InvalidParameterValue',
    400,
    `Value ${wrong} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
  );
  await set({ RedrivePolicy: '' });
  assert.equal(await attributesOf(QueueUrl, 'RedrivePolicy'), undefined);
});

test('queues are listed by prefix and in pages', async () => {
  for (const name of ['list-c', 'list-a', 'list-b']) await queueOf(client, name);
  const list = (input: sqs.ListQueuesCommandInput) => client.send(new sqs.ListQueuesCommand(input));
  const urls = ['a', 'b', 'c'].map((name) => `${server.url}/${account}/list-${name}`);
  assert.deepEqual((await list({ QueueNamePrefix: 'list-' })).QueueUrls, urls);
  const first = await list({ QueueNamePrefix: 'list-', MaxResults: 2 });
  assert.deepEqual(first.QueueUrls, urls.slice(0, 2));
  const second = await list({ QueueNamePrefix: 'list-', MaxResults: 2, NextToken: first.NextToken });
  assert.deepEqual([second.QueueUrls, second.NextToken], [urls.slice(2), undefined]);
  assert.equal((await list({ QueueNamePrefix: 'none' })).QueueUrls, undefined);
});

test('tags are added, changed and taken away', async () => {
  const { QueueUrl } = await client.send(new sqs.CreateQueueCommand({ QueueName: 'tagged', tags: { a: '1' } }));
  await client.send(new sqs.TagQueueCommand({ QueueUrl, Tags: { a: '2', b: '' } }));
  const tags = async () => (await client.send(new sqs.ListQueueTagsCommand({ QueueUrl }))).Tags;
  assert.deepEqual(await tags(), { a: '2', b: '' });
  await client.send(new sqs.UntagQueueCommand({ QueueUrl, TagKeys: ['b', 'absent'] }));
  assert.deepEqual(await tags(), { a: '2' });
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
  await client.send(new sqs.TagQueueCommand({ QueueUrl, Tags: many(49) }));
  const invalid = ['InvalidParameterValue', 'InvalidParameterValue', 400] as const;
  await fails(
    client.send(new sqs.TagQueueCommand({ QueueUrl, Tags: { one: 'more' } })),
    ...invalid,
    'Too many tags added for queue tagged.',
  );
  const length = 'Tag keys must be between 1 and 128 characters in length.';
  await fails(client.send(new sqs.UntagQueueCommand({ QueueUrl, TagKeys: [] })), ...invalid, length);
  await fails(client.send(new sqs.TagQueueCommand({ QueueUrl, Tags: { ['k'.repeat(129)]: '' } })), ...invalid, length);
});

test('permissions are statements of the policy', async () => {
  const QueueUrl = await queueOf(client, 'shared');
  const permission = { QueueUrl, Label: 'label', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] };
  await client.send(new sqs.AddPermissionCommand(permission));
  assert.deepEqual(JSON.parse((await attributesOf(QueueUrl, 'Policy'))!.Policy!), {
    Version: '2008-10-17',
    Id: `${arnOf('shared')}/SQSDefaultPolicy`,
    Statement: [
      {
        Sid: 'label',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'SQS:ReceiveMessage',
        Resource: arnOf('shared'),
      },
    ],
  });
  const invalid = ['InvalidParameterValue', 'InvalidParameterValue', 400] as const;
  await fails(
    client.send(new sqs.AddPermissionCommand(permission)),
    ...invalid,
    'Value label for parameter Label is invalid. Reason: Already exists.',
  );
  await fails(
    client.send(new sqs.AddPermissionCommand({ ...permission, Actions: [] })),
    'MissingParameter',
    'MissingParameter',
    400,
    'The request must contain the parameter Actions.',
  );
  await fails(
    client.send(new sqs.AddPermissionCommand({ ...permission, AWSAccountIds: [] })),
    ...invalid,
    'Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.',
  );
  await client.send(new sqs.RemovePermissionCommand({ QueueUrl, Label: 'label' }));
  assert.equal(await attributesOf(QueueUrl, 'Policy'), undefined);
  await fails(
    client.send(new sqs.RemovePermissionCommand({ QueueUrl, Label: 'label' })),
    ...invalid,
    "Value label for parameter Label is invalid. Reason: can't find label.",
  );
});

test('a queue of another account is found by its owner', async () => {
  const other = sqsClient(server, { credentials: { accessKeyId: '222222222222', secretAccessKey: 'any' } });
  const QueueUrl = await queueOf(other, 'theirs');
  const found = await client.send(
    new sqs.GetQueueUrlCommand({ QueueName: 'theirs', QueueOwnerAWSAccountId: '222222222222' }),
  );
  assert.equal(found.QueueUrl, QueueUrl);
  await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'to them' }));
  const { Messages } = await other.send(new sqs.ReceiveMessageCommand({ QueueUrl }));
  assert.equal(Messages?.[0]?.Body, 'to them');
});

test('a deleted queue is gone, and its name is free only after a minute', async () => {
  const QueueUrl = await queueOf(client, 'deleted');
  await client.send(new sqs.DeleteQueueCommand({ QueueUrl }));
  await fails(
    queueOf(client, 'deleted'),
    'QueueDeletedRecently',
    'AWS.SimpleQueueService.QueueDeletedRecently',
    400,
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );
});
