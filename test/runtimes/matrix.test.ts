// The same function in every language, on every runtime that this machine has: answers, variables, errors, ends, timeouts,
// wrapper scripts and layers.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { findInterpreters, type Found } from '../../src/execution/interpreters/index.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { create, lambdaClient, settled } from '../wire/lambda-client.ts';
import { layerOf, type MatrixFunction, matrixFunctions } from './matrix-functions.ts';
import { javaTools } from './java-tools.ts';

const interpreters = findInterpreters({ dataDir: path.join(tmpdir(), 'lambent-none'), env: process.env });
const found = await interpreters.list();
const has = (family: Found['family'], ...version: number[]) =>
  found.some((one) => one.family === family && version.every((number, at) => one.version[at] === number));
const tools = await javaTools();

/** Each runtime with its function, or why it is left out. */
const runtimes: [runtime: string, fn: MatrixFunction | string][] = [
  ...[20, 22, 24].map((major): [string, MatrixFunction | string] => [
    `nodejs${major}.x`,
    has('nodejs', major) ? matrixFunctions.node : `there is no Node.js ${major}`,
  ]),
  ...[9, 10, 11, 12, 13, 14].map((minor): [string, MatrixFunction | string] => [
    `python3.${minor}`,
    has('python', 3, minor) ? matrixFunctions.python : `there is no Python 3.${minor}`,
  ]),
  ...[17, 21, 25].map((major): [string, MatrixFunction | string] => {
    if ('missing' in tools) return [`java${major}`, tools.missing];
    const java = has('java', major) || major === 17;
    return [`java${major}`, java ? matrixFunctions.java(tools.javac, tools.libraries) : `there is no Java ${major}`];
  }),
  // The Ruby of the system stands in for whichever version.
  ['ruby3.4', rubyFunction()],
  ['dotnet8', has('dotnet', 8) ? 'its functions need NuGet to be built' : 'there is no .NET 8'],
  ['provided.al2023', matrixFunctions.shell],
];

function rubyFunction(): MatrixFunction | string {
  const ruby = found.find(({ family }) => family === 'ruby');
  return ruby === undefined ? 'there is no Ruby' : matrixFunctions.ruby(ruby.version.slice(0, 2).join('.'));
}

let server: TestServer;
let client: lambda.LambdaClient;

before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(async () => {
  const told = runtimes.map(([name, fn]) => `${name}${typeof fn === 'string' ? ` not, since ${fn}` : ''}`);
  console.log(`runtimes that were tested: ${told.join('; ')}`);
  await server?.stop();
});

const named = (runtime: string, what: string) => `${runtime.replace('.', '-')}-${what}`;

