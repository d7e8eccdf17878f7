// `lambent dev` against a running server: each save is the next answer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { runCli } from '../cli-run.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { invoke, lambdaClient } from '../wire/lambda-client.ts';
import { type DevEvent, type DevRun, runDev } from './dev-run.ts';

let server: TestServer;
let root: string;
let client: LambdaClient;

before(async () => {
  server = await startTestServer();
  root = mkdtempSync(join(tmpdir(), 'lambent-dev-'));
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'lambent' };
  client = lambdaClient(server, { region: 'us-east-1', credentials });
});
after(async () => {
  client?.destroy();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** As editors save: another file takes the place of the old one. */
function replace(file: string, text: string): void {
  write(`${file}.tmp~`, text);
  renameSync(join(root, `${file}.tmp~`), join(root, file));
}

/** `lambent dev`, until the test is over. */
function follow(context: TestContext, args: string[]): DevRun {
  const run = runDev(server.url, args);
  context.after(() => run.stop());
  return run;
}

const answering = (expression: string) => `export const handler = async () => { return ${expression}; };\n`;
const following = ({ event }: DevEvent) => event === 'following';
const answer = async (name: string) => (await invoke(client, name)).value;

/** Invokes until the answer is this one: a save shows in the next invocation, or the one after. */
async function becomes(name: string, expected: unknown): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  let last: unknown;
  while (Date.now() < giveUpAt) {
    last = await answer(name);
    if (JSON.stringify(last) === JSON.stringify(expected)) return;
  }
  assert.deepEqual(last, expected);
}

test('saves, new files and folders, renamed and deleted files show in the answers; the log is shown', async (context) => {
  write('saved/index.mjs', answering('console.log("spoken"), 1'));
  const dev = follow(context, [join(root, 'saved')]);
  await dev.next(following);
  assert.equal(await answer('saved'), 1);
  await dev.next(({ event, message }) => event === 'log' && /\tspoken$/.test(message!));

  replace('saved/index.mjs', answering('2'));
  await becomes('saved', 2);
  write('saved/lib/deep/number.mjs', 'export default 3;\n');
  write('saved/index.mjs', `import number from './lib/deep/number.mjs';\n${answering('number')}`);
  await becomes('saved', 3);
  write('saved/lib/deep/number.mjs', 'export default 4;\n');
  await becomes('saved', 4);
  renameSync(join(root, 'saved/lib'), join(root, 'saved/other'));
  write('saved/index.mjs', `import number from './other/deep/number.mjs';\n${answering('number + 1')}`);
  await becomes('saved', 5);
  write('saved/other/deep/number.mjs', 'export default 9;\n');
  await becomes('saved', 10);

  write('saved/index.mjs', `import { existsSync } from 'node:fs';\n${answering("existsSync('data.txt')")}`);
  await becomes('saved', false);
  write('saved/data.txt', 'x');
  await becomes('saved', true);
  rmSync(join(root, 'saved/data.txt'));
  await becomes('saved', false);
  assert.equal(await dev.stop(), 0);
});

test('a syntax error is told with its place, the old code goes on, and mending it goes on from there', async (context) => {
  write('broken/index.mjs', answering('1'));
  const dev = follow(context, [join(root, 'broken')]);
  await dev.next(following);
  write('broken/index.mjs', 'export const handler = async () => {\n  return 2 +;\n};\n');
  const { message } = await dev.next(({ event }) => event === 'failed');
  assert.match(message!, /^index\.mjs:2:13: Unexpected ";"$/);
  assert.equal(await answer('broken'), 1);
  // A change elsewhere does not bring the broken code along.
  const since = dev.events.length;
  write('broken/other.txt', 'x');
  await dev.next(({ event }) => event === 'failed', since);
  assert.equal(await answer('broken'), 1);
  write('broken/index.mjs', answering('3'));
  await becomes('broken', 3);
});

test('what .lambentignore names changes nothing, and many writes at once are few updates', async (context) => {
  write('burst/index.mjs', answering('0'));
  write('burst/.lambentignore', 'notes/\n');
  const dev = follow(context, [join(root, 'burst')]);
  await dev.next(following);
  write('burst/notes/todo.txt', 'x');
  for (let index = 1; index <= 50; index++) {
    write(`burst/data/${index}.txt`, 'x');
    write('burst/index.mjs', answering(String(index)));
  }
  await becomes('burst', 50);
  const updates = dev.events.filter(({ event, changes }) => event === 'updated' && changes!.includes('code'));
  assert.ok(updates.length <= 5, `${updates.length} updates`);
});

test('the environment file, layers and a URL are followed, too', async (context) => {
  write('whole/.env', 'STAGE=one\nGONE=soon\n');
  write(
    'whole/fn/index.mjs',
    `import { readFile } from 'node:fs/promises';
const text = () => readFile('/opt/text', 'utf8');
export const handler = async () => {
  const answer = [process.env.STAGE ?? null, process.env.GONE ?? null, process.env.KEPT, await text()];
  return answer;
};
`,
  );
  write('whole/layer/text', 'one');
  const folders = [
    join(root, 'whole/fn'),
    '--env-file',
    join(root, 'whole/.env'),
    '--layer',
    join(root, 'whole/layer'),
  ];
  const dev = follow(context, [...folders, '--env', 'KEPT=yes', '--url']);
  const { url } = await dev.next(({ event }) => event === 'url');
  await dev.next(following);
  assert.deepEqual(await answer('fn'), ['one', 'soon', 'yes', 'one']);
  assert.match(url!, /^http:\/\/\w+\.lambda-url\.us-east-1\.localhost:/);
  replace('whole/.env', 'STAGE=two\n');
  await becomes('fn', ['two', null, 'yes', 'one']);
  write('whole/layer/text', 'two');
  await becomes('fn', ['two', null, 'yes', 'two']);
});

/** e.g. `3.11`. */
const pythonHere = execFileSync('python3', ['--version'], { encoding: 'utf8' }).match(/3\.\d+/)![0];

test('several folders are followed at once, Python among them', async (context) => {
  write('first/index.mjs', answering('1'));
  write('second/.python-version', pythonHere);
  write('second/lambda_function.py', 'def lambda_handler(event, context):\n    return 1\n');
  const dev = follow(context, [join(root, 'first'), join(root, 'second')]);
  await dev.next(({ event, name }) => event === 'following' && name === 'second');
  write('first/index.mjs', answering('2'));
  write('second/lambda_function.py', 'def lambda_handler(event, context):\n    return 2\n');
  await becomes('first', 2);
  await becomes('second', 2);
  write('second/lambda_function.py', 'def lambda_handler(event, context):\n    return 2 +\n');
  const { message } = await dev.next(({ event }) => event === 'failed');
  assert.match(message!, /^lambda_function\.py:2:\d+: invalid syntax$/);
});

const typescript = (answer: number) => `import { fail } from './lib/fail.ts';

interface Question { fails?: boolean }

export const handler = async (event: Question): Promise<number> => {
  if (event.fails) fail('no good');
  return ${answer};
};
`;

test('TypeScript is bundled, followed beyond its folder, and its lines stand in stack traces', async (context) => {
  write('typed/index.ts', typescript(1).replace('./lib', '../shared'));
  write(
    'shared/fail.ts',
    'type Reason = string;\n\nexport function fail(reason: Reason): never {\n  throw new TypeError(reason);\n}\n',
  );
  const dev = follow(context, [join(root, 'typed')]);
  await dev.next(following);
  assert.equal(await answer('typed'), 1);
  const failed = await invoke(client, 'typed', { Payload: Buffer.from('{"fails": true}') });
  const { errorType, trace } = failed.value;
  assert.equal(errorType, 'TypeError');
  assert.match(trace[1], /shared\/fail\.ts:4:9\)$/);
  assert.match(trace[2], /\/index\.ts:6:20\)$/);

  write('shared/fail.ts', 'export function fail(): never {\n  throw new RangeError("other");\n}\n');
  const giveUpAt = Date.now() + 30_000;
  const type = async () => (await invoke(client, 'typed', { Payload: Buffer.from('{"fails": true}') })).value.errorType;
  while ((await type()) !== 'RangeError') assert.ok(Date.now() < giveUpAt, 'what lies outside is followed');
  write('typed/index.ts', 'export const handler = async (event: ) => 2;\n');
  const { message } = await dev.next(({ event }) => event === 'failed');
  assert.match(message!, /^index\.ts:1:38: Unexpected "\)"$/);
  assert.equal(await answer('typed'), 1);
});

