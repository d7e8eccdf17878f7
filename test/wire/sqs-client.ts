// What the wire tests of SQS share: a client, and requests of the query protocol as older clients send them.
import assert from 'node:assert/strict';
import * as sqs from '@aws-sdk/client-sqs';
import type { TestServer } from '../server.ts';

export const account = '123456789012';
export const region = 'eu-west-1';
export const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

export function sqsClient(server: TestServer, options: sqs.SQSClientConfig = {}): sqs.SQSClient {
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  return new sqs.SQSClient({ endpoint: server.url, region, credentials, maxAttempts: 1, ...options });
}

/** Makes a queue; its URL. */
export async function queueOf(
  client: sqs.SQSClient,
  QueueName: string,
  Attributes: Record<string, string> = {},
): Promise<string> {
  return (await client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;
}

/** Asserts that a call fails with exactly this; `queryCode` is what `x-amzn-query-error` told. */
export async function fails(
  call: Promise<unknown>,
  name: string,
  queryCode: string,
  status: number,
  message: string,
): Promise<void> {
  const error: any = await call.then(
    () => assert.fail(`no ${name}`),
    (thrown) => thrown,
  );
  const seen = [error.name, error.Code ?? error.Error?.Code, error.$metadata?.httpStatusCode, error.message];
  assert.deepEqual(seen, [name, queryCode, status, message]);
}

const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/sqs/aws4_request, SignedHeaders=host, Signature=0`;

/** Posts a form to `url`. */
export async function query(url: string, form: Record<string, string>): Promise<{ status: number; xml: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2012-11-05', ...form }),
  });
  return { status: response.status, xml: await response.text() };
}