for (const [runtime, fn] of runtimes) {
  const skip = typeof fn === 'string' && fn;
  describe(runtime, { skip }, () => {
    const given = fn as MatrixFunction;

    async function deploy(what: string, changes: Partial<lambda.CreateFunctionCommandInput> = {}): Promise<string> {
      const name = named(runtime, what);
      const common = { Runtime: runtime as lambda.Runtime, Handler: given.handler, Code: { ZipFile: given.code } };
      await create(client, name, { ...common, MemorySize: 512, Timeout: 20, ...changes });
      await settled(client, name);
      return name;
    }

    async function invoke(name: string, event: object) {
      const sent = { FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' as const };
      const answer = await client.send(new lambda.InvokeCommand(sent));
      const text = Buffer.from(answer.Payload!).toString();
      const log = Buffer.from(answer.LogResult!, 'base64').toString();
      return { error: answer.FunctionError, json: JSON.parse(text), log };
    }

    test('answers, logs and tells its variables, again and again', async () => {
      const name = await deploy('answers', { Environment: { Variables: { MINE: 'a b' } } });
      for (const text of ['one', 'grüße 日本']) {
        const { json, log } = await invoke(name, { text, list: [1, 2.5, null, true] });
        assert.deepEqual(json.event, { text, list: [1, 2.5, null, true] }, JSON.stringify(json));
        assert.match(json.requestId, /^[0-9a-f-]{36}$/);
        assert.ok(json.left > 0 && json.left <= 20_000, String(json.left));
        assert.match(log, new RegExp(`seen ${text}\\n(.*\\n)*END RequestId: ${json.requestId}\\n`));
      }
      const { json: env } = await invoke(name, { do: 'env' });
      const execution = given.family === 'provided' ? undefined : `AWS_Lambda_${runtime}`;
      const { MINE, AWS_EXECUTION_ENV, _HANDLER, LAMBDA_TASK_ROOT, TZ, LANG, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = env;
      assert.deepEqual(
        { MINE, AWS_EXECUTION_ENV, _HANDLER, LAMBDA_TASK_ROOT, TZ, LANG, AWS_LAMBDA_FUNCTION_MEMORY_SIZE },
        {
          ...{ MINE: 'a b', AWS_EXECUTION_ENV: execution, _HANDLER: given.handler, LAMBDA_TASK_ROOT: '/var/task' },
          ...{ TZ: ':UTC', LANG: 'en_US.UTF-8', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' },
        },
      );
      const ours = Object.keys(env).filter((key) => /LAMBENT|NODE_CHANNEL/.test(key));
      assert.deepEqual(ours, []);
    });

    test('fails with the error that was raised, and then goes on', async () => {
      const name = await deploy('throws');
      const { error, json } = await invoke(name, { do: 'throw' });
      assert.deepEqual([error, json.errorType, json.errorMessage], ['Unhandled', given.errorType, 'no such luck']);
      assert.equal((await invoke(name, { text: 'after' })).error, undefined);
    });

    test('that exits is told of, and starts anew', async () => {
      const name = await deploy('exits');
      const { error, json, log } = await invoke(name, { do: 'exit' });
      assert.equal(error, 'Unhandled');
      assert.equal(json.errorType, 'Runtime.ExitError');
      assert.match(json.errorMessage, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/);
      assert.match(log, /Status: error\tError Type: Runtime\.ExitError/);
      assert.equal((await invoke(name, { text: 'after' })).error, undefined);
    });

    test('that takes too long is ended', async () => {
      const name = await deploy('hangs', { Timeout: 1 });
      const { error, json } = await invoke(name, { do: 'hang' });
      assert.equal(error, 'Unhandled');
      assert.equal(json.errorType, 'Sandbox.Timedout');
      assert.match(json.errorMessage, /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    });

    test('finds libraries and programs of its layer, and starts through its wrapper script', async () => {
      const Content = { ZipFile: layerOf(given.layer) };
      const layer = await client.send(
        new lambda.PublishLayerVersionCommand({ LayerName: named(runtime, 'layer'), Content }),
      );
      const name = await deploy('layered', { Layers: [layer.LayerVersionArn!] });
      assert.deepEqual((await invoke(name, { do: 'layer' })).json, ['hello', 'hello from PATH']);
      if (!given.wrapped) return;
      const Variables = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper', MINE: "it's" };
      const wrapped = await deploy('wrapped', { Layers: [layer.LayerVersionArn!], Environment: { Variables } });
      const { json } = await invoke(wrapped, { do: 'env' });
      assert.ok(Number(json.WRAPPED) >= 2, JSON.stringify(json));
      assert.deepEqual([json.MINE, json.LAMBENT_ASSIGNMENT], ["it's", undefined]);
      assert.deepEqual((await invoke(wrapped, { do: 'layer' })).json, ['hello', 'hello from PATH']);
      const { log } = await invoke(wrapped, { text: 'wrapped' });
      assert.match(log, /seen wrapped\n/);
    });
  });
}

test('a wrapper script that is not there ends the runtime with status 127', async () => {
  const Variables = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/missing' };
  await create(client, 'wrapper-missing', { Environment: { Variables } });
  await settled(client, 'wrapper-missing');
  const { FunctionError, Payload } = await client.send(new lambda.InvokeCommand({ FunctionName: 'wrapper-missing' }));
  assert.equal(FunctionError, 'Unhandled');
  const { errorType, errorMessage } = JSON.parse(Buffer.from(Payload!).toString());
  assert.equal(errorType, 'Runtime.ExitError');
  assert.match(errorMessage, /Runtime exited with error: exit status 127$/);
});
