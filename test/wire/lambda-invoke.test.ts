// Invoke as the SDK's client sees it: results, errors of the function, logs, limits, bodies in every encoding.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as lambda from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { pythonBuilds } from '../runtimes/builds.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { account, arnOf, create, fails, handlerCode, invoke, lambdaClient, region } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  await create(client, 'echo');
});
after(() => server.stop());

const python = pythonBuilds.find(({ build }) => build !== null);
const noPython = python === undefined ? 'no Python on this machine' : false;

const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
const invocations = (name: string) => `${server.url}/2015-03-31/functions/${name}/invocations`;
const post = (name: string, body: any, headers: Record<string, string> = {}) =>
  fetch(invocations(name), {
    method: 'POST',
    body,
    headers: { authorization, ...headers },
    duplex: 'half',
  } as RequestInit);

/** A Node.js function of one file, invoked once. */
async function run(name: string, source: string, input: Partial<lambda.CreateFunctionCommandInput> = {}, event = '{}') {
  await create(client, name, { Code: { ZipFile: zipOf({ 'index.mjs': source }) }, ...input });
  return invoke(client, name, { Payload: Buffer.from(event), LogType: 'Tail' });
}

const badJson = (problem: string, line: number, column: number) =>
  `Could not parse request body into json: Could not parse payload into json: ${problem}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${column}]`;
const valueExpected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test('a payload that is no JSON is refused with what is wrong and where', async () => {
  const cases: [Buffer | string, string, number, number][] = [
    [Buffer.from('n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt', 'latin1'), 'Invalid UTF-8 start byte 0x87', 1, 3],
    [
      Buffer.from('\x99\xeb,j\x07\xa1zYh', 'latin1'),
      `Unexpected character ((CTRL-CHAR, code 153)): expected a valid value ${valueExpected}`,
      1,
      1,
    ],
    ['not json', `Unrecognized token 'not': was expecting ${valueExpected}`, 1, 5],
    ['{"a":\n tru}', `Unrecognized token 'tru': was expecting ${valueExpected}`, 2, 6],
  ];
  for (const [Payload, problem, line, column] of cases) {
    const call = client.send(new lambda.InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from(Payload) }));
    await fails(call, 'InvalidRequestContentException', 400, badJson(problem, line, column));
  }
});

test('what this release does not act on is refused by name', async () => {
  await fails(
    invoke(client, 'echo', { DurableExecutionName: 'd' }),
    'InvalidParameterValueException',
    400,
    'DurableExecutionName is not supported by this release of Lambent.',
  );
});

test('values outside their sets are refused', async () => {
  await fails(
    invoke(client, 'echo', { InvocationType: 'Sometimes' as any }),
    'ValidationException',
    400,
    "1 validation error detected: Value 'Sometimes' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
  );
  await fails(
    invoke(client, 'echo', { LogType: 'All' as any }),
    'ValidationException',
    400,
    "1 validation error detected: Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: [None, Tail]",
  );
  await fails(
    invoke(client, 'echo', { ClientContext: 'not base64 of json' }),
    'InvalidRequestContentException',
    400,
    /^Client context must be a valid Base64-encoded JSON object/,
  );
});

test('a result comes with its status, version, request id and trace', async () => {
  const result = await invoke(client, 'echo', { Payload: Buffer.from('{"greeting":"grüße \u{1f600}"}') });
  assert.deepEqual(result.value, { event: { greeting: 'grüße \u{1f600}' }, arn: arnOf('echo') });
  const { StatusCode, ExecutedVersion, FunctionError, LogResult } = result;
  assert.deepEqual(
    { StatusCode, ExecutedVersion, FunctionError, LogResult },
    { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: undefined, LogResult: undefined },
  );
  assert.match(result.$metadata.requestId!, /^[0-9a-f-]{36}$/);
  const raw = await post('echo', '{}');
  assert.equal(raw.status, 200);
  assert.match(raw.headers.get('x-amzn-trace-id')!, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/);
  assert.equal(raw.headers.get('x-amzn-remapped-content-length'), '0');
  assert.equal(raw.headers.get('x-amz-executed-version'), '$LATEST');
  assert.equal(raw.headers.get('x-amz-function-error'), null);
  assert.equal(raw.headers.get('content-type'), 'application/json');
});

