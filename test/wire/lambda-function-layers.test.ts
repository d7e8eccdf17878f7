// Functions with layers: what is checked and told of them, and what their code finds in /opt.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { pythonBuilds } from '../runtimes/builds.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { type ZipEntry, zipOf } from '../zip.ts';
import { account, arnOf, create, fails, handlerCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const stranger = '999988887777';
const layerArn = (name: string, version: number, from = region, owner = account) =>
  `arn:aws:lambda:${from}:${owner}:layer:${name}:${version}`;

/** Publishes a layer version; resolves to its ARN. */
async function layer(
  name: string,
  files: readonly ZipEntry[] | Record<string, string | Buffer>,
  as = client,
): Promise<string> {
  const ZipFile = zipOf(files);
  const published = await as.send(new lambda.PublishLayerVersionCommand({ LayerName: name, Content: { ZipFile } }));
  return published.LayerVersionArn!;
}

async function update(name: string, changes: Partial<lambda.UpdateFunctionConfigurationCommandInput>) {
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: name, ...changes }));
  return settled(client, name);
}

const setLayers = (name: string, Layers: string[]) =>
  client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: name, Layers }));

async function resultOf(name: string): Promise<any> {
  const { value, FunctionError, text } = await invoke(client, name);
  assert.equal(FunctionError, undefined, text);
  return value;
}

test('layers are told by every answer about the function, in their order, until they are taken off', async () => {
  const zip = zipOf({ 'a.txt': 'a' });
  const first = await layer('told-first', { 'a.txt': 'a' });
  const second = await layer('told-second', { 'a.txt': 'a' });
  const expected = [second, first].map((Arn) => ({ Arn, CodeSize: zip.length }));
  const created = await create(client, 'told', { Layers: [second, first], Publish: true });
  assert.deepEqual(created.Layers, expected);
  assert.deepEqual((await settled(client, 'told')).Layers, expected);
  assert.deepEqual((await settled(client, 'told', '1')).Layers, expected);
  const { Configuration } = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'told' }));
  assert.deepEqual(Configuration!.Layers, expected);
  const { Functions } = await client.send(new lambda.ListFunctionsCommand({}));
  assert.deepEqual(Functions!.find(({ FunctionName }) => FunctionName === 'told')!.Layers, expected);
  const { Versions } = await client.send(new lambda.ListVersionsByFunctionCommand({ FunctionName: 'told' }));
  for (const { Layers } of Versions!) assert.deepEqual(Layers, expected);

  assert.deepEqual((await update('told', { Timeout: 9 })).Layers, expected, 'what is not mentioned stays');
  assert.deepEqual((await update('told', { Layers: [first] })).Layers, expected.slice(1));
  assert.equal((await update('told', { Layers: [] })).Layers, undefined);
  assert.deepEqual((await settled(client, 'told', '1')).Layers, expected);
});

