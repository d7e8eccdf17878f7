// What SQS and CloudWatch Logs measure of themselves, read back from CloudWatch.
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as sqs from '@aws-sdk/client-sqs';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from '../server.ts';
import { account, region } from './lambda-client.ts';

let server: TestServer;
let metrics: CloudWatchClient;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

before(async () => {
  server = await startTestServer();
  options = { endpoint: server.url, region, credentials: { accessKeyId: account, secretAccessKey: 'any' } };
  metrics = new CloudWatchClient(options);
});
after(() => server?.stop());

/** Sum, count and unit of all that a metric measured in the last hour. */
async function measured(Namespace: string, MetricName: string, dimensions: Record<string, string>) {
  const end = Math.ceil(Date.now() / 60_000) * 60_000;
  const { Datapoints = [] } = await metrics.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(end - 3_600_000),
      EndTime: new Date(end),
      Period: 3600,
      Statistics: ['Sum', 'SampleCount'],
    }),
  );
  return Datapoints.map(({ Sum, SampleCount, Unit }) => [Sum, SampleCount, Unit])[0];
}

test('queues measure what was sent, received and deleted, and how large it was', async () => {
  const client = new sqs.SQSClient(options);
  const { QueueUrl } = await client.send(new sqs.CreateQueueCommand({ QueueName: 'q' }));
  await client.send(new sqs.ReceiveMessageCommand({ QueueUrl }));
  await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'four' }));
  const Entries = ['a', 'bc'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
  await client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Messages = [] } = await client.send(
    new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  assert.equal(Messages.length, 3);
  const { ReceiptHandle } = Messages[0]!;
  await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const ofQueue = (metric: string) => measured('AWS/SQS', metric, { QueueName: 'q' });
  assert.deepEqual((await ofQueue('NumberOfMessagesSent'))![0], 3);
  assert.deepEqual(await ofQueue('SentMessageSize'), [7, 3, 'Bytes']);
  assert.deepEqual(await ofQueue('NumberOfEmptyReceives'), [1, 1, 'Count']);
  assert.deepEqual(await ofQueue('NumberOfMessagesReceived'), [3, 1, 'Count']);
  assert.deepEqual(await ofQueue('NumberOfMessagesDeleted'), [1, 1, 'Count']);
});

test('log groups measure the events and bytes that come in, each by itself and in all', async () => {
  const client = new logs.CloudWatchLogsClient(options);
  const put = async (logGroupName: string, messages: string[]) => {
    const name = { logGroupName, logStreamName: 's' };
    await client.send(new logs.CreateLogGroupCommand({ logGroupName }));
    await client.send(new logs.CreateLogStreamCommand(name));
    const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }));
    await client.send(new logs.PutLogEventsCommand({ ...name, logEvents }));
  };
  await put('one', ['hello', 'grüße']);
  await put('two', ['x']);
  assert.deepEqual(await measured('AWS/Logs', 'IncomingBytes', { LogGroupName: 'one' }), [12, 1, 'Bytes']);
  assert.deepEqual(await measured('AWS/Logs', 'IncomingLogEvents', { LogGroupName: 'one' }), [2, 1, 'None']);
  assert.deepEqual((await measured('AWS/Logs', 'IncomingLogEvents', {}))![0], 3);
});