test('every JSON text is an event, and no body at all is an empty object', async () => {
  for (const text of ['null', 'true', '0', '-1.5e3', '"text"', '[]', ' { "a" : [1, {"b":null}] }\n', '""']) {
    const { value } = await invoke(client, 'echo', { Payload: Buffer.from(text) });
    assert.deepEqual(value.event, JSON.parse(text), text);
  }
  assert.deepEqual((await invoke(client, 'echo')).value.event, {});
  assert.deepEqual((await invoke(client, 'echo', { Payload: Buffer.alloc(0) })).value.event, {});
});

test('a function that returns nothing answers null', async () => {
  assert.equal((await run('nothing', 'export const handler = async () => {};')).text, 'null');
});

test('a dry run answers 204 without running anything, for functions that are there', async () => {
  const answer = await client.send(new lambda.InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }));
  assert.deepEqual(
    [answer.StatusCode, answer.ExecutedVersion, Buffer.from(answer.Payload ?? []).length],
    [204, undefined, 0],
  );
  await fails(invoke(client, 'nowhere', { InvocationType: 'DryRun' }), 'ResourceNotFoundException', 404, /:\$LATEST$/);
});

test('the tail of the log holds what the invocation wrote, in order, under its request id', async () => {
  const source = 'export const handler = async () => { console.log("one"); console.error("two"); return 1; };';
  const { logs, $metadata } = await run('logging', source);
  const id = $metadata.requestId!;
  const lines = logs.split('\n');
  assert.equal(lines[0], `START RequestId: ${id} Version: $LATEST`);
  assert.match(lines[1]!, new RegExp(`^\\d{4}-.*Z\\t${id}\\tINFO\\tone$`));
  assert.match(lines[2]!, new RegExp(`^\\d{4}-.*Z\\t${id}\\tERROR\\ttwo$`));
  assert.equal(lines[3], `END RequestId: ${id}`);
  assert.match(
    lines[4]!,
    new RegExp(
      `^REPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms\\t$`,
    ),
  );
  const second = await invoke(client, 'logging', { LogType: 'Tail' });
  assert.doesNotMatch(second.logs, /Init Duration/);
  assert.equal((await invoke(client, 'logging', { LogType: 'None' })).LogResult, undefined);
});

test('of a long log the last 4 KB come back', async () => {
  const { LogResult, logs } = await run(
    'chatty',
    'export const handler = async () => { for (let i = 0; i < 500; i++) console.log("line", i); };',
  );
  assert.equal(Buffer.from(LogResult!, 'base64').length, 4096);
  assert.match(logs, /line 499\n.*END RequestId/s);
});

test('what a handler throws comes back as AWS shows it, and the environment serves on', async () => {
  const source = `
    let calls = 0;
    export const handler = async (event) => {
      calls += 1;
      if (event.throw === 'error') throw new TypeError('went wrong');
      if (event.throw === 'text') throw 'just text';
      return calls;
    };`;
  await create(client, 'throwing', { Code: { ZipFile: zipOf({ 'index.mjs': source }) } });
  const failed = await invoke(client, 'throwing', { Payload: Buffer.from('{"throw":"error"}') });
  assert.deepEqual([failed.StatusCode, failed.FunctionError, failed.ExecutedVersion], [200, 'Unhandled', '$LATEST']);
  assert.deepEqual(Object.keys(failed.value), ['errorType', 'errorMessage', 'trace']);
  assert.deepEqual([failed.value.errorType, failed.value.errorMessage], ['TypeError', 'went wrong']);
  assert.equal(failed.value.trace[0], 'TypeError: went wrong');
  assert.match(failed.value.trace[1], /^ {4}at .*handler .*\/var\/task\/index\.mjs:5:\d+\)$/);
  const text = await invoke(client, 'throwing', { Payload: Buffer.from('{"throw":"text"}') });
  assert.deepEqual(text.value, { errorType: 'string', errorMessage: 'just text', trace: [] });
  assert.equal((await invoke(client, 'throwing')).value, 3);
});

test("a timeout answers in AWS's words, and the next invocation finds a fresh environment", async () => {
  const source =
    'let calls = 0; export const handler = (event) => (event.hang ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve(++calls));';
  const slow = await run('slow', source, { Timeout: 1 }, '{"hang":true}');
  assert.equal(slow.FunctionError, 'Unhandled');
  assert.equal(
    slow.text,
    `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ${slow.$metadata.requestId} Error: Task timed out after 1.00 seconds"}`,
  );
  assert.match(slow.logs, new RegExp(`${slow.$metadata.requestId} Task timed out after 1.00 seconds`));
  assert.match(slow.logs, /REPORT .*Duration: 1000.00 ms.*Status: timeout/);
  assert.equal((await invoke(client, 'slow')).value, 1);
});