test('layers that a function cannot have are refused as AWS does', async () => {
  await create(client, 'picky');
  await settled(client, 'picky');
  const arns: string[] = [];
  for (let number = 0; number < 6; number++) arns.push(await layer(`picky-${number}`, { 'a.txt': String(number) }));
  const one = arns[0]!;
  const two = await layer('picky-0', { 'a.txt': 'again' });
  const refused = async (layers: string[], message: string | RegExp, code = invalid, status = 400) => {
    await fails(setLayers('picky', layers), code, status, message);
    await fails(create(client, 'picky-new', { Layers: layers }), code, status, message);
  };
  await refused(arns, 'Cannot reference more than 5 layers.');
  const twice = (a: string, b: string) =>
    `Two different versions of the same layer are not allowed to be referenced in the same function. ${a} and ${b} are versions of the same layer.`;
  await refused([one, two], twice(one, two));
  await refused([one, one], twice(one, one));
  await refused([arns[1]!, one, two], twice(one, two));
  for (const absent of [layerArn('doesnotexist', 1), layerArn('picky-0', 9)]) {
    await refused([absent], `Layer version ${absent} does not exist.`);
  }
  const provided = 'arn:aws:lambda:::awslayer:AmazonLinux1803';
  await refused([provided], `Layer version ${provided} does not exist.`);
  const bare = one.replace(/:1$/, '');
  await refused(
    [bare],
    /^1 validation error detected: Value '\[arn:aws:lambda:eu-west-1:123456789012:layer:picky-0\]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: \[Member must have length less than or equal to \d+, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: .*, Member must not be null\]$/,
    'ValidationException',
  );
  await refused(
    [layerArn('picky-0', 1, 'us-east-1')],
    'Layers are not in the same region as the function. Layers are expected to be in region eu-west-1.',
  );
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: 'picky-new' })),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('picky-new')}`,
  );
  assert.equal((await update('picky', { Layers: arns.slice(0, 5) })).Layers!.length, 5);
});

test('a layer of another account is used when its policy allows it', async () => {
  const other = lambdaClient(server, { credentials: { accessKeyId: stranger, secretAccessKey: 'any' } });
  const theirs = await layer('lent', { 'nodejs/node_modules/lent.js': 'module.exports = "lent";' }, other);
  await create(client, 'borrower', { Code: { ZipFile: commonJs('require("lent")') } });
  await settled(client, 'borrower');
  const denied = (arn: string) =>
    `User: arn:aws:iam::${account}:root is not authorized to perform: lambda:GetLayerVersion on resource: ${arn} because no resource-based policy allows the lambda:GetLayerVersion action`;
  const far = layerArn('lent', 1, 'us-east-1', stranger);
  for (const arn of [theirs, far]) {
    await fails(setLayers('borrower', [arn]), 'AccessDeniedException', 403, denied(arn));
  }
  await other.send(
    new lambda.AddLayerVersionPermissionCommand({
      LayerName: 'lent',
      VersionNumber: 1,
      StatementId: 'all',
      Action: 'lambda:GetLayerVersion',
      Principal: account,
    }),
  );
  assert.equal((await update('borrower', { Layers: [theirs] })).Layers![0]!.Arn, theirs);
  assert.equal(await resultOf('borrower'), 'lent');
});

/** A package whose handler returns the value of `expression`. */
function commonJs(expression: string): Buffer {
  return zipOf({ 'index.js': `exports.handler = async () => ${expression};` });
}

test('code and layers together are at most as large as AWS allows', async () => {
  const handler = 'exports.handler = async () => "ran";';
  const sized = (bytes: number) => zipOf({ 'index.js': handler, pad: Buffer.alloc(bytes - handler.length) });
  const half = await layer('half', { pad: Buffer.alloc(131_072_000) });
  const rest = await layer('rest', { pad: Buffer.alloc(131_072_000 - 1_000) });
  const more = await layer('more', { pad: Buffer.alloc(131_072_001) });
  const tooLarge = (bytes: number) =>
    `Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is ${bytes} bytes.`;
  await fails(
    create(client, 'large', { Code: { ZipFile: sized(1_001) }, Layers: [half, rest] }),
    invalid,
    400,
    tooLarge(262_144_001),
  );
  await create(client, 'large', { Code: { ZipFile: sized(1_000) }, Layers: [half, rest] });
  await settled(client, 'large');
  const onlyLayers = 'Layers consume more than the available size of 262144000 bytes';
  await fails(setLayers('large', [half, more]), invalid, 400, onlyLayers);
  const code = (bytes: number, DryRun = false) =>
    client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: 'large', ZipFile: sized(bytes), DryRun }));
  await fails(code(1_001), invalid, 400, tooLarge(262_144_001));
  await fails(code(1_001, true), invalid, 400, tooLarge(262_144_001));
  await code(999);
  await settled(client, 'large');
  await update('large', { Layers: [half] });
  await code(1_001);
  await settled(client, 'large');
  await fails(setLayers('large', [half, rest]), invalid, 400, tooLarge(262_144_001));
  assert.equal(await resultOf('large'), 'ran');
  for (const FunctionName of ['large']) await client.send(new lambda.DeleteFunctionCommand({ FunctionName }));
  for (const LayerName of ['half', 'rest', 'more']) {
    await client.send(new lambda.DeleteLayerVersionCommand({ LayerName, VersionNumber: 1 }));
  }
});

test('Node.js finds modules, programs and files of its layers; of two that clash the later wins', async () => {
  const script = (text: string): ZipEntry => ({
    name: 'bin/say',
    content: `#!/bin/sh\necho ${text}\n`,
    mode: 0o100755,
  });
  const lower = await layer('lower', [
    { name: 'nodejs/node_modules/both.js', content: 'module.exports = "lower";' },
    { name: 'nodejs/node_modules/low.js', content: 'module.exports = "low";' },
    { name: 'nodejs/node24/node_modules/versioned.js', content: 'module.exports = "for 24";' },
    { name: 'folder-or-file/inner.txt', content: 'inner' },
    { name: 'file-or-folder', content: 'file' },
    { name: 'link', content: 'nodejs/node_modules', mode: 0o120777 },
    script('low'),
  ]);
  const upper = await layer('upper', [
    { name: 'nodejs/node_modules/both.js', content: 'module.exports = "upper";' },
    { name: 'folder-or-file', content: 'file' },
    { name: 'file-or-folder/inner.txt', content: 'inner' },
    { name: 'link/low.js', content: 'module.exports = "written through a link";' },
    script('high'),
  ]);
  const source = `
    const { execSync } = require('node:child_process');
    const fs = require('node:fs');
    const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
    exports.handler = async () => ({
      both: attempt(() => require('both')),
      low: attempt(() => require('low')),
      versioned: attempt(() => require('versioned')),
      said: attempt(() => execSync('say').toString().trim()),
      folderOrFile: attempt(() => fs.readFileSync('/opt/folder-or-file', 'utf8')),
      fileOrFolder: attempt(() => fs.readFileSync('/opt/file-or-folder/inner.txt', 'utf8')),
      written: attempt(() => fs.writeFileSync('/opt/new', 'x')),
    });`;
  await create(client, 'node', { Code: { ZipFile: zipOf({ 'index.js': source }) }, Layers: [lower, upper] });
  await settled(client, 'node');
  const { written, ...seen } = await resultOf('node');
  assert.deepEqual(seen, {
    both: 'upper',
    low: 'low',
    versioned: 'for 24',
    said: 'high',
    folderOrFile: 'file',
    fileOrFolder: 'inner',
  });
  assert.match(written, /^(EROFS|EACCES)$/);

  await update('node', { Layers: [upper, lower] });
  const turned = await resultOf('node');
  assert.deepEqual([turned.both, turned.said, turned.fileOrFolder], ['lower', 'low', 'ENOTDIR']);
  await update('node', { Layers: [upper] });
  assert.deepEqual([(await resultOf('node')).both, (await resultOf('node')).low], ['upper', 'MODULE_NOT_FOUND']);
  await update('node', { Layers: [] });
  assert.deepEqual((await resultOf('node')).both, 'MODULE_NOT_FOUND');
});

