// Requests of the query protocol in URLs: GET of a queue's URL, signed or not, as scripts and old clients make them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type * as sqs from '@aws-sdk/client-sqs';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, queueOf, sqsClient } from './sqs-client.ts';

let server: TestServer;
let client: sqs.SQSClient;
let url: string;
before(async () => {
  server = await startTestServer();
  client = sqsClient(server, { region: 'us-east-1' });
  url = await queueOf(client, 'reached-by-url');
});
after(() => server.stop());

const signature = `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`;

async function get(address: string, parameters: Record<string, string> = {}, authorization?: string) {
  const query = new URLSearchParams(parameters);
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await fetch(query.size === 0 ? address : `${address}?${query}`, { headers });
  return { status: response.status, xml: await response.text() };
}

for (const [how, authorization] of [
  ['unsigned', undefined],
  ['signed', signature],
] as const) {
  test(`a queue's URL takes an ${how} action`, async () => {
    const told = await get(url, { Action: 'GetQueueAttributes', 'AttributeName.1': 'QueueArn' }, authorization);
    assert.equal(told.status, 200);
    const arn = arnOf('reached-by-url').replace('eu-west-1', 'us-east-1');
    assert.ok(told.xml.includes(`<Attribute><Name>QueueArn</Name><Value>${arn}</Value></Attribute>`), told.xml);
    const sent = await get(url, { Action: 'SendMessage', MessageBody: how, Version: '2012-11-05' }, authorization);
    assert.equal(sent.status, 200);
    const received = await get(url, { Action: 'ReceiveMessage' }, authorization);
    assert.match(received.xml, new RegExp(`<Body>${how}</Body>`));
    assert.match((await get(url, { Action: 'ReceiveMessage' }, authorization)).xml, /<ReceiveMessageResult\s*\/>/);
  });

  test(`a queue's URL refuses ${how} actions that are not a queue's`, async () => {
    for (const Action of ['FooBar', 'ListQueues', 'CreateQueue']) {
      const { status, xml } = await get(url, { Action, QueueName: 'other' }, authorization);
      assert.equal(status, 400);
      assert.ok(
        xml.includes(
          `<Type>Sender</Type><Code>InvalidAction</Code><Message>The action ${Action} is not valid for this endpoint.</Message>`,
        ),
        xml,
      );
    }
    const missing = await get(url, { Action: 'SendMessage' }, authorization);
    assert.match(
      missing.xml,
      /<Code>MissingParameter<.*<Message>The request must contain the parameter MessageBody\.</,
    );
  });

  test(`a queue's URL without an action is an unknown operation (${how})`, async () => {
    assert.deepEqual(await get(url, {}, authorization), { status: 404, xml: '<UnknownOperationException/>' });
  });
}

test('the version alone tells that an unsigned request is for SQS', async () => {
  const { status, xml } = await get(server.url, { Action: 'ListQueues', Version: '2012-11-05' });
  assert.equal(status, 200);
  assert.match(xml, /^<ListQueuesResponse/);
});