test('a runtime that exits answers with its status', async () => {
  const source = 'export const handler = async (event) => process.exit(event.code);';
  const clean = await run('exiting', source, {}, '{"code":0}');
  const id = (answer: { $metadata: { requestId?: string } }) => answer.$metadata.requestId;
  assert.deepEqual(
    [clean.FunctionError, clean.value],
    [
      'Unhandled',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${id(clean)} Error: Runtime exited without providing a reason`,
      },
    ],
  );
  const failed = await invoke(client, 'exiting', { Payload: Buffer.from('{"code":3}'), LogType: 'Tail' });
  assert.deepEqual(failed.value, {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id(failed)} Error: Runtime exited with error: exit status 3`,
  });
  assert.match(failed.logs, /Status: error\tError Type: Runtime.ExitError/);
});

test('code that cannot be loaded answers with the reason, each time', async () => {
  const wrong: [string, Record<string, string>, string, RegExp][] = [
    ['no-module', { 'other.mjs': '' }, 'Runtime.ImportModuleError', /^Error: Cannot find module 'index'/],
    [
      'no-handler',
      { 'index.mjs': 'export const other = 1;' },
      'Runtime.HandlerNotFound',
      /^index.handler is undefined or not exported$/,
    ],
    ['syntax', { 'index.js': 'exports.handler = async () => {' }, 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    [
      'throws',
      { 'index.mjs': 'throw new RangeError("at load"); export const handler = 1;' },
      'RangeError',
      /^at load$/,
    ],
  ];
  for (const [name, files, errorType, message] of wrong) {
    await create(client, name, { Code: { ZipFile: zipOf(files) } });
    for (let time = 0; time < 2; time++) {
      const { FunctionError, value } = await invoke(client, name);
      assert.equal(FunctionError, 'Unhandled');
      assert.equal(value.errorType, errorType);
      assert.match(value.errorMessage, message);
    }
  }
  const { value } = await run('malformed', '', { Handler: 'nodot' });
  assert.deepEqual([value.errorType, value.errorMessage], ['Runtime.MalformedHandlerName', 'Bad handler']);
});

test('six megabytes go in and come out; one byte more does not', async () => {
  const whole = Buffer.from(JSON.stringify('x'.repeat(6_291_456 - 2)));
  assert.equal(whole.length, 6_291_456);
  await create(client, 'large', {
    Code: { ZipFile: handlerCode('return typeof event === "string" ? event : "y".repeat(event.length)') },
    // A whole processor: six megabytes of JSON are work.
    MemorySize: 1769,
    Timeout: 60,
  });
  const { text } = await invoke(client, 'large', { Payload: whole });
  assert.equal(text.length, whole.length);
  const tooLarge = 'Request must be smaller than 6291456 bytes for the InvokeFunction operation';
  await fails(
    invoke(client, 'large', { Payload: Buffer.concat([whole, Buffer.from(' ')]) }),
    'RequestEntityTooLargeException',
    413,
    tooLarge,
  );

  const most = await invoke(client, 'large', { Payload: Buffer.from('{"length":6291554}') });
  assert.equal(most.text.length, 6_291_556);
  const over = await invoke(client, 'large', { Payload: Buffer.from('{"length":6291555}') });
  assert.equal(over.FunctionError, 'Unhandled');
  assert.equal(
    over.text,
    '{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}',
  );
});

test('a body that is much too large is refused before it is all there', async () => {
  const answer = await new Promise<{ status: number; sent: number }>((resolve, reject) => {
    let sent = 0;
    const outgoing = request(invocations('echo'), { method: 'POST', headers: { authorization } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode!, sent });
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = () => {
      if (outgoing.destroyed || sent > 200) return;
      sent += 1;
      if (outgoing.write(chunk)) setImmediate(more);
      else outgoing.once('drain', more);
    };
    more();
  });
  assert.equal(answer.status, 413);
  assert.ok(answer.sent < 100, `${answer.sent} MB were taken`);
});

test('bodies may be compressed, chunked, or both', async () => {
  const event = { text: 'z'.repeat(100_000) };
  const plain = Buffer.from(JSON.stringify(event));
  const seen = async (response: Response) => ((await response.json()) as any).event;
  assert.deepEqual(await seen(await post('echo', gzipSync(plain), { 'content-encoding': 'gzip' })), event);
  const stream = (bytes: Buffer) =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 1000) controller.enqueue(bytes.subarray(at, at + 1000));
        controller.close();
      },
    });
  assert.deepEqual(await seen(await post('echo', stream(plain))), event);
  assert.deepEqual(await seen(await post('echo', stream(gzipSync(plain)), { 'content-encoding': 'gzip' })), event);
  const framed = Buffer.concat([
    Buffer.from(`${plain.length.toString(16)};chunk-signature=0\r\n`),
    plain,
    Buffer.from('\r\n0;chunk-signature=0\r\n\r\n'),
  ]);
  assert.deepEqual(await seen(await post('echo', framed, { 'content-encoding': 'aws-chunked' })), event);
  assert.equal((await post('echo', Buffer.from('no gzip'), { 'content-encoding': 'gzip' })).status, 400);
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  assert.equal((await post('echo', bomb, { 'content-encoding': 'gzip' })).status, 413);
});

