// Every folder of examples/ is deployed as its README says, invoked, and answers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { buffer, json } from 'node:stream/consumers';
import { crc32, deflateSync } from 'node:zlib';
import yazl from 'yazl';
import { runCli } from './cli-run.ts';
import { cargoTargetDir } from './runtimes/cargo.ts';
import { startTestServer, type TestServer } from './server.ts';

const examples = resolve(import.meta.dirname, '../examples');
let server: TestServer;
let root: string;

before(async () => {
  server = await startTestServer();
  root = mkdtempSync(join(tmpdir(), 'lambent-examples-'));
});
after(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Deploys a copy without what an earlier deployment installed. */
async function deploy(name: string, ...flags: string[]): Promise<string> {
  const folder = join(root, name);
  cpSync(join(examples, name), folder, { recursive: true, filter: (file) => basename(file) !== 'node_modules' });
  const { code, stderr } = await runCli(server.url, ['deploy', folder, ...flags]);
  assert.equal(code, 0, stderr);
  return stderr;
}

async function invoke(name: string, event: object): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli(server.url, ['invoke', name, '-'], JSON.stringify(event));
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('each example tells what it shows, and its lock file names no registry', () => {
  for (const name of readdirSync(examples)) {
    assert.match(
      readFileSync(join(examples, name, 'README.md'), 'utf8'),
      new RegExp(`lambent deploy examples/${name}`),
    );
    if (!readdirSync(join(examples, name)).includes('package-lock.json')) continue;
    assert.doesNotMatch(readFileSync(join(examples, name, 'package-lock.json'), 'utf8'), /"resolved"|hasInstallScript/);
  }
});

test('hello-node greets', async () => {
  await deploy('hello-node');
  const { greeting, memoryMib } = await invoke('hello-node', { name: 'Ada' });
  assert.deepEqual({ greeting, memoryMib }, { greeting: 'Hello, Ada!', memoryMib: 128 });
});

test('hello-python greets', async () => {
  await deploy('hello-python');
  const { greeting, python } = await invoke('hello-python', { name: 'Ada' });
  assert.equal(greeting, 'Hello, Ada!');
  assert.match(String(python), /^3\.\d+\.\d+$/);
});

test('hello-shell answers again and again, whatever bytes the event has', async () => {
  await deploy('hello-shell');
  for (const event of [{ name: 'Ada' }, { text: 'grüße 日本 %s \\n "' }, { long: 'x'.repeat(100_000) }]) {
    const answer = await invoke('hello-shell', event);
    assert.deepEqual(answer['event'], event);
    assert.match(String(answer['shell']), /^bash \d/);
  }
});

test('thumbnail installs its dependency and makes a picture smaller', async () => {
  const progress = await deploy('thumbnail', '--memory', '512', '--timeout', '30');
  assert.match(progress, /Installing dependencies: npm ci --omit=dev/);
  const image = png(400, 200).toString('base64');
  const { thumbnail, ...sizes } = await invoke('thumbnail', { image, size: 64 });
  assert.deepEqual(sizes, { width: 64, height: 32, original: { width: 400, height: 200 } });
  const made = Buffer.from(String(thumbnail), 'base64');
  // Width and height stand in the first chunk of a PNG.
  assert.deepEqual([made.toString('latin1', 1, 4), made.readUInt32BE(16), made.readUInt32BE(20)], ['PNG', 64, 32]);
});

const built = [
  {
    ...{ name: 'hello-go', program: 'go', about: ['version'], folder: 'build', flags: [] },
    build: ['go', 'build', '-tags', 'lambda.norpc', '-o', 'build/bootstrap', '.'],
    answer: { greeting: 'Hello, Ada!' },
  },
  {
    ...{ name: 'hello-rust', program: 'cargo', about: ['--version'], folder: 'build', flags: [] },
    build: [
      ...['sh', '-c'],
      'cargo build --release --locked --quiet && mkdir -p build && cp "$CARGO_TARGET_DIR/release/bootstrap" build/',
    ],
    answer: { greeting: 'Hello, Ada!' },
  },
  {
    ...{ name: 'hello-java-maven', program: 'mvn', about: ['--version'], folder: 'target/function' },
    build: ['mvn', '-q', '-B', 'process-classes'],
    flags: ['--runtime', 'java17', '--handler', 'example.Hello::handleRequest', '--memory', '512', '--timeout', '15'],
    answer: { greeting: 'Hello, Ada!' },
  },
  {
    ...{ name: 'hello-java-gradle', program: 'gradle', about: ['--version'], folder: 'build/function' },
    build: ['gradle', '--quiet', '--no-daemon', 'function'],
    flags: ['--runtime', 'java17', '--handler', 'example.Hello::handleRequest', '--memory', '512', '--timeout', '15'],
    answer: { greeting: 'Hello, Ada!' },
  },
];

for (const { name, program, about, build, folder, flags, answer } of built) {
  const there = spawnSync(program, about, { stdio: 'ignore' }).status === 0;
  test(`${name} is built, and greets`, { skip: !there && `there is no ${program} on this machine` }, async (t) => {
    const source = join(root, name);
    cpSync(join(examples, name), source, {
      recursive: true,
      filter: (file) => !['target', 'build', '.gradle'].includes(basename(file)),
    });
    const { status, stderr } = spawnSync(build[0]!, build.slice(1), {
      ...{ cwd: source, encoding: 'utf8', timeout: 240_000 },
      env: { ...process.env, CGO_ENABLED: '0', CARGO_TARGET_DIR: cargoTargetDir },
    });
    if (status !== 0 && /resolve|download|network|unreachable|connect|lookup|dial tcp/i.test(stderr)) {
      t.skip(`its dependencies cannot be had: ${stderr.trim().split('\n').at(-1)}`);
      return;
    }
    assert.equal(status, 0, stderr);
    const deployed = await runCli(server.url, ['deploy', join(source, folder), '--name', name, ...flags]);
    assert.equal(deployed.code, 0, deployed.stderr);
    const { greeting } = await invoke(name, { name: 'Ada' });
    assert.deepEqual({ greeting }, answer);
  });
}

test('extension-log-shipper ships what happens in a function to a collector', async (t) => {
  const own = await startTestServer({ flags: ['--network', 'host'] });
  t.after(() => own.stop());
  const records: { type: string; record: unknown }[] = [];
  const collector = createServer(async (request, response) => {
    records.push(...((await json(request)) as typeof records));
    response.end();
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  t.after(() => collector.close());
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const folder = join(examples, 'extension-log-shipper');
  const flags = ['--name', 'shipped', '--layer', join(folder, 'layer'), '--env', `COLLECTOR_URL=${url}`];
  const deployed = await runCli(own.url, ['deploy', join(folder, 'function'), ...flags, '--timeout', '10']);
  assert.equal(deployed.code, 0, deployed.stderr);
  const { code, stdout } = await runCli(own.url, ['invoke', 'shipped', '-'], '{"name":"Ada"}');
  assert.deepEqual([code, JSON.parse(stdout)], [0, { greeting: 'Hello, Ada!' }]);
  await own.stop();
  const types = new Set(records.map(({ type }) => type));
  for (const type of ['platform.initStart', 'platform.start', 'platform.runtimeDone', 'platform.report']) {
    assert.ok(types.has(type), `no ${type} among ${[...types].join(', ')}`);
  }
  const isGreeting = ({ type, record }: (typeof records)[number]) =>
    type === 'function' && /greeting Ada/.test(`${record}`);
  assert.ok(records.some(isGreeting));
});

test('a Python function gets its requirements', async () => {
  const folder = join(root, 'hello-python');
  cpSync(join(examples, 'hello-python'), folder, { recursive: true });
  const wheel = join(root, 'greeter-1.0-py3-none-any.whl');
  writeFileSync(wheel, await pythonWheel());
  writeFileSync(join(folder, 'requirements.txt'), `${wheel}\n`);
  writeFileSync(
    join(folder, 'lambda_function.py'),
    'import greeter\ndef lambda_handler(event, context):\n    return greeter.words\n',
  );
  const { code, stderr } = await runCli(server.url, ['deploy', folder, '--name', 'with-requirements']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /pip install -r requirements\.txt/);
  assert.equal((await runCli(server.url, ['invoke', 'with-requirements'])).stdout, '"Hello"\n');
});

/** A picture of that size with a gradient, in 8-bit RGB. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let at = 0; at < rows.length; at += 1) rows[at] = at % (1 + width * 3) === 0 ? 0 : at & 0xff;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A package of one module, built ahead as PyPI's are, so that the test needs no network. */
async function pythonWheel(): Promise<Buffer> {
  const info = 'greeter-1.0.dist-info';
  const files = {
    'greeter.py': 'words = "Hello"\n',
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `greeter.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
}
