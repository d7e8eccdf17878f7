// Deployment packages as hostile input: what is refused leaves nothing behind, what is odd but honest runs.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { type ZipEntry, zipOf } from '../zip.ts';
import { create, fails, handlerCode, invoke, lambdaClient } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let outside: string;
before(async () => {
  outside = mkdtempSync(join(tmpdir(), 'lambent-outside-'));
  server = await startTestServer();
  client = lambdaClient(server);
  await create(client, 'witness');
});
after(async () => {
  await server.stop();
  rmSync(outside, { recursive: true, force: true });
});

const code = 'InvalidParameterValueException';
const unzip = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
const tooLarge = 'Unzipped size must be smaller than 262144000 bytes';
const handler = { name: 'index.js', content: 'exports.handler = async () => "ran";' };

/** Everything in the data folder that belongs to code. */
function codeFiles(): string[] {
  return ['code', 'blobs'].flatMap((folder) =>
    readdirSync(join(server.dataDir, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || folder === 'code')
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

let refusals = 0;

async function refused(zip: Buffer, message = unzip): Promise<void> {
  const before = codeFiles();
  const name = `hostile-${refusals++}`;
  await fails(create(client, name, { Code: { ZipFile: zip } }), code, 400, message);
  assert.deepEqual(codeFiles(), before, 'nothing is left behind');
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: name })),
    'ResourceNotFoundException',
    404,
    /hostile-\d+$/,
  );
}

async function runs(name: string, zip: Buffer, Handler = 'index.handler'): Promise<any> {
  await create(client, name, { Code: { ZipFile: zip }, Handler });
  const { FunctionError, value, text } = await invoke(client, name);
  assert.equal(FunctionError, undefined, text);
  return value;
}

test('what is no zip, is cut off, or is damaged inside is refused', async () => {
  const whole = zipOf([handler, { name: 'data.txt', content: 'x'.repeat(5000) }]);
  await refused(Buffer.from('PK'));
  await refused(Buffer.alloc(1000, 0xff));
  await refused(whole.subarray(0, whole.length - 10));
  await refused(whole.subarray(0, whole.length / 2));
  await refused(whole.subarray(20));
  const damaged = Buffer.from(whole);
  damaged.fill(0xaa, 60, 90);
  await refused(damaged);
  const pointing = Buffer.from(whole);
  pointing.writeUInt32LE(0x7fffffff, pointing.length - 6);
  await refused(pointing);
});

test('checksums and sizes that are not true are found out', async () => {
  await refused(zipOf([{ ...handler, declaredCrc: 12345 }]));
  await refused(zipOf([{ ...handler, declaredSize: 3 }]));
  await refused(zipOf([{ ...handler, declaredSize: 30_000 }]));
  await refused(zipOf([{ ...handler, method: 0, declaredSize: 3 }]));
});

test('encrypted entries and unknown compressions are refused', async () => {
  await refused(zipOf([{ ...handler, flags: 0x801 }]));
  await refused(zipOf([{ ...handler, flags: 0x841 }]));
  await refused(zipOf([{ ...handler, method: 99 }]));
});

test('names that lead out of the package are refused', async () => {
  const names = [
    '../escape.js',
    'a/../../escape.js',
    '/etc/escape.js',
    'a/..',
    '..',
    '..\\escape.js',
    'C:\\escape.js',
    'C:/escape.js',
    'nul\0byte.js',
  ];
  for (const name of names) await refused(zipOf([handler, { name, content: 'escaped' }]));
  assert.deepEqual(readdirSync(outside), []);
});

test('nothing is written through a link, whatever the order of the entries', async () => {
  const link = (target: string): ZipEntry => ({ name: 'door', content: target, mode: 0o120777 });
  const through = { name: 'door/escape.js', content: 'escaped' };
  await refused(zipOf([handler, link(outside), through]));
  await refused(zipOf([handler, through, link(outside)]));
  await refused(
    zipOf([
      handler,
      link(join(outside, 'file')),
      { name: 'door', content: 'escaped', mode: 0o100644 },
      { name: 'door/x', content: '' },
    ]),
  );
  assert.deepEqual(readdirSync(outside), []);
});

