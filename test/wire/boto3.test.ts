// A function's life through unmodified boto3: its waiters, paginators and errors.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { testTools } from '../../scripts/install-test-tools.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf } from './lambda-client.ts';
import { toolFunctions } from './tool-functions.ts';

const tools = await testTools();
const skip = 'missing' in tools ? tools.missing : false;
let server: TestServer | undefined;
before(async () => {
  if (skip === false) server = await startTestServer();
});
after(() => server?.stop());

for (const { runtime, handler, file, source } of toolFunctions) {
  test(`boto3 creates, invokes, updates, publishes, lists and deletes a function of ${runtime}`, { skip }, async () => {
    const { python } = tools as { python: string };
    const script = join(import.meta.dirname, 'boto3_lifecycle.py');
    const { stdout } = await promisify(execFile)(python, [script, server!.url, runtime, handler, file, source]);
    const seen = JSON.parse(stdout);
    const name = `boto-${runtime.replace('.', '-')}`;
    assert.deepEqual(seen.missing, ['ResourceNotFoundException', `Function not found: ${arnOf(name)}`, 404]);
    assert.deepEqual(seen.bad_zip, [
      'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
      400,
    ]);
    assert.deepEqual(seen.created, [201, 'Pending', '$LATEST']);
    assert.deepEqual(seen.twice, ['ResourceConflictException', `Function already exist: ${name}`, 409]);
    assert.deepEqual(seen.first.payload, { event: { n: 1 }, text: 'one' });
    assert.deepEqual([seen.first.status, seen.first.version, seen.first.error], [200, '$LATEST', null]);
    assert.match(seen.first.logs, /^START RequestId: .*says one\n.*END RequestId: .*REPORT RequestId: /s);
    assert.equal(seen.second.payload.text, 'two');
    assert.deepEqual(seen.environment, { Variables: { SAY: 'hello' } });
    assert.equal(seen.published, '1');
    assert.deepEqual(seen.versions, ['$LATEST', '1']);
    assert.equal(seen.by_version, '1');
    assert.ok(seen.functions.includes(name));
    assert.equal(seen.logged.length, 3);
    assert.match(seen.logged[0], /says one/);
    assert.equal(seen.deleted, 204);
    assert.deepEqual(seen.gone, ['ResourceNotFoundException', `Function not found: ${arnOf(name, '$LATEST')}`, 404]);
  });
}
