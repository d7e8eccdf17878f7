// The command line against a running server, as a person uses it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from './cli-run.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let root: string;

before(async () => {
  server = await startTestServer();
  root = mkdtempSync(join(tmpdir(), 'lambent-cli-'));
});
after(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

const lambent = (...args: string[]) => runCli(server.url, args);

function makeFolder(name: string, files: Record<string, string>): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

const echo = 'export const handler = async (event) => { console.log("got", event.n); return { event }; };\n';

test('wrong command lines exit with 2 and one line that says why', async () => {
  const cases: [string[], RegExp][] = [
    [['depoly', '.'], /unknown command 'depoly'[\s\S]*Did you mean deploy/],
    [['invoke'], /missing required argument 'name'/],
    [['invoke', 'x', '--payload', '{'], /^The payload is not JSON: /],
    [['invoke', 'x', '{}'], /"\{\}" is not understood/],
    [['invoke', 'x', '-', '--payload', '1'], /^Give the event once/],
    [['invoke', 'x', '--payload-file', '/nonexistent'], /^The payload cannot be read/],
    [['logs', 'x', '--since', 'soon'], /"soon" is no time/],
    [['deploy', '/nonexistent'], /^There is no folder \/nonexistent/],
    [['deploy', root, '--name', 'a b'], /"a b" cannot name a function/],
    [['list', '--endpoint-url', 'nowhere'], /"nowhere" is not a URL/],
  ];
  const results = await Promise.all(cases.map(([args]) => lambent(...args)));
  results.forEach(({ code, stdout, stderr }, at) => {
    assert.match(stderr, cases[at]![1]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
  });
});

test('a server that is not there is named, with what to do', async () => {
  const { code, stderr } = await runCli('http://127.0.0.1:1', ['list']);
  assert.deepEqual([code, stderr], [1, 'No Lambent answers on http://127.0.0.1:1: start one with `lambent start`.\n']);
  const json = await runCli('http://127.0.0.1:1', ['list', '--json']);
  assert.equal(JSON.parse(json.stderr).error.code, 'ECONNREFUSED');
});

test('functions that are not there are named', async () => {
  for (const args of [
    ['invoke', 'ghost'],
    ['logs', 'ghost'],
    ['delete', 'ghost', '--yes'],
  ]) {
    const { code, stderr } = await lambent(...args);
    assert.match(stderr, /^There is no function "ghost" on http/);
    assert.equal(code, 1);
  }
});

test('a folder without a function is not deployed', async () => {
  const { code, stderr } = await lambent('deploy', makeFolder('nothing', { 'a.txt': 'a' }));
  assert.match(stderr, /holds nothing that looks like a function/);
  assert.equal(code, 1);
});

test('a function is created, left alone, updated where it differs, listed, and deleted', async () => {
  const folder = makeFolder('life', { 'index.mjs': echo });
  const created = await lambent('deploy', folder, '--env', 'STAGE=test', '--tags', 'team=a');
  assert.match(
    created.stdout,
    /^Created life in [\s\S]*nodejs24\.x, index\.handler, 128 MiB[\s\S]*lambent invoke life/,
  );
  const again = JSON.parse((await lambent('deploy', folder, '--json', '--tags', 'team=a')).stdout);
  assert.deepEqual([again.action, again.changes], ['unchanged', []]);

  writeFileSync(join(folder, 'index.mjs'), `${echo}// changed\n`);
  const flags = ['--memory', '256', '--env', 'LEVEL=debug', '--tags', 'team=b', '--publish', '--json'];
  const updated = JSON.parse((await lambent('deploy', folder, ...flags)).stdout);
  assert.deepEqual(updated.changes, ['memory', 'environment', 'code', 'tags']);
  assert.deepEqual([updated.version, updated.memoryMib], ['1', 256]);
  const [listed] = JSON.parse((await lambent('list', '--json')).stdout);
  assert.deepEqual([listed.name, listed.codeSha256], ['life', updated.codeSha256]);
  assert.match((await lambent('list')).stdout, /^NAME +RUNTIME[\s\S]*\nlife +nodejs24\.x +256 MiB +3 s/);

  const unasked = await lambent('delete', 'life');
  assert.match(unasked.stderr, /Nothing was deleted.*--yes/);
  assert.equal(unasked.code, 1);
  const deleted = await lambent('delete', 'life', '--yes', '--with-role');
  assert.equal(deleted.stdout, 'Deleted life.\nDeleted its role lambent-life.\n');
  assert.deepEqual(JSON.parse((await lambent('list', '--json')).stdout), []);
});

test('a handler that was given once stays as long as its file is there', async () => {
  const folder = makeFolder('kept', { 'index.mjs': echo, 'other.mjs': 'export const run = () => 1;\n' });
  await lambent('deploy', folder, '--handler', 'other.run');
  assert.equal(JSON.parse((await lambent('deploy', folder, '--json')).stdout).handler, 'other.run');
  rmSync(join(folder, 'other.mjs'));
  assert.equal(JSON.parse((await lambent('deploy', folder, '--json')).stdout).handler, 'index.handler');
});

test('an event comes from a flag, a file or stdin, and the answer is printed', async () => {
  const folder = makeFolder('asked', { 'index.mjs': echo });
  await lambent('deploy', folder);
  assert.equal(
    (await lambent('invoke', 'asked', '--payload', '{"n": 1}')).stdout,
    '{\n  "event": {\n    "n": 1\n  }\n}\n',
  );
  writeFileSync(join(folder, 'event.json'), '{"n": 2}');
  const fromFile = await lambent('invoke', 'asked', '--payload-file', join(folder, 'event.json'), '--log');
  assert.match(fromFile.stderr, /INFO\tgot 2[\s\S]*REPORT RequestId/);
  const fromStdin = await runCli(server.url, ['invoke', 'asked', '-', '--json'], '{"n": 3}');
  const { statusCode, functionError, payload, log } = JSON.parse(fromStdin.stdout);
  assert.deepEqual(
    { statusCode, functionError, payload },
    {
      ...{ statusCode: 200, functionError: null, payload: { event: { n: 3 } } },
    },
  );
  assert.match(log, /got 3/);
});

test('a function that fails is shown with its error and its log, and exits with 1', async () => {
  const source = 'export const handler = () => { console.log("before"); throw new TypeError("no good"); };\n';
  await lambent('deploy', makeFolder('failing', { 'index.mjs': source }));
  const shown = await lambent('invoke', 'failing');
  assert.match(shown.stderr, /before[\s\S]*The function failed: TypeError: no good\n {2}at .*index\.mjs/);
  assert.deepEqual([shown.code, shown.stdout], [1, '']);
  const json = await lambent('invoke', 'failing', '--json');
  assert.equal(JSON.parse(json.stdout).functionError, 'Unhandled');
  assert.equal(json.code, 1);
});

test('logs are shown, searched, and followed while the function goes on writing', async () => {
  await lambent('deploy', makeFolder('talking', { 'index.mjs': echo }));
  await lambent('invoke', 'talking', '--payload', '{"n": "first"}');
  const child = spawn(resolve(import.meta.dirname, '../bin/lambent'), ['logs', 'talking', '-f', '--filter', 'got'], {
    env: { PATH: process.env['PATH'], HOME: root, AWS_ENDPOINT_URL: server.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let seen = '';
    const both = new Promise<void>((done) => {
      child.stdout.on('data', (chunk) => {
        seen += chunk;
        if (seen.includes('first') && seen.includes('second')) done();
      });
    });
    await lambent('invoke', 'talking', '--payload', '{"n": "second"}');
    await both;
    assert.equal(seen.trim().split('\n').length, 2, seen);
  } finally {
    child.kill('SIGKILL');
  }
  const lines = (await lambent('logs', 'talking', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(lines.some(({ message }) => message.includes('got first')));
  assert.match(
    (await lambent('logs', 'talking', '--filter', 'nobody')).stderr,
    /has written nothing since .* that matches/,
  );
});

test('doctor says what there is, and whether functions can run', async () => {
  const { code, stdout } = await lambent(
    'doctor',
    '--json',
    '--port',
    String(server.port),
    '--data-dir',
    server.dataDir,
  );
  const { canRun, checks } = JSON.parse(stdout);
  assert.deepEqual([canRun, code], [true, 0]);
  const value = (name: string) => checks.find((check: { name: string }) => check.name === name).value;
  assert.match(value('nodejs24.x'), /^Node\.js 24\./);
  assert.match(value('port'), /^Lambent \S+ runs on/);
  assert.match(value('data folder'), new RegExp(`process id ${server.process.pid}$`));
  assert.match((await lambent('doctor')).stdout, /Functions can run here/);
});

test('start says what it found, for people and for programs, and ready comes in the same words', async () => {
  assert.match(server.output(), /\n {2}runtimes +Node\.js 24[\s\S]*custom runtimes/);
  const other = await startTestServer({ flags: ['--json', '--prebooted', '0'] });
  try {
    const [facts, ready] = other.output().trim().split('\n');
    assert.equal(ready, `Lambent ready on ${other.url}`);
    const { url, interpreters } = JSON.parse(facts!);
    assert.equal(url, other.url);
    assert.ok(interpreters.nodes.includes('24'));
  } finally {
    await other.stop();
  }
});

test('each command has a help text with examples or a reason to go without', async () => {
  const names = ['start', 'doctor', 'deploy', 'invoke', 'logs', 'list', 'delete'];
  const [all, ...helps] = await Promise.all([lambent('--help'), ...names.map((name) => lambent(name, '--help'))]);
  for (const name of names) assert.match(all!.stdout, new RegExp(`^  ${name} `, 'm'));
  for (const { code, stdout } of helps) {
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: lambent /);
  }
});