test('a link that was replaced by a file of its name writes nothing outside', async () => {
  const zip = zipOf([
    handler,
    { name: 'door', content: join(outside, 'file'), mode: 0o120777 },
    { name: 'door', content: 'inside', mode: 0o100644 },
  ]);
  assert.equal(await runs('replaced-link', zip), 'ran');
  assert.deepEqual(readdirSync(outside), []);
});

test('links out of the package see the sandbox, not the machine', async () => {
  const secret = join(outside, 'absent-in-sandbox');
  const source = `
    const fs = require('node:fs');
    const read = (path) => { try { return fs.readFileSync(path, 'utf8'); } catch (error) { return error.code; } };
    exports.handler = async () => ({ inside: read('/var/task/inside'), outside: read('/var/task/outside') });`;
  const zip = zipOf([
    { name: 'index.js', content: source },
    { name: 'real.txt', content: 'real' },
    { name: 'inside', content: 'real.txt', mode: 0o120777 },
    { name: 'outside', content: join(server.dataDir, 'key'), mode: 0o120777 },
  ]);
  assert.deepEqual(await runs('links', zip), { inside: 'real', outside: 'ENOENT' });
  assert.equal(existsSync(secret), false);
});

test('links too long to be links, or to nowhere, are refused', async () => {
  await refused(zipOf([handler, { name: 'door', content: 'x'.repeat(5000), mode: 0o120777 }]));
  await refused(zipOf([handler, { name: 'door', content: '', mode: 0o120777 }]));
});

test('devices, pipes and sockets are refused', async () => {
  for (const type of [0o010000, 0o020000, 0o060000, 0o140000]) {
    await refused(zipOf([handler, { name: 'odd', content: '', mode: type | 0o666 }]));
  }
});

test('a file that is also a folder is refused', async () => {
  await refused(zipOf([handler, { name: 'both', content: 'file' }, { name: 'both/inner.js', content: '' }]));
  await refused(zipOf([handler, { name: 'both/inner.js', content: '' }, { name: 'both', content: 'file' }]));
  await refused(zipOf([handler, { name: 'index.js/deeper/x.js', content: '' }]));
});

test('a bomb is refused for what it says, and for what it is', async () => {
  const nothing = Buffer.alloc(90_000_000);
  const parts = [1, 2, 3].map((number) => ({ name: `part${number}`, content: nothing }));
  const bomb = zipOf([handler, ...parts]);
  assert.ok(bomb.length < 1_000_000);
  await refused(bomb, tooLarge);
  // One that says less than it is ends at what it said.
  await refused(zipOf([handler, { name: 'part', content: nothing, declaredSize: 10 }]));
  const one = zipOf([handler, { name: 'big', content: Buffer.alloc(262_144_001) }]);
  await refused(one, tooLarge);
});

test('a package of the largest size runs', async () => {
  const rest = 262_144_000 - handler.content.length;
  assert.equal(await runs('largest', zipOf([handler, { name: 'big', content: Buffer.alloc(rest) }])), 'ran');
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'largest' }));
  // The tests after this one compare what lies in the data folder.
  for (let attempt = 0; codeFiles().some((path) => path.endsWith('/big')); attempt++) {
    assert.ok(attempt < 500, 'the code is not cleared away');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('tens of thousands of entries with one name are one file', async () => {
  const entry = zipOf([{ name: 'e', content: '', method: 0 }]);
  const central = entry.subarray(31, 31 + 47);
  const end = Buffer.from(entry.subarray(-22));
  const count = 65_535;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length * count, 12);
  end.writeUInt32LE(31, 16);
  const zip = Buffer.concat([entry.subarray(0, 31), ...Array.from({ length: count }, () => central), end]);
  await create(client, 'same-names', { Code: { ZipFile: zip } });
  assert.equal((await invoke(client, 'same-names')).value.errorType, 'Runtime.ImportModuleError');
});

test('names longer than a file system takes are refused', async () => {
  await refused(zipOf([handler, { name: 'n'.repeat(300), content: '' }]));
  await refused(zipOf([handler, { name: `${'d/'.repeat(101)}x`, content: '' }]));
});

test('folders that only names tell of count as entries', async () => {
  const deep = (index: number) => `${Array.from({ length: 90 }, (_, level) => `${index}-${level}`).join('/')}/x`;
  await refused(zipOf([handler, ...Array.from({ length: 2500 }, (_, index) => ({ name: deep(index), method: 0 }))]));
});

