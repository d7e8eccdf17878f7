// Lambda runtimes find the right interpreter, fetch one once, and make do with a near one.
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type FindOptions, findInterpreters, InterpreterMissingError } from './index.ts';

const nodePackage = `node-linux-${process.arch}`;
let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'lambent-interpreters-')));
  for (const family of ['nodejs', 'python', 'provided']) {
    write(`lambent/runtimes/${family}/bootstrap.mjs`, '// bootstrap');
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array, mode = 0o644): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

function addNode(folder: string, version: string): void {
  write(`${folder}/node_modules/${nodePackage}/package.json`, JSON.stringify({ version }));
  write(`${folder}/node_modules/${nodePackage}/bin/node`, '', 0o755);
}

/** A Python that cannot run, in a folder of its own under pyenv's. */
function addPython(version: string): void {
  const short = version.split('.').slice(0, 2).join('.');
  write(`home/.pyenv/versions/${version}/bin/python${short}`, '\x7fELF', 0o755);
  write(`home/.pyenv/versions/${version}/lib/python${short}/os.py`, '');
}

const noNpm = async () => {
  throw new Error('network is unreachable');
};

function find(options: Partial<FindOptions> = {}) {
  const lines: string[] = [];
  const interpreters = findInterpreters({
    dataDir: path.join(root, 'data'),
    packageDir: path.join(root, 'lambent'),
    env: { HOME: path.join(root, 'home'), PATH: '' },
    onProgress: (line) => lines.push(line),
    npm: noNpm,
    ...options,
  });
  return { interpreters, lines };
}

test('a runtime of an unknown family is refused', async () => {
  await assert.rejects(find().interpreters.resolve('cobol85'), (error: InterpreterMissingError) => {
    assert.ok(error instanceof InterpreterMissingError);
    assert.deepEqual([error.code, error.runtime], ['INTERPRETER_MISSING', 'cobol85']);
    return true;
  });
});

test('where there is no interpreter of the family, the error says what to install', async () => {
  await assert.rejects(
    find().interpreters.resolve('java99'),
    /No interpreter on this machine can run java99: install a JDK 99 or newer\./,
  );
  await assert.rejects(find().interpreters.resolve('dotnet99'), /install the \.NET 99 SDK/);
  await assert.rejects(
    find().interpreters.resolve('nodejs24.x'),
    /install node-linux-.* from npm, or put Node\.js 24 on PATH/,
  );
  await assert.rejects(find().interpreters.resolve('provided.al2023'), /install node-linux-.*@24/);
});

test('nodejs24.x runs on the Node that comes with Lambent', async () => {
  addNode('lambent', '24.21.0');
  const build = await find().interpreters.resolve('nodejs24.x');
  const langDir = path.join(root, 'lambent/node_modules', nodePackage);
  const flags = ['--expose-gc', '--max-http-header-size=81920'];
  assert.match(build.versionHash, /^[0-9a-f]{64}$/);
  const { versionHash, alone, companion, ...rest } = build;
  assert.deepEqual(alone!.command.slice(0, 2), ['/bin/sh', '/var/lambent/launcher/launch.sh']);
  assert.deepEqual(alone!.command.slice(3), build.command);
  assert.deepEqual(companion!.command.slice(0, 2), ['/bin/sh', '/var/lambent/launcher/companion.sh']);
  assert.deepEqual(rest, {
    runtime: 'nodejs24.x',
    family: 'nodejs',
    version: '24.21.0',
    exact: true,
    extras: { node_modules: path.join(root, 'lambent/node_modules') },
    langDir,
    runtimeDir: path.join(root, 'lambent/runtimes/nodejs'),
    command: ['/var/lang/bin/node', ...flags, '/var/runtime/bootstrap.mjs'],
    hostCommand: [`${langDir}/bin/node`, ...flags, path.join(root, 'lambent/runtimes/nodejs/bootstrap.mjs')],
    versionLabel: 'nodejs:24.v21',
  });
});

