// An external extension on awslabs' own crate runs unchanged: registers, subscribes, is told of everything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, invoke, lambdaClient, region, settled } from '../wire/lambda-client.ts';
import { zipOf } from '../zip.ts';
import { cargoTargetDir } from './cargo.ts';

const source = join(import.meta.dirname, 'clients/rust-extension');
const there = spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status === 0;

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

test('the crate lambda-extension', { skip: !there && 'there is no cargo on this machine' }, async (t) => {
  const { status, stderr } = spawnSync('cargo', ['build', '--release', '--locked', '--quiet'], {
    ...{ cwd: source, encoding: 'utf8', timeout: 240_000 },
    env: { ...process.env, CARGO_TARGET_DIR: cargoTargetDir },
  });
  if (status !== 0 && /resolve|download|network|unreachable|connect|lookup|timed out/i.test(stderr)) {
    t.skip(`its dependencies cannot be had: ${stderr.trim().split('\n').at(-1)}`);
    return;
  }
  assert.equal(status, 0, stderr);
  const client = lambdaClient(server);
  const content = readFileSync(join(cargoTargetDir, 'release/rust-extension'));
  const ZipFile = zipOf([{ name: 'extensions/rust-extension', content, mode: 0o100755 }]);
  const input = { LayerName: 'rust-extension', Content: { ZipFile } };
  const { LayerVersionArn } = await client.send(new lambda.PublishLayerVersionCommand(input));
  await create(client, 'watched', { Layers: [LayerVersionArn!], Timeout: 10 });
  await settled(client, 'watched');
  const { value, FunctionError } = await invoke(client, 'watched', { Payload: Buffer.from('{"a":1}') });
  assert.equal(FunctionError, undefined, JSON.stringify(value));
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'watched', Description: 'other' }));

  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  const logs = new CloudWatchLogsClient({ endpoint: server.url, region, credentials });
  const wanted = [
    /^EXTENSION\tName: rust-extension\tState: Ready\tEvents: \[INVOKE, SHUTDOWN\]/,
    /^TELEMETRY\tName: rust-extension\tState: Subscribed\tTypes: \[Platform, Function\]/,
    /^told of invocation [\da-f-]{36}$/,
    /^telemetry PlatformInitStart$/,
    /^telemetry PlatformStart$/,
    /^told of shutdown spindown$/i,
  ];
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/watched' }));
    const lines = events!.map(({ message }) => message!.trimEnd());
    const missing = wanted.filter((line) => !lines.some((each) => line.test(each)));
    if (missing.length === 0) return;
    assert.ok(performance.now() < giveUpAt, `no ${missing.join(', ')} in\n${lines.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
