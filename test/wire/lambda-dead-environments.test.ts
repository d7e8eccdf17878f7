// What dying environments leave behind: nothing, neither for the next invocation nor for other functions.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { account, create, echoCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

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

/** A Node.js function of this source; `instance` in it names its environment. */
async function functionOf(name: string, source: string, changes: Partial<lambda.CreateFunctionCommandInput> = {}) {
  const instance = "import { randomUUID } from 'node:crypto';\nconst instance = randomUUID();\n";
  await create(client, name, { Code: { ZipFile: zipOf({ 'index.mjs': `${instance}${source}` }) }, ...changes });
  await settled(client, name);
}

const call = (name: string, event: object = {}) =>
  invoke(client, name, { Payload: Buffer.from(JSON.stringify(event)) });

/** Median of the times of `count` invocations, one after the other. */
async function medianMs(name: string, count: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await call(name);
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(count / 2)]!;
}

async function logsOf(name: string, pattern: string): Promise<number> {
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  const logs = new CloudWatchLogsClient({ endpoint: server.url, region, credentials });
  let found = 0;
  const input = { logGroupName: `/aws/lambda/${name}`, filterPattern: pattern };
  for await (const page of paginateFilterLogEvents({ client: logs }, input)) found += page.events?.length ?? 0;
  logs.destroy();
  return found;
}

/** How many processes of this machine have `word` in their command line. */
function processesWith(word: string): number {
  const commandLine = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(word)).length;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (condition()) return;
    await pause(20);
  }
  assert.fail(`never: ${what}`);
}

test('a function that ends at init, called without pause, takes little from its neighbour', async () => {
  await create(client, 'neighbour', { Code: { ZipFile: echoCode } });
  await settled(client, 'neighbour');
  await functionOf('crashing', 'process.exit(3);');
  await medianMs('neighbour', 10);
  const alone = await medianMs('neighbour', 30);
  let isOver = false;
  let answers = 0;
  const loops = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const { value, FunctionError } = await call('crashing');
      assert.equal(FunctionError, 'Unhandled');
      assert.equal(value.errorType, 'Runtime.ExitError');
      assert.match(value.errorMessage, /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/);
      answers += 1;
      // As a client that backs off a little; what it gets at once would else be what takes the processor.
      await pause(10);
    }
  });
  const beside: number[] = [];
  for (const end = Date.now() + 30_000; answers < 100 && Date.now() < end; )
    beside.push(await medianMs('neighbour', 1));
  isOver = true;
  await Promise.all(loops);
  const median = beside.sort((a, b) => a - b)[Math.floor(beside.length / 2)]!;
  assert.ok(median < 10 * alone + 50, `${median} ms beside, ${alone} ms alone`);
  assert.ok(answers >= 100, `${answers} answers`);
  const inits = await logsOf('crashing', 'INIT_START');
  assert.ok(inits < 60, `${inits} environments for ${answers} answers`);
});

test('a handler that kills its parent, and all that it can, ends its environment and no other', async () => {
  await functionOf(
    'killer',
    `export const handler = async ({ target }) => {
      if (target === undefined) return instance;
      process.kill(target === 'parent' ? process.ppid : target, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 200));
      return instance;
    };`,
  );
  for (const target of ['parent', -1]) {
    const before = (await call('killer')).value;
    const killed = await call('killer', { target });
    if (killed.FunctionError === undefined) assert.equal(killed.value, before, 'it may have no power over its parent');
    else assert.match(killed.value.errorType, /^(Runtime\.ExitError|Error)$/);
    assert.match((await call('killer')).value, /^[0-9a-f-]{36}$/);
  }
  assert.equal((await call('neighbour', { a: 1 })).value.event.a, 1);
});

