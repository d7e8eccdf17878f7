// What lies in a folder tells runtime and handler.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { guessFunction, handlerFileExists, typescriptSource } from './guess-function.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambent-guess-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const handler = 'export const handler = async () => 1;\n';

test('a folder without a function is refused, naming what was looked for', () => {
  write({ 'notes.txt': 'nothing' });
  assert.throws(() => guessFunction(folder), /no index\.mjs.*lambda_function\.py.*bootstrap/);
});

test('a file without exports, or with several of unusual names, is refused', () => {
  write({ 'index.mjs': 'console.log(1);' });
  assert.throws(() => guessFunction(folder), /index\.mjs has no function to call: say --handler/);
  write({ 'index.mjs': 'export const one = 1;\nexport function two() {}' });
  assert.throws(() => guessFunction(folder), /several functions \(two, one\)/);
});

test('a package.json that is not JSON is refused', () => {
  write({ 'package.json': '{', 'index.js': handler });
  assert.throws(() => guessFunction(folder), /is not JSON/);
});

test('TypeScript is the source of a handler where no JavaScript of its name lies', () => {
  write({ 'src/index.ts': handler });
  const guess = guessFunction(folder);
  assert.deepEqual(guess, { runtime: 'nodejs24.x', handler: 'src/index.handler' });
  assert.equal(typescriptSource(folder, guess), 'src/index.ts');
  assert.equal(handlerFileExists(folder, guess), true);
  write({ 'src/index.js': handler });
  assert.equal(typescriptSource(folder, guess), undefined);
});

const cases: [string, Record<string, string>, string, string][] = [
  ['index.mjs', { 'index.mjs': handler }, 'nodejs24.x', 'index.handler'],
  ['CommonJS', { 'index.js': 'exports.handler = () => 1;' }, 'nodejs24.x', 'index.handler'],
  ['module.exports', { 'app.cjs': 'module.exports = { lambdaHandler };' }, 'nodejs24.x', 'app.lambdaHandler'],
  ['an export list', { 'index.mjs': 'export { run as handler, other };' }, 'nodejs24.x', 'index.handler'],
  ['a single unusual name', { 'index.mjs': 'export async function greet(event) {}' }, 'nodejs24.x', 'index.greet'],
  [
    'main and engines of package.json',
    { 'package.json': '{"main": "./src/api.js", "engines": {"node": "^22.3"}}', 'src/api.js': handler },
    'nodejs22.x',
    'src/api.handler',
  ],
  [
    'an open range of engines',
    { 'package.json': '{"engines": {"node": ">=18"}}', 'index.js': handler },
    'nodejs24.x',
    'index.handler',
  ],
  [
    'lambda_function.py',
    { 'lambda_function.py': 'def lambda_handler(event, context):\n    pass' },
    'python3.13',
    'lambda_function.lambda_handler',
  ],
  [
    'typed Python of a pinned version',
    { 'app.py': 'def run(event: dict, _context: object) -> dict:\n    return {}', '.python-version': '3.11.4\n' },
    'python3.11',
    'app.run',
  ],
  ['a bootstrap', { bootstrap: '#!/bin/sh\n' }, 'provided.al2023', 'bootstrap'],
];
for (const [name, files, runtime, expected] of cases) {
  test(`${name} is understood`, () => {
    write(files);
    assert.deepEqual(guessFunction(folder), { runtime, handler: expected });
  });
}
