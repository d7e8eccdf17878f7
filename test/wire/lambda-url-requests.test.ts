// Requests to function URLs: the event, the answer, cross-origin rules, permissions, streaming.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { sign } from './sign.ts';
import { account, create, handlerCode, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(async () => {
  client.destroy();
  await server.stop();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  text: string;
}

interface Asked {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** A request to `url` at the server's own address, with the URL's host in its headers, whether or not that resolves. */
function call(url: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { host, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: server.port, method, path: `${pathname}${search}`, headers: { host, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode!, headers: response.headers, body: bytes, text: bytes.toString() });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const allow = (FunctionName: string, input: Partial<lambda.AddPermissionCommandInput> = {}) =>
  client.send(
    new lambda.AddPermissionCommand({
      FunctionName,
      StatementId: 'url',
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
      ...input,
    }),
  );

async function urlOf(
  name: string,
  code: Uint8Array,
  input: Partial<lambda.CreateFunctionUrlConfigCommandInput> = {},
): Promise<string> {
  await create(client, name, { Code: { ZipFile: code } });
  await settled(client, name);
  const made = await client.send(
    new lambda.CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType: 'NONE', ...input }),
  );
  return made.FunctionUrl!;
}

const echo = handlerCode('return event;');
/** Returns what the request's body says, or nothing. */
const returning = handlerCode('return event.body === undefined ? undefined : JSON.parse(event.body);');

test('the event has all of the request in AWS’s form', async () => {
  const url = await urlOf('echo', echo);
  await allow('echo');
  const { status, headers, text } = await call(`${url}a%20b/c?x=1&x=2&y=%C3%A9&z`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'ExTrA-HeadErs': 'WeiRd', Cookie: 'a=1; b=2', 'User-Agent': 'test' },
    body: '{"foo":"bar"}',
  });
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/json');
  assert.match(String(headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
  const event = JSON.parse(text);
  const { host, hostname } = new URL(url);
  const id = host.split('.')[0];
  const { requestId, time, timeEpoch } = event.requestContext;
  const traceId = event.headers['x-amzn-trace-id'];
  assert.match(traceId, /^Root=1-/);
  assert.match(time, /^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  assert.ok(Math.abs(timeEpoch - Date.now()) < 60_000);
  assert.deepEqual(event, {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a%20b/c',
    rawQueryString: 'x=1&x=2&y=%C3%A9&z',
    cookies: ['a=1', 'b=2'],
    headers: {
      host,
      'content-type': 'application/json',
      'content-length': '13',
      'extra-headers': 'WeiRd',
      'user-agent': 'test',
      'x-amzn-trace-id': traceId,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(server.port),
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { x: '1,2', y: 'é', z: '' },
    requestContext: {
      accountId: 'anonymous',
      apiId: id,
      domainName: hostname,
      domainPrefix: id,
      http: { method: 'POST', path: '/a b/c', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time,
      timeEpoch,
    },
    body: '{"foo":"bar"}',
    isBase64Encoded: false,
  });
});

test('bodies that are no text travel in base64, and no body is none', async () => {
  const url = await urlOf('bodies', echo);
  await allow('bodies');
  const binary = Buffer.from([0, 255, 128, 10]);
  const post = async (body: Buffer, type: string) =>
    JSON.parse((await call(url, { method: 'POST', headers: { 'Content-Type': type }, body })).text);
  const sent = await post(binary, 'application/octet-stream');
  assert.deepEqual([sent.body, sent.isBase64Encoded], [binary.toString('base64'), true]);
  const multipart = await post(Buffer.from('--x\r\n'), 'multipart/form-data; boundary=x');
  assert.deepEqual([multipart.body, multipart.isBase64Encoded], ['LS14DQo=', true]);
  const form = await post(Buffer.from('a=1'), 'application/x-www-form-urlencoded');
  assert.deepEqual([form.body, form.isBase64Encoded], ['a=1', false]);
  const none = JSON.parse((await call(url)).text);
  assert.deepEqual(['body' in none, none.isBase64Encoded, none.rawPath], [false, false, '/']);
});

test('what a function returns is the answer, whole or inferred', async () => {
  const url = await urlOf('returns', returning);
  await allow('returns');
  const answer = (value: unknown) =>
    call(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
  const full = await answer({
    statusCode: 201,
    headers: { 'Content-Type': 'text/plain', 'My-Header': 'Value', Connection: 'close' },
    cookies: ['a=1; Secure', 'b=2'],
    body: 'created',
  });
  assert.deepEqual([full.status, full.text, full.headers['content-type']], [201, 'created', 'text/plain']);
  assert.equal(full.headers['my-header'], 'Value');
  assert.equal(full.headers['x-amzn-remapped-connection'], 'close');
  assert.deepEqual(full.headers['set-cookie'], ['a=1; Secure', 'b=2']);
  const binary = await answer({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });
  assert.deepEqual([...binary.body], [0, 255]);
  const teapot = await answer({ statusCode: '418', body: "i'm a teapot" });
  assert.deepEqual(
    [teapot.status, teapot.text, teapot.headers['content-type']],
    [418, "i'm a teapot", 'application/json'],
  );
  for (const [value, text] of [
    ['a string', 'a string'],
    [{ a: 1 }, '{"a":1}'],
    [[1, 2], '[1,2]'],
    [7, '7'],
    [null, 'null'],
  ] as const) {
    const inferred = await answer(value);
    assert.deepEqual(
      [inferred.status, inferred.text, inferred.headers['content-type']],
      [200, text, 'application/json'],
    );
  }
  for (const bad of [{ statusCode: 99 }, { statusCode: 'abc' }, { statusCode: 200, headers: { 'a b': '1' } }]) {
    const refused = await answer(bad);
    assert.deepEqual([refused.status, refused.text], [502, 'Internal Server Error']);
  }
});

test('a function that fails answers 502, one without concurrency 429', async () => {
  const url = await urlOf('failing', handlerCode('throw new Error("no");'));
  await allow('failing');
  const failed = await call(url);
  assert.deepEqual([failed.status, failed.text], [502, 'Internal Server Error']);
  await client.send(
    new lambda.PutFunctionConcurrencyCommand({ FunctionName: 'failing', ReservedConcurrentExecutions: 0 }),
  );
  assert.equal((await call(url)).status, 429);
});

test('a URL that nobody was given, and one that was deleted, are forbidden', async () => {
  const url = await urlOf('gone', echo);
  await allow('gone');
  assert.equal((await call(url)).status, 200);
  await client.send(new lambda.DeleteFunctionUrlConfigCommand({ FunctionName: 'gone' }));
  for (const unknown of [url, `http://${'a'.repeat(32)}.lambda-url.${region}.localhost:${server.port}/`]) {
    const { status, text, headers } = await call(unknown);
    assert.deepEqual([status, text, headers['x-amzn-errortype']], [403, '{"Message":null}', 'AccessDeniedException']);
  }
});

test('a URL without names is reached by its path', async () => {
  const url = await urlOf('by-path', echo);
  await allow('by-path');
  const id = new URL(url).host.split('.')[0];
  const answered = await fetch(`${server.url}/_url/${id}/some/path?a=1`);
  const event = (await answered.json()) as any;
  assert.deepEqual([event.rawPath, event.rawQueryString], ['/some/path', 'a=1']);
  assert.equal(((await (await fetch(`${server.url}/_url/${id}`)).json()) as any).rawPath, '/');
});

test('a URL needs a permission, also when it asks for no signature', async () => {
  const url = await urlOf('public', echo);
  const refused = await call(url);
  assert.equal(refused.status, 403);
  assert.equal(
    refused.text,
    '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
  );
  await allow('public', { FunctionUrlAuthType: 'AWS_IAM' });
  assert.equal((await call(url)).status, 403, 'a permission for the other way of calling is none');
  await allow('public', { StatementId: 'open' });
  assert.equal((await call(url)).status, 200);
});

test('an alias has a URL of its own, with its own permission and version', async () => {
  await create(client, 'aliased', { Publish: true, Code: { ZipFile: handlerCode('return context.functionVersion;') } });
  await settled(client, 'aliased');
  await client.send(new lambda.CreateAliasCommand({ FunctionName: 'aliased', Name: 'live', FunctionVersion: '1' }));
  const { FunctionUrl } = await client.send(
    new lambda.CreateFunctionUrlConfigCommand({ FunctionName: 'aliased', Qualifier: 'live', AuthType: 'NONE' }),
  );
  await allow('aliased');
  assert.equal((await call(FunctionUrl!)).status, 403);
  await allow('aliased', { Qualifier: 'live' });
  assert.equal((await call(FunctionUrl!)).text, '1');
  await client.send(new lambda.DeleteAliasCommand({ FunctionName: 'aliased', Name: 'live' }));
  const { status, text, headers } = await call(FunctionUrl!);
  assert.deepEqual([status, headers['x-amzn-errortype']], [403, 'AccessDeniedException']);
  assert.match(
    text,
    /^{"Message":"Forbidden. For troubleshooting/,
    'the URL outlives its alias, its permission does not',
  );
});

test('with AWS_IAM the signature is looked at, and who signed is told', async () => {
  const url = await urlOf('signed', echo, { AuthType: 'AWS_IAM' });
  assert.equal((await call(url)).status, 403);
  const users = new iam.IAMClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'any' },
  });
  await users.send(new iam.CreateUserCommand({ UserName: 'caller' }));
  const { AccessKey } = await users.send(new iam.CreateAccessKeyCommand({ UserName: 'caller' }));
  users.destroy();
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const ask = async (keys: typeof credentials) =>
    call(`${url}x?b=2&a=1`, { headers: await sign(`${url}x?b=2&a=1`, keys, region) });
  const answered = await ask(credentials);
  assert.equal(answered.status, 200);
  const { accountId, authorizer, authentication } = JSON.parse(answered.text).requestContext;
  assert.equal(accountId, account);
  assert.equal(authentication, null);
  assert.equal(authorizer.iam.userArn, `arn:aws:iam::${account}:user/caller`);
  assert.equal(authorizer.iam.accessKey, credentials.accessKeyId);
  assert.equal((await ask({ ...credentials, secretAccessKey: 'wrong' })).status, 403);
  const foreign = { accessKeyId: '999999999999', secretAccessKey: 'any' };
  assert.equal((await ask(foreign)).status, 403, 'another account needs a permission');
  await allow('signed', { Principal: '999999999999', FunctionUrlAuthType: 'AWS_IAM' });
  assert.equal((await ask(foreign)).status, 200);
});

test('cross-origin requests follow the configuration of the URL, whatever the function says', async () => {
  const url = await urlOf(
    'shared',
    handlerCode("return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'nobody' } };"),
    {
      Cors: {
        AllowOrigins: ['https://example.com'],
        AllowMethods: ['GET', 'PUT'],
        AllowHeaders: ['x-custom'],
        ExposeHeaders: ['x-shown'],
        MaxAge: 60,
        AllowCredentials: true,
      },
    },
  );
  await allow('shared');
  const preflight = (origin: string, method: string) =>
    call(url, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'X-Custom',
      },
    });
  const agreed = await preflight('https://example.com', 'PUT');
  assert.equal(agreed.status, 200);
  assert.equal(agreed.headers['access-control-allow-origin'], 'https://example.com');
  assert.equal(agreed.headers['access-control-allow-methods'], 'GET,PUT');
  assert.equal(agreed.headers['access-control-allow-headers'], 'X-Custom');
  assert.equal(agreed.headers['access-control-max-age'], '60');
  assert.equal(agreed.headers['access-control-allow-credentials'], 'true');
  for (const refused of [
    await preflight('https://evil.example', 'PUT'),
    await preflight('https://example.com', 'DELETE'),
  ]) {
    assert.equal(refused.headers['access-control-allow-origin'], undefined);
  }
  const answered = await call(url, { headers: { Origin: 'https://example.com' } });
  assert.equal(answered.headers['access-control-allow-origin'], 'https://example.com');
  assert.equal(answered.headers['access-control-expose-headers'], 'x-shown');
  assert.equal((await call(url)).headers['access-control-allow-origin'], undefined);
});

test('large bodies go in and come out; what is too large is refused', async () => {
  const url = await urlOf('large', handlerCode('return { statusCode: 200, body: event.body };'));
  await allow('large');
  const body = 'x'.repeat(4 * 1024 * 1024);
  const answered = await call(url, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body });
  assert.equal(answered.text === body, true);
  const refused = await call(url, { method: 'POST', body: Buffer.alloc(6_291_457) });
  assert.equal(refused.status, 413);
});

test('a streaming URL sends status and headers ahead, then pieces as they are written', async () => {
  const code = zipOf({
    'index.mjs': `
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        if (event.rawPath === '/bare') { stream.write('bare'); stream.end(); return; }
        const http = awslambda.HttpResponseStream.from(stream, { statusCode: 203, headers: { 'Content-Type': 'text/html', 'x-own': 'yes' }, cookies: ['c=1'] });
        http.write('one ');
        await pause(1200);
        if (event.rawPath === '/breaks') throw new Error('broke');
        http.write('two');
        http.end();
      });`,
  });
  const url = await urlOf('streams', code, { InvokeMode: 'RESPONSE_STREAM' });
  await allow('streams');
  const { host } = new URL(url);
  const times: number[] = [];
  const streamed = await new Promise<Answer>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: server.port, path: '/', headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        times.push(performance.now());
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.alloc(0), text }),
      );
    })
      .on('error', reject)
      .end();
  });
  assert.deepEqual([streamed.status, streamed.text], [203, 'one two']);
  assert.deepEqual([streamed.headers['content-type'], streamed.headers['x-own']], ['text/html', 'yes']);
  assert.deepEqual(streamed.headers['set-cookie'], ['c=1']);
  assert.ok(times.length === 2 && times[1]! - times[0]! > 800);
  const bare = await call(`${url}bare`);
  assert.deepEqual([bare.status, bare.text, bare.headers['content-type']], [200, 'bare', 'application/octet-stream']);
  await assert.rejects(call(`${url}breaks`), 'an answer that broke off is not taken for the whole');
});

test('a handler that does not stream is sent as it is by a streaming URL', async () => {
  const url = await urlOf('not-streaming', handlerCode("return { statusCode: 418, body: 'x' };"), {
    InvokeMode: 'RESPONSE_STREAM',
  });
  await allow('not-streaming');
  const answered = await call(url);
  assert.deepEqual([answered.status, answered.text], [200, '{"statusCode":418,"body":"x"}']);
});

test('deleting a function takes its URL along', async () => {
  const url = await urlOf('deleted', echo);
  await allow('deleted');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'deleted' }));
  assert.equal((await call(url)).text, '{"Message":null}');
});
