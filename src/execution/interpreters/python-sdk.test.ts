// boto3 for Python functions: fetched once, by whichever Python has pip, and not asked for again and again in vain.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type PythonSdkOptions, pythonSdk } from './python-sdk.ts';
import type { Found } from './types.ts';

let root: string;
let lines: string[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lambent-python-sdk-'));
  lines = [];
  mkdirSync(path.join(root, 'lambent/runtimes/python'), { recursive: true });
  writeFileSync(path.join(root, 'lambent/runtimes/python/requirements.txt'), 'boto3==1');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const python = (version: number[]): Found => ({
  ...{ family: 'python', version, prefix: null, source: 'PATH' },
  executable: `/usr/bin/python3.${version[1]}`,
});

const find = (options: Partial<PythonSdkOptions> = {}) =>
  pythonSdk({
    packageDir: path.join(root, 'lambent'),
    dataDir: path.join(root, 'data'),
    env: {},
    onProgress: (line) => lines.push(line),
    now: () => 0,
    runPython: async () => {},
    ...options,
  })!;

test('the packages are installed by their hashes and compiled for every Python, where functions can read them', async () => {
  const runs: string[][] = [];
  const sdk = find({
    runPython: async (executable, args) => {
      runs.push([executable, ...args]);
      assert.ok(existsSync(path.join(sdk.folder, `${sdk.name}.fetching`)), 'functions are told to wait');
    },
  });
  assert.equal(sdk.folder, path.join(root, 'data/runtimes/python-sdk'));
  const [first, second] = await Promise.all(
    [1, 2].map(() => sdk.fetch([python([3, 8, 1]), python([3, 12, 1]), python([3, 9])])),
  );
  assert.deepEqual([first, second], [true, true]);
  assert.deepEqual(
    runs.map(([executable, , module]) => [executable, module]),
    [
      ['/usr/bin/python3.12', 'pip'],
      ['/usr/bin/python3.12', 'compileall'],
      ['/usr/bin/python3.9', 'compileall'],
    ],
  );
  assert.ok(runs[0]!.includes('--require-hashes'));
  assert.deepEqual(readdirSync(sdk.folder), [sdk.name]);
  assert.equal(statSync(path.join(sdk.folder, sdk.name)).mode & 0o777, 0o755);
  assert.deepEqual(lines, ['Fetching boto3 for Python functions']);
  assert.equal(await find({ runPython: () => assert.fail('it is there') }).fetch([]), true);
});

test('what lies in the installation is taken', async () => {
  const { name } = find();
  mkdirSync(path.join(root, 'lambent/runtimes/python-sdk', name), { recursive: true });
  const sdk = find({ runPython: () => assert.fail('it is there') });
  assert.equal(sdk.folder, path.join(root, 'lambent/runtimes/python-sdk'));
  assert.equal(await sdk.fetch([python([3, 12, 1])]), true);
});

test('another Python installs where the first has no pip', async () => {
  const tried: string[] = [];
  const sdk = find({
    runPython: async (executable, args) => {
      if (args[1] !== 'pip') return;
      tried.push(executable);
      if (tried.length === 1) throw new Error(`${executable}: No module named pip`);
    },
  });
  assert.equal(await sdk.fetch([python([3, 13, 1]), python([3, 12, 1])]), true);
  assert.deepEqual(tried, ['/usr/bin/python3.13', '/usr/bin/python3.12']);
});

test('a fetch that failed is told once, ends the waiting, and is tried again after five minutes', async () => {
  let time = 0;
  let tries = 0;
  const runPython = async () => {
    tries += 1;
    throw new Error('network is unreachable');
  };
  const sdk = find({ runPython, now: () => time });
  const pythons = [python([3, 13, 1]), python([3, 12, 1])];
  assert.equal(await sdk.fetch(pythons), false);
  assert.equal(await sdk.fetch(pythons), false);
  assert.equal(tries, 1);
  assert.deepEqual(readdirSync(sdk.folder), []);
  assert.deepEqual(lines, [
    'Fetching boto3 for Python functions',
    'Could not fetch boto3 for Python functions: network is unreachable; functions that import it have to pack it',
  ]);
  time = 300_000;
  await sdk.fetch(pythons);
  assert.equal(tries, 2);
});

test('an installation without a list of packages has no SDK', () => {
  rmSync(path.join(root, 'lambent/runtimes/python/requirements.txt'));
  assert.equal(find(), null);
});