test('a client context reaches the function, and a trace header is passed on', async () => {
  const source =
    'export const handler = async (event, context) => ({ custom: context.clientContext, trace: process.env._X_AMZN_TRACE_ID });';
  await create(client, 'context', { Code: { ZipFile: zipOf({ 'index.mjs': source }) } });
  const given = { custom: { foo: 'bar' }, client: { snap: ['crackle', 'pop'] }, env: { fizz: 'buzz' } };
  const ClientContext = Buffer.from(JSON.stringify(given)).toString('base64');
  assert.deepEqual((await invoke(client, 'context', { ClientContext })).value.custom, given);
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
  const answer = (await (await post('context', '{}', { 'x-amzn-trace-id': trace })).json()) as any;
  assert.equal(answer.trace.split(';')[0], trace.split(';')[0]);
});

test('invocations of one environment come one after the other, others get environments of their own', async () => {
  const source = `
    import { randomUUID } from 'node:crypto';
    const id = randomUUID(); let running = 0;
    export const handler = async ({ holdMs }) => {
      running += 1;
      const seen = running;
      await new Promise((resolve) => setTimeout(resolve, holdMs));
      running -= 1;
      return { id, seen };
    };`;
  await create(client, 'parallel', { Timeout: 10, Code: { ZipFile: zipOf({ 'index.mjs': source }) } });
  // Long enough that none is free again before the last of the others has started, on a busy machine too.
  const held = { Payload: '{"holdMs":2000}' };
  const answers = (await Promise.all(Array.from({ length: 5 }, () => invoke(client, 'parallel', held)))).map(
    ({ value }) => value,
  );
  assert.deepEqual(new Set(answers.map(({ seen }) => seen)), new Set([1]));
  assert.equal(new Set(answers.map(({ id }) => id)).size, 5);
  const later = (await invoke(client, 'parallel', { Payload: '{"holdMs":0}' })).value;
  assert.ok(
    answers.some(({ id }) => id === later.id),
    'an environment is used again',
  );
});

test('a function finds what AWS’s runtimes leave in its environment, and acts as a session of its role', async () => {
  for (const [name, session] of [
    ['f', 'f@lambda_function'],
    ['ff', 'ff'],
  ] as const) {
    await create(client, name, { Code: { ZipFile: handlerCode('return process.env;') } });
    const { value } = await invoke(client, name);
    assert.deepEqual([value.PWD, value.SHLVL, value.LAMBDA_TASK_ROOT], ['/var/task', '0', '/var/task']);
    const credentials = {
      accessKeyId: value.AWS_ACCESS_KEY_ID,
      secretAccessKey: value.AWS_SECRET_ACCESS_KEY,
      sessionToken: value.AWS_SESSION_TOKEN,
    };
    const sts = new STSClient({ endpoint: server.url, region, credentials });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, `arn:aws:sts::${account}:assumed-role/tester/${session}`);
  }
});

test('an error is a record of its own in the log, which Python ends without a line break', {
  skip: noPython,
}, async () => {
  await create(client, 'py-error', {
    Runtime: python!.runtime as lambda.Runtime,
    Handler: 'handler.handler',
    Code: {
      ZipFile: zipOf({ 'handler.py': 'def handler(event, context):\n  print("said")\n  raise Exception("no")\n' }),
    },
  });
  const { logs, $metadata } = await invoke(client, 'py-error', { LogType: 'Tail' });
  const told = logs.slice(logs.indexOf('said'), logs.indexOf('REPORT'));
  assert.equal(
    told,
    'said\n[ERROR] Exception: no\nTraceback (most recent call last):\n\u00a0\u00a0File "/var/task/handler.py", line 3, in handler\n' +
      `\u00a0\u00a0\u00a0\u00a0raise Exception("no")END RequestId: ${$metadata.requestId}\n`,
  );
});