test('the version hash changes with the bootstrap', async () => {
  addNode('lambent', '24.21.0');
  const before = await find().interpreters.resolve('nodejs24.x');
  write('lambent/runtimes/nodejs/bootstrap.mjs', '// another');
  const after = await find().interpreters.resolve('nodejs24.x');
  assert.notEqual(before.versionHash, after.versionHash);
});

test('provided runtimes use a Node that can replace itself', async () => {
  addNode('lambent', '24.21.0');
  const build = await find().interpreters.resolve('provided.al2023');
  assert.deepEqual(build.command, [
    '/var/lang/bin/node',
    '--disable-warning=ExperimentalWarning',
    '/var/runtime/init.mjs',
  ]);
  assert.equal(build.versionLabel, 'provided:al2023.v24');
});

test('a Node of a version manager is taken before one is fetched', async () => {
  write('home/.nvm/versions/node/v22.1.0/bin/node', '', 0o755);
  const build = await find().interpreters.resolve('nodejs22.x');
  assert.deepEqual([build.version, build.exact], ['22.1.0', true]);
});

test('a Node that is missing is fetched once, by pinned version, whoever asks meanwhile', async () => {
  addNode('lambent', '24.21.0');
  const calls: string[][] = [];
  const { interpreters, lines } = find({
    npm: async (args) => {
      calls.push(args);
      addNode(path.relative(root, args[args.indexOf('--prefix') + 1]!), '20.20.2');
    },
  });
  const builds = await Promise.all([1, 2, 3].map(() => interpreters.resolve('nodejs20.x')));
  assert.equal(calls.length, 1);
  assert.equal(calls[0]!.at(-1), `${nodePackage}@20.20.2`);
  assert.ok(calls[0]!.includes('--ignore-scripts') && calls[0]!.includes('--no-save'));
  assert.deepEqual(lines, [`Fetching ${nodePackage}@20.20.2 for nodejs20.x`]);
  assert.equal(builds[0]!.langDir, path.join(root, 'data/runtimes/nodejs20.x/node_modules', nodePackage));
  assert.deepEqual(readdirSync(path.join(root, 'data/runtimes')), ['nodejs20.x']);
  const again = await find().interpreters.resolve('nodejs20.x');
  assert.equal(again.version, '20.20.2');
});

test('where none can be fetched, the nearest stands in, and the fetch is not tried again at once', async () => {
  addNode('lambent', '24.21.0');
  let now = 0;
  let calls = 0;
  const npm = async () => {
    calls += 1;
    throw new Error('network is unreachable');
  };
  const { interpreters, lines } = find({ npm, now: () => now });
  const build = await interpreters.resolve('nodejs22.x');
  assert.deepEqual(
    [build.runtime, build.version, build.exact, build.versionLabel],
    ['nodejs22.x', '24.21.0', false, 'nodejs:24.v21'],
  );
  assert.match(lines[1]!, /Could not fetch .* for nodejs22\.x: network is unreachable/);
  assert.equal(lines[2], 'nodejs22.x runs on Node.js 24.21.0, the nearest there is');
  await interpreters.resolve('nodejs22.x');
  assert.equal(calls, 1);
  now = 300_001;
  await interpreters.resolve('nodejs22.x');
  assert.equal(calls, 2);
  assert.deepEqual(readdirSync(path.join(root, 'data/runtimes')), []);
});

test('a runtime that is never fetched runs on the nearest', async () => {
  addNode('lambent', '24.21.0');
  write('home/.nvm/versions/node/v20.9.0/bin/node', '', 0o755);
  const { interpreters } = find();
  assert.equal((await interpreters.resolve('nodejs18.x')).version, '20.9.0');
  assert.equal((await interpreters.resolve('nodejs26.x')).version, '24.21.0');
});