const python = pythonBuilds.find(({ build }) => build !== null);
const noPython = python === undefined ? 'no Python on this machine' : false;

test('Python finds the packages of its layers', { skip: noPython }, async () => {
  const minor = python!.runtime.replace('python', '');
  const first = await layer('python-first', { 'python/layered.py': 'text = "from /opt/python"' });
  const second = await layer('python-second', {
    [`python/lib/python${minor}/site-packages/packaged/__init__.py`]: 'text = "from site-packages"',
  });
  const source = 'import layered, packaged\ndef handler(event, context):\n    return [layered.text, packaged.text]\n';
  await create(client, 'python', {
    Runtime: python!.runtime as lambda.Runtime,
    Code: { ZipFile: zipOf({ 'index.py': source }) },
    Layers: [first, second],
  });
  await settled(client, 'python');
  assert.deepEqual(await resultOf('python'), ['from /opt/python', 'from site-packages']);
});

/** A shared library of this machine, which nothing finds under another name but where it was put. */
function someLibrary(): Buffer {
  const mapped = /\s(\/\S*\/libm[.-]\S*)/.exec(readFileSync('/proc/self/maps', 'utf8'));
  assert.ok(mapped, 'Node.js is linked with the mathematical library');
  return readFileSync(mapped[1]!);
}

