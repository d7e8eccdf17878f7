// AWS's own X-Ray SDKs, packed with functions, find in Lambent the daemon that they were written for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type * as lambda from '@aws-sdk/client-lambda';
import type * as xray from '@aws-sdk/client-xray';
import { startTestServer, type TestServer } from '../server.ts';
import { create, invoke, lambdaClient, settled } from '../wire/lambda-client.ts';
import { origin, partOf, sampleAll, traceOf, xrayClient } from '../wire/xray-client.ts';
import { zipOf } from '../zip.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let traces: xray.XRayClient;
let root: string;
before(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'lambent-xray-sdk-'));
  server = await startTestServer();
  client = lambdaClient(server);
  traces = xrayClient(server);
  await sampleAll(traces);
});
after(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Sdk {
  runtime: lambda.Runtime;
  /** Puts the SDK into a folder. */
  install(folder: string): string[];
  file: string;
  /** Adds a subsegment `work` with an annotation, in which a call to AWS is captured. */
  handler: string;
}

const sdks: Record<string, Sdk> = {
  'Node.js': {
    runtime: 'nodejs24.x',
    install: (folder) => [
      ...['npm', 'install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
      'aws-xray-sdk-core@3.12.0',
    ],
    file: 'index.js',
    handler: `const xray = require('aws-xray-sdk-core');
exports.handler = () => xray.captureAsyncFunc('work', async (segment) => {
  segment.addAnnotation('order', 'x1');
  segment.close();
  return process.env._X_AMZN_TRACE_ID;
});`,
  },
  Python: {
    runtime: 'python3.12',
    install: (folder) => [
      ...['python3', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder],
      ...['--python-version', '3.12', '--only-binary=:all:', 'aws-xray-sdk==2.15.0'],
    ],
    file: 'index.py',
    handler: `import os
from aws_xray_sdk.core import xray_recorder
def handler(event, context):
    with xray_recorder.in_subsegment("work") as segment:
        segment.put_annotation("order", "x1")
    return os.environ["_X_AMZN_TRACE_ID"]`,
  },
};

function packed(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return zipOf(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, file), content: readFileSync(file) };
    }),
  );
}

for (const [language, sdk] of Object.entries(sdks)) {
  test(`the X-Ray SDK for ${language} sends its subsegments`, async (t) => {
    const folder = path.join(root, language);
    mkdirSync(folder);
    const [command, ...words] = sdk.install(folder) as [string, ...string[]];
    const { status, stderr, error } = spawnSync(command, words, { cwd: folder, timeout: 120_000, encoding: 'utf8' });
    if (status !== 0) return t.skip(`it cannot be installed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
    writeFileSync(path.join(folder, sdk.file), sdk.handler);
    const name = `sdk-${sdk.runtime.slice(0, 6)}`;
    const TracingConfig = { Mode: 'Active' as const };
    const ZipFile = packed(folder);
    await create(client, name, {
      Runtime: sdk.runtime,
      Timeout: 30,
      MemorySize: 256,
      TracingConfig,
      Code: { ZipFile },
    });
    await settled(client, name);
    const ran = await invoke(client, name);
    assert.equal(ran.FunctionError, undefined, ran.text);
    const id = /Root=([^;]+)/.exec(ran.value)![1]!;
    const segments = await traceOf(traces, id, (found) => partOf(found, 'Invocation')?.subsegments !== undefined);
    const [work] = partOf(segments, 'Invocation').subsegments;
    assert.equal(work.name, 'work');
    assert.equal(work.annotations.order, 'x1');
    assert.notEqual(origin(segments, 'AWS::Lambda'), undefined);
  });
}
