// Every operation of Lambda that is built answers unmodified boto3 on its happy path, with the status of the contract.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { testTools } from '../../scripts/install-test-tools.ts';
import { operationsBuilt } from '../../scripts/operations-table.ts';
import { loadContract } from '../../src/contracts/index.ts';
import { startTestServer } from '../server.ts';

const tools = await testTools();
const skip = 'missing' in tools ? tools.missing : false;

test('boto3 calls each operation that is built once, and all succeed', { skip }, async (t) => {
  const server = await startTestServer();
  t.after(() => server.stop());
  const { python } = tools as { python: string };
  const built = operationsBuilt('lambda');
  const script = join(import.meta.dirname, 'boto3_operations.py');
  const { stdout } = await promisify(execFile)(python, [script, server.url, JSON.stringify(built)]);
  const { seen, failures, unknown } = JSON.parse(stdout);
  assert.deepEqual(failures, {});
  // What this boto3 does not know yet is left to the SDK for JavaScript.
  const expected = built.filter((operation) => !unknown.includes(operation)).sort();
  assert.deepEqual(Object.keys(seen).sort(), expected);
  const { operations } = loadContract('lambda');
  const statuses = Object.fromEntries(expected.map((name) => [name, operations.get(name)!.http!.status]));
  // Its answer names its status itself, which is 204 on AWS.
  assert.deepEqual(seen, { ...statuses, DeleteFunction: 204 });
});