test('deploy bundles TypeScript as dev does', async () => {
  write('deployed/lib/fail.ts', 'export const fail = (reason: string) => { throw new Error(reason); };\n');
  write('deployed/index.ts', typescript(7));
  const { code, stdout, stderr } = await runCli(server.url, ['deploy', join(root, 'deployed'), '--json']);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).handler, 'index.handler');
  assert.equal(await answer('deployed'), 7);
  const again = await runCli(server.url, ['deploy', join(root, 'deployed'), '--json']);
  assert.equal(JSON.parse(again.stdout).action, 'unchanged');
});

test('what cannot be meant is refused', async () => {
  write('meant/index.mjs', answering('1'));
  write('shell/bootstrap', '#!/bin/sh\n');
  const cases: [string[], RegExp][] = [
    [['/nonexistent'], /^There is no folder/],
    [[join(root, 'meant'), join(root, 'shell'), '--name', 'x'], /--name names one function/],
    [[join(root, 'meant'), '--env-file', '/nonexistent'], /--env-file: \/nonexistent cannot be read \(ENOENT\)/],
    [[join(root, 'meant'), '--layer', '/nonexistent'], /--layer: there is no folder/],
    [[join(root, 'meant'), '--inspect', 'here'], /--inspect: "here" is no port/],
    [[join(root, 'shell'), '--inspect'], /--inspect is for Node\.js and Python, and shell is provided/],
  ];
  for (const [args, expected] of cases) {
    const { code, stderr } = await runCli(server.url, ['dev', ...args]);
    assert.match(stderr, expected);
    assert.equal(code, 2, stderr);
  }
});