test('python3.X runs on the same version, else on the nearest', async () => {
  for (const version of ['3.9.18', '3.12.1', '3.13.0', '3.7.16']) addPython(version);
  const { interpreters, lines } = find({ env: { HOME: path.join(root, 'home') } });
  const exact = await interpreters.resolve('python3.12');
  assert.deepEqual([exact.version, exact.exact, exact.versionLabel], ['3.12.1', true, 'python:3.12.v1']);
  assert.equal(exact.langDir, path.join(root, 'home/.pyenv/versions/3.12.1'));
  assert.deepEqual(exact.command, ['/var/lang/bin/python3.12', '-u', '-B', '/var/runtime/bootstrap.py']);
  const near = await interpreters.resolve('python3.14');
  assert.deepEqual([near.version, near.exact], ['3.13.0', false]);
  assert.deepEqual(lines, ['python3.14 runs on Python 3.13.0, the nearest there is']);
});

test('a Python with a shared library of its own gets it named to the loader inside a sandbox', async () => {
  addPython('3.12.1');
  write('home/.pyenv/versions/3.12.1/lib/libpython3.12.so.1.0', '');
  const build = await find({ env: { HOME: path.join(root, 'home') } }).interpreters.resolve('python3.12');
  assert.deepEqual(build.command.slice(0, 3), [
    '/usr/bin/env',
    'LD_LIBRARY_PATH=/var/lang/lib',
    '/var/lang/bin/python3.12',
  ]);
  assert.equal(build.hostCommand[0], path.join(root, 'home/.pyenv/versions/3.12.1/bin/python3.12'));
});

test('links on PATH are followed, and scripts such as shims are passed over', async () => {
  addPython('3.12.1');
  write('shims/python3.9', '#!/bin/sh\n', 0o755);
  mkdirSync(path.join(root, 'bin'));
  symlinkSync(path.join(root, 'home/.pyenv/versions/3.12.1/bin/python3.12'), path.join(root, 'bin/python3.12'));
  const PATH = `${path.join(root, 'shims')}:${path.join(root, 'bin')}`;
  const { interpreters } = find({ env: { HOME: path.join(root, 'home'), PATH } });
  const own = (await interpreters.list()).filter(({ executable }) => executable.startsWith(root));
  assert.deepEqual(
    own.map(({ executable }) => executable),
    [path.join(root, 'home/.pyenv/versions/3.12.1/bin/python3.12')],
  );
});

test('looking for interpreters in folders takes milliseconds and starts none', async () => {
  addNode('lambent', '24.21.0');
  const { interpreters } = find({ env: process.env });
  const before = performance.now();
  await interpreters.resolve('nodejs24.x');
  assert.ok(performance.now() - before < 200);
});

test('a version that is pinned serves as long as it is installed, and then nothing or the best', async () => {
  addNode('lambent', '24.21.0');
  addNode('data/runtimes/nodejs24.x', '24.19.0');
  const { interpreters } = find();
  const best = await interpreters.resolve('nodejs24.x');
  assert.equal(best.version, '24.21.0');
  rmSync(path.join(root, 'lambent/node_modules'), { recursive: true });
  const older = await find().interpreters.resolve('nodejs24.x');
  assert.equal(older.version, '24.19.0');
  addNode('lambent', '24.21.0');

  const again = find().interpreters;
  const pinned = (versionHash: string, strict: boolean) => again.resolve('nodejs24.x', { versionHash, strict });
  assert.equal((await pinned(older.versionHash, true)).version, '24.19.0');
  assert.equal((await pinned(best.versionHash, true)).version, '24.21.0');
  assert.equal((await again.resolve('nodejs24.x')).version, '24.21.0');
  await assert.rejects(pinned('0'.repeat(64), true), InterpreterMissingError);
  assert.equal((await pinned('0'.repeat(64), false)).version, '24.21.0');
  const standIn = await again.resolve('nodejs22.x', { versionHash: best.versionHash, strict: true });
  assert.deepEqual([standIn.version, standIn.exact], ['24.21.0', false]);
  const another = { versionHash: older.versionHash, strict: true };
  await assert.rejects(again.resolve('nodejs22.x', another), InterpreterMissingError);
});