test('of two entries with one name the later wins', async () => {
  const zip = zipOf([
    { name: 'index.js', content: 'exports.handler = async () => "first";' },
    { name: './index.js', content: 'exports.handler = async () => "second";' },
  ]);
  assert.equal(await runs('duplicate', zip), 'second');
});

test('folders, empty names and names in unicode are unpacked', async () => {
  const source = 'exports.handler = async () => require("node:fs").readdirSync("/var/task").sort();';
  const zip = zipOf([
    { name: 'index.js', content: source },
    { name: 'ordner/', mode: 0o040755 },
    { name: 'ordner/leer', content: '' },
    { name: 'größe \u{1f600}.txt', content: 'x' },
    { name: 'a/./b//c.txt', content: 'x' },
  ]);
  assert.deepEqual(await runs('unicode', zip), ['a', 'größe \u{1f600}.txt', 'index.js', 'ordner']);
});

test('files are readable whatever their modes, and executable where the zip says so', async () => {
  const source = `
    const { statSync } = require('node:fs');
    exports.handler = async () => ['none', 'private', 'run', 'dos', 'suid'].map((name) => (statSync('/var/task/' + name).mode & 0o7777).toString(8));`;
  const zip = zipOf([
    { name: 'index.js', content: source },
    { name: 'none', content: 'x', mode: 0o100000 },
    { name: 'private', content: 'x', mode: 0o100400 },
    { name: 'run', content: 'x', mode: 0o100755 },
    { name: 'dos', content: 'x', mode: 0, system: 0 },
    { name: 'suid', content: 'x', mode: 0o104755 },
  ]);
  assert.deepEqual(await runs('modes', zip), ['644', '644', '755', '644', '755']);
});

test('an update with a broken package leaves the function as it was', async () => {
  await create(client, 'stays', { Code: { ZipFile: handlerCode('return "old"') } });
  const before = codeFiles();
  const update = { FunctionName: 'stays', ZipFile: zipOf([handler, { name: '../x', content: '' }]) };
  await fails(client.send(new lambda.UpdateFunctionCodeCommand(update)), code, 400, unzip);
  assert.deepEqual(codeFiles(), before);
  assert.equal((await invoke(client, 'stays')).value, 'old');
});

test('an empty package is a package without a handler', async () => {
  await create(client, 'empty', { Code: { ZipFile: zipOf([]) } });
  const { FunctionError, value } = await invoke(client, 'empty');
  assert.deepEqual([FunctionError, value.errorType], ['Unhandled', 'Runtime.ImportModuleError']);
});

test('handlers that lead nowhere fail as functions, not as servers', async () => {
  const wrong: [string, string][] = [
    ['index', 'Runtime.MalformedHandlerName'],
    ['index.', 'Runtime.HandlerNotFound'],
    ['../../etc/passwd.handler', 'Runtime.MalformedHandlerName'],
    ['absent.handler', 'Runtime.ImportModuleError'],
    ['deep/er/index.handler', 'Runtime.ImportModuleError'],
    ['index.constructor', 'Runtime.HandlerNotFound'],
    ['index.a.b.c', 'Runtime.HandlerNotFound'],
  ];
  for (const [index, [Handler, errorType]] of wrong.entries()) {
    await create(client, `handler-${index}`, { Handler });
    const { FunctionError, value } = await invoke(client, `handler-${index}`);
    assert.deepEqual([FunctionError, value.errorType], ['Unhandled', errorType], `${Handler}: ${value.errorMessage}`);
  }
});

test('after all that, the server serves, and holds the code of its functions and nothing else', async () => {
  assert.equal((await invoke(client, 'witness', { Payload: Buffer.from('1') })).value.event, 1);
  const functions: string[] = [];
  for await (const page of lambda.paginateListFunctions({ client }, {})) {
    functions.push(...page.Functions!.map((f) => Buffer.from(f.CodeSha256!, 'base64').toString('hex')));
  }
  const folders = readdirSync(join(server.dataDir, 'code')).sort();
  assert.deepEqual(folders, [...new Set(functions)].sort());
  assert.deepEqual(readdirSync(join(server.dataDir, 'blobs', 'incoming')), []);
  assert.doesNotMatch(server.output(), /fault of ours/);
});
