// The commands of the README's first minutes through the unmodified AWS CLI, with nothing but AWS_ENDPOINT_URL set.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { testTools } from '../../scripts/install-test-tools.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { account, arnOf, region, role } from './lambda-client.ts';
import { toolFunctions } from './tool-functions.ts';

const tools = await testTools();
const skip = 'missing' in tools ? tools.missing : false;
let server: TestServer | undefined;
let folder = '';
before(async () => {
  if (skip === false) server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'aws-cli-test-'));
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function aws(...args: string[]): Promise<any> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: server!.url,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_PAGER: '',
  };
  const { stdout } = await promisify(execFile)((tools as { aws: string }).aws, args, { env, cwd: folder });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

const lambda = (command: string, ...args: string[]) => aws('lambda', command, ...args);

test('the CLI shows errors as it shows those of AWS', { skip }, async () => {
  await assert.rejects(lambda('get-function', '--function-name', 'absent'), (error: any) => {
    const message = `An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: ${arnOf('absent')}`;
    assert.ok(error.stderr.includes(message), error.stderr);
    return true;
  });
});

for (const { runtime, handler, file, source } of toolFunctions) {
  test(`the CLI creates, invokes, updates, publishes, lists and deletes a function of ${runtime}`, {
    skip,
  }, async () => {
    const name = `cli-${runtime.replace('.', '-')}`;
    const named = ['--function-name', name];
    writeFileSync(join(folder, 'one.zip'), zipOf({ [file]: source }));
    writeFileSync(join(folder, 'two.zip'), zipOf({ [file]: source.replaceAll('one', 'two') }));
    const settings = ['--runtime', runtime, '--handler', handler, '--role', role, '--zip-file', 'fileb://one.zip'];
    const created = await lambda('create-function', ...named, ...settings);
    assert.deepEqual([created.FunctionArn, created.State], [arnOf(name), 'Pending']);
    await lambda('wait', 'function-active-v2', ...named);

    const invoked = await lambda('invoke', ...named, '--payload', '{"n":1}', '--log-type', 'Tail', 'out.json');
    assert.deepEqual([invoked.StatusCode, invoked.ExecutedVersion, invoked.FunctionError], [200, '$LATEST', undefined]);
    assert.match(Buffer.from(invoked.LogResult, 'base64').toString(), /^START .*says one\n.*REPORT /s);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')), { event: { n: 1 }, text: 'one' });

    await lambda('update-function-code', ...named, '--zip-file', 'fileb://two.zip');
    await lambda('wait', 'function-updated-v2', ...named);
    await lambda('update-function-configuration', ...named, '--timeout', '7', '--environment', 'Variables={A1=b}');
    await lambda('wait', 'function-updated-v2', ...named);
    await lambda('invoke', ...named, 'out.json');
    assert.equal(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).text, 'two');
    const told = await lambda('get-function-configuration', ...named);
    assert.deepEqual([told.Timeout, told.Environment], [7, { Variables: { A1: 'b' } }]);

    assert.equal((await lambda('publish-version', ...named)).Version, '1');
    const { Versions } = await lambda('list-versions-by-function', ...named);
    assert.deepEqual(
      Versions.map((version: any) => version.Version),
      ['$LATEST', '1'],
    );
    const { Functions } = await lambda('list-functions');
    assert.ok(Functions.some((each: any) => each.FunctionName === name));
    const filter = ['--log-group-name', `/aws/lambda/${name}`, '--filter-pattern', 'says'];
    const events = async () =>
      (await aws('logs', 'filter-log-events', ...filter)).events.map((event: any) => event.message);
    let messages = await events();
    for (let attempt = 0; attempt < 5 && messages.length < 2; attempt++) messages = await events();
    assert.equal(messages.length, 2);
    assert.match(messages.join(''), /says one.*says two/s);

    assert.deepEqual(await lambda('delete-function', ...named), { StatusCode: 204 });
    await assert.rejects(lambda('get-function', ...named), /Function not found/);
  });
}