test('processes that outlive an answer, ports and files end with their environment', async () => {
  const seconds = `${1_000_000 + Math.floor(Math.random() * 1e6)}`;
  await functionOf(
    'daemon',
    `import { spawn } from 'node:child_process';
    import { readdirSync, writeFileSync } from 'node:fs';
    import { createServer } from 'node:net';
    export const handler = async ({ leave, exit }) => {
      if (exit) process.exit(1);
      const files = readdirSync('/tmp');
      if (leave) {
        writeFileSync('/tmp/left', 'behind');
        spawn('sh', ['-c', 'setsid sleep ${seconds} & setsid setsid sleep ${seconds} &'], { detached: true, stdio: 'ignore' }).unref();
      }
      const port = await new Promise((resolve) => {
        const server = createServer().once('error', ({ code }) => resolve(code));
        server.listen(8080, '127.0.0.1', () => resolve('free')).unref();
      });
      return { instance, files, port };
    };`,
  );
  const first = (await call('daemon', { leave: true })).value;
  assert.deepEqual([first.files, first.port], [[], 'free']);
  await until(() => processesWith(seconds) === 2, 'both run, or are frozen');
  const second = (await call('daemon')).value;
  assert.deepEqual(second, { instance: first.instance, files: ['left'], port: 'EADDRINUSE' }, 'as on AWS');
  assert.equal((await call('daemon', { exit: true })).value.errorType, 'Runtime.ExitError');
  const third = (await call('daemon')).value;
  assert.notEqual(third.instance, first.instance);
  assert.deepEqual([third.files, third.port], [[], 'free']);
  await until(() => processesWith(seconds) === 0, 'they are gone');
});

test('an environment that is full of processes serves no more', async () => {
  const seconds = `${3_000_000 + Math.floor(Math.random() * 1e6)}`;
  await functionOf(
    'bomb',
    `import { spawn } from 'node:child_process';
    export const handler = async ({ processes = 0 }) => {
      if (processes > 0) {
        const script = 'i=0; while [ $i -lt ' + processes + ' ]; do sleep ${seconds} & i=$((i+1)); done';
        const shell = spawn('sh', ['-c', script], { stdio: 'ignore', detached: true });
        await new Promise((resolve) => shell.once('exit', resolve));
      }
      return instance;
    };`,
    { MemorySize: 2048, Timeout: 60 },
  );
  const health = await fetch(`${server.url}/_lambent/health`);
  if (((await health.json()) as { isolation: string }).isolation !== 'bubblewrap') return;
  const first = (await call('bomb', { processes: 40 })).value;
  await pause(300);
  assert.equal((await call('bomb')).value, first, 'some are as good as none');
  assert.equal((await call('bomb', { processes: 560 })).value, first);
  await until(() => processesWith(seconds) === 0, 'they end with their environment');
  assert.notEqual((await call('bomb')).value, first);
});

test('a function that takes more memory than it has is ended each time, and found in order after it', async () => {
  await functionOf(
    'hog',
    `export const handler = async ({ take }) => {
      if (take) for (const all = []; ; ) { all.push(Buffer.alloc(1 << 20, 1)); await null; }
      return instance;
    };`,
  );
  const seen = new Set<string>();
  for (let time = 0; time < 2; time++) {
    seen.add((await call('hog')).value);
    assert.equal((await call('hog', { take: true })).value.errorType, 'Runtime.OutOfMemory');
  }
  seen.add((await call('hog')).value);
  assert.equal(seen.size, 3);
});

test('a custom runtime that answers twice is refused, and its environment serves no more', async () => {
  const bootstrap = `#!/usr/bin/python3
import os, uuid, http.client
instance = uuid.uuid4().hex
second = 'none'
def call(method, path, body=None):
    connection = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
    connection.request(method, '/2018-06-01/runtime' + path, body)
    answer = connection.getresponse()
    return answer.status, answer.headers['Lambda-Runtime-Aws-Request-Id'], answer.read()
while True:
    _, request_id, event = call('GET', '/invocation/next')
    path = '/invocation/' + request_id + '/response'
    if b'wrong' in event:
        second = str(call('POST', '/invocation/another/response', '1')[0])
    call('POST', path, '"' + instance + ' ' + second + '"')
    if b'twice' in event:
        print('second', call('POST', path, '1')[0], flush=True)
`;
  const runtime = { Runtime: 'provided.al2023', Handler: 'any' } as const;
  await create(client, 'stray', {
    ...runtime,
    Code: { ZipFile: zipOf([{ name: 'bootstrap', content: bootstrap, mode: 0o100755 }]) },
  });
  await settled(client, 'stray');
  const [first] = (await call('stray')).value.split(' ');
  assert.equal((await call('stray', { how: 'twice' })).value, `${first} none`, 'the first answer counts');
  let next = first;
  // The second answer is on its way while the next invocation may begin.
  for (let attempt = 0; attempt < 50 && next === first; attempt++) {
    await pause(20);
    [next] = (await call('stray')).value.split(' ');
  }
  assert.notEqual(next, first);
  assert.equal((await call('stray', { how: 'wrong' })).value, `${next} 400`, 'the right answer counts');
  assert.notEqual((await call('stray')).value.split(' ')[0], next);
});