test('a custom runtime starts from the bootstrap of a layer, with its programs and libraries', {
  skip: noPython,
}, async () => {
  const bootstrap = `#!/usr/bin/env python3
import ctypes, json, os, subprocess, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as event:
        request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = {
        "said": subprocess.run(["say"], stdout=subprocess.PIPE).stdout.decode().strip(),
        "root": ctypes.CDLL("libfromlayer.so").abs is not None,
        "code": os.listdir(os.environ["LAMBDA_TASK_ROOT"]),
    }
    urllib.request.urlopen(base + request_id + "/response", data=json.dumps(answer).encode()).close()
`;
  const runtime = await layer('runtime', [{ name: 'bootstrap', content: bootstrap, mode: 0o100755 }]);
  const tools = await layer('tools', [
    { name: 'bin/say', content: '#!/bin/sh\necho tool\n', mode: 0o100755 },
    { name: 'lib/libfromlayer.so', content: someLibrary(), mode: 0o100755 },
  ]);
  await create(client, 'custom', {
    Runtime: 'provided.al2023',
    Code: { ZipFile: zipOf({ 'data.txt': 'x' }) },
    Layers: [runtime, tools],
  });
  await settled(client, 'custom');
  assert.deepEqual(await resultOf('custom'), { said: 'tool', root: true, code: ['data.txt'] });
});

test('a deleted layer version works on for those who have it, also after a restart without its unpacked files', async () => {
  const files = (text: string) => ({ [`nodejs/node_modules/kept-${text}.js`]: `module.exports = "${text}";` });
  const one = await layer('kept-one', files('one'));
  const two = await layer('kept-two', files('two'));
  const code = commonJs('[require("kept-one"), require("kept-two")]');
  await create(client, 'keeper', { Code: { ZipFile: code }, Layers: [one, two], Publish: true });
  await settled(client, 'keeper');
  await settled(client, 'keeper', '1');
  await create(client, 'single', { Code: { ZipFile: commonJs('require("kept-one")') }, Layers: [one] });
  await settled(client, 'single');
  for (const LayerName of ['kept-one', 'kept-two']) {
    await client.send(new lambda.DeleteLayerVersionCommand({ LayerName, VersionNumber: 1 }));
  }
  assert.deepEqual(await resultOf('keeper'), ['one', 'two']);
  await fails(setLayers('keeper', [one, two]), invalid, 400, `Layer version ${one} does not exist.`);
  await update('keeper', { Description: 'changed' });
  assert.deepEqual(await resultOf('keeper'), ['one', 'two']);

  server = await server.restart('SIGKILL');
  client = lambdaClient(server);
  assert.deepEqual(await resultOf('keeper:1'), ['one', 'two']);
  server = await server.restart('SIGTERM');
  client = lambdaClient(server);
  for (const folder of ['code', 'layers']) rmSync(join(server.dataDir, folder), { recursive: true, force: true });
  assert.deepEqual(await resultOf('keeper'), ['one', 'two']);
  assert.equal(await resultOf('single'), 'one');
});

test('what no function has any more is cleared away', async () => {
  const one = await layer('cleared-one', { 'one.txt': 'cleared' });
  const two = await layer('cleared-two', { 'two.txt': 'cleared' });
  const hashes: string[] = [];
  for (const LayerName of ['cleared-one', 'cleared-two']) {
    const { Content } = await client.send(new lambda.GetLayerVersionCommand({ LayerName, VersionNumber: 1 }));
    hashes.push(Buffer.from(Content!.CodeSha256!, 'base64').toString('hex'));
  }
  const list = (folder: string) => readdirSync(join(server.dataDir, folder), { withFileTypes: true });
  const before = list('layers').length;
  const read = 'return (await import("node:fs")).readdirSync("/opt").sort()';
  for (const name of ['cleared', 'cleared-too']) {
    await create(client, name, { Code: { ZipFile: handlerCode(read) }, Layers: [one, two] });
    await settled(client, name);
    assert.deepEqual(await resultOf(name), ['one.txt', 'two.txt']);
  }
  assert.equal(list('layers').length, before + 1, 'one folder for one combination');
  for (const LayerName of ['cleared-one', 'cleared-two']) {
    await client.send(new lambda.DeleteLayerVersionCommand({ LayerName, VersionNumber: 1 }));
  }
  await update('cleared', { Layers: [] });
  assert.deepEqual(await resultOf('cleared'), []);
  assert.deepEqual(await resultOf('cleared-too'), ['one.txt', 'two.txt']);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'cleared-too' }));
  const unpacked = () => list('code').filter(({ name }) => hashes.includes(name)).length;
  for (let attempt = 0; list('layers').length > before || unpacked() > 0; attempt++) {
    assert.ok(attempt < 400, `${list('layers').length - before} stacks and ${unpacked()} layers are left`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
