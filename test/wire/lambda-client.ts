// What the wire tests of Lambda share: a client, small packages, and waiting for a function to settle.
import assert from 'node:assert/strict';
import * as lambda from '@aws-sdk/client-lambda';
import type { TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';

export const account = '123456789012';
export const region = 'eu-west-1';
export const role = `arn:aws:iam::${account}:role/service-role/tester`;
export const arnOf = (name: string, qualifier?: string) =>
  `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;

/** Answers with its event and context. */
export const echoCode = zipOf({
  'index.mjs': 'export const handler = async (event, context) => ({ event, arn: context.invokedFunctionArn });',
});

/** A package of a handler whose body is `body`, with `event` and `context` at hand. */
export const handlerCode = (body: string) =>
  zipOf({ 'index.mjs': `export const handler = async (event, context) => { ${body} };` });

export function lambdaClient(server: TestServer, options: lambda.LambdaClientConfig = {}): lambda.LambdaClient {
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  return new lambda.LambdaClient({ endpoint: server.url, region, credentials, maxAttempts: 1, ...options });
}

/** Input of CreateFunction for a Node.js function, with `changes`. */
export function newFunction(
  name: string,
  changes: Partial<lambda.CreateFunctionCommandInput> = {},
): lambda.CreateFunctionCommandInput {
  return {
    FunctionName: name,
    Runtime: 'nodejs24.x',
    Role: role,
    Handler: 'index.handler',
    Code: { ZipFile: echoCode },
    ...changes,
  };
}

export function create(
  client: lambda.LambdaClient,
  name: string,
  changes: Partial<lambda.CreateFunctionCommandInput> = {},
): Promise<lambda.CreateFunctionCommandOutput> {
  return client.send(new lambda.CreateFunctionCommand(newFunction(name, changes)));
}

/** The function's configuration once it is neither being created nor being updated. */
export async function settled(
  client: lambda.LambdaClient,
  name: string,
  qualifier?: string,
): Promise<lambda.GetFunctionConfigurationCommandOutput> {
  const input = { FunctionName: name, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await client.send(new lambda.GetFunctionConfigurationCommand(input));
    if (found.State === 'Active' && found.LastUpdateStatus === 'Successful') return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return assert.fail(`${name} does not settle`);
}

export interface Invoked extends Omit<lambda.InvokeCommandOutput, 'Payload'> {
  text: string;
  /** The payload as JSON. */
  value: any;
  logs: string;
}

export async function invoke(
  client: lambda.LambdaClient,
  name: string,
  input: Partial<lambda.InvokeCommandInput> = {},
): Promise<Invoked> {
  const { Payload, ...rest } = await client.send(new lambda.InvokeCommand({ FunctionName: name, ...input }));
  const text = Buffer.from(Payload ?? []).toString();
  return {
    ...rest,
    text,
    value: text === '' ? undefined : JSON.parse(text),
    logs: Buffer.from(rest.LogResult ?? '', 'base64').toString(),
  };
}

/** Asserts that a call fails with exactly this. */
export async function fails(
  call: Promise<unknown>,
  name: string,
  status: number,
  message: string | RegExp,
): Promise<lambda.LambdaServiceException> {
  const error = await call.then(
    () => assert.fail(`no ${name}`),
    (thrown) => thrown as lambda.LambdaServiceException,
  );
  const seen = { name: error.name, status: error.$metadata?.httpStatusCode, message: error.message };
  if (typeof message === 'string') assert.deepEqual(seen, { name, status, message });
  else {
    assert.deepEqual([seen.name, seen.status], [name, status], error.message);
    assert.match(error.message, message);
  }
  assert.match(error.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
  return error;
}
