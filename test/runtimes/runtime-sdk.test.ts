// The AWS SDK that comes with a runtime: functions find it without packing it, and their own packages go first.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { findInterpreters } from '../../src/execution/interpreters/index.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, invoke, lambdaClient, settled } from '../wire/lambda-client.ts';
import { zipOf } from '../zip.ts';

const interpreters = findInterpreters({ dataDir: path.join(tmpdir(), 'lambent-runtime-sdk'), env: process.env });
const found = await interpreters.list();
const majors = [20, 22, 24].filter((major) => found.some((one) => one.family === 'nodejs' && one.version[0] === major));

const minors = [9, 10, 11, 12, 13, 14].filter((minor) =>
  found.some(({ family, version }) => family === 'python' && version[1] === minor),
);
const hasBoto3 = await interpreters.fetchPythonSdk();

const useIt = `
  const { Arn } = await new STSClient().send(new GetCallerIdentityCommand({}));
  const { QueueUrl } = await new SQSClient().send(new CreateQueueCommand({ QueueName: event.queue }));
  return { Arn, QueueUrl };
`;
const clients = `const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
const { SQSClient, CreateQueueCommand } = require('@aws-sdk/client-sqs');`;
const esm = `import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { SQSClient, CreateQueueCommand } from '@aws-sdk/client-sqs';
export const handler = async (event) => { ${useIt} };`;
const commonJs = `${clients}\nexports.handler = async (event) => { ${useIt} };`;

const python = `import boto3
def handler(event, context):
    arn = boto3.client("sts").get_caller_identity()["Arn"]
    return {"Arn": arn, "QueueUrl": boto3.client("sqs").create_queue(QueueName=event["queue"])["QueueUrl"]}
`;

for (const isolation of ['bubblewrap', 'process']) {
  let server: TestServer;
  let client: lambda.LambdaClient;
  before(async () => {
    server = await startTestServer({ flags: ['--isolation', isolation] });
    client = lambdaClient(server);
  });
  after(() => server?.stop());

  async function run(name: string, runtime: string, files: Record<string, string>, Layers: string[] = []) {
    const settings = {
      Runtime: runtime as lambda.Runtime,
      Handler: 'index.handler',
      Layers,
      Timeout: 30,
      MemorySize: 512,
    };
    await create(client, name, { ...settings, Code: { ZipFile: zipOf(files) } });
    await settled(client, name);
    return invoke(client, name, { Payload: JSON.stringify({ queue: `of-${name}` }) });
  }

  function assertUsed({ value }: Awaited<ReturnType<typeof run>>, name: string) {
    assert.match(value.Arn, new RegExp(`^arn:aws:sts::${account}:assumed-role/tester/${name}$`), JSON.stringify(value));
    assert.match(value.QueueUrl, new RegExp(`/${account}/of-${name}$`));
  }

  for (const major of majors) {
    test(`an ES module of nodejs${major}.x imports the runtime's SDK, isolated by ${isolation}`, async () => {
      const name = `sdk-esm-${major}`;
      assertUsed(await run(name, `nodejs${major}.x`, { 'index.mjs': esm }), name);
    });

    test(`a CommonJS function of nodejs${major}.x requires the runtime's SDK, isolated by ${isolation}`, async () => {
      const name = `sdk-cjs-${major}`;
      assertUsed(await run(name, `nodejs${major}.x`, { 'index.js': commonJs }), name);
    });
  }

  const skip = hasBoto3 ? false : 'boto3 cannot be had here';
  for (const minor of minors) {
    test(`a function of python3.${minor} imports the runtime's boto3, isolated by ${isolation}`, { skip }, async () => {
      const name = `sdk-python-${minor}`;
      assertUsed(await run(name, `python3.${minor}`, { 'index.py': python }), name);
    });
  }

  test(`a boto3 that the function brings goes before the runtime's, isolated by ${isolation}`, async () => {
    const files = { 'boto3.py': 'whose = "own"', 'index.py': 'import boto3\ndef handler(e, c): return boto3.whose' };
    assert.equal((await run('own-python', 'python3.12', files)).value, 'own');
  });

  test(`a package that the function brings goes before the runtime's, isolated by ${isolation}`, async () => {
    const own = {
      'node_modules/@aws-sdk/client-sts/package.json': '{ "main": "index.js" }',
      'node_modules/@aws-sdk/client-sts/index.js': `exports.whose = "the function's"`,
    };
    const imported = `import { whose } from '@aws-sdk/client-sts'; export const handler = async () => whose;`;
    const required = `const { whose } = require('@aws-sdk/client-sts'); exports.handler = async () => whose;`;
    assert.equal((await run('own-esm', 'nodejs24.x', { ...own, 'index.mjs': imported })).value, "the function's");
    assert.equal((await run('own-cjs', 'nodejs24.x', { ...own, 'index.js': required })).value, "the function's");
  });

  test(`an ES module imports a layer's package, which goes before the runtime's, isolated by ${isolation}`, async () => {
    const folder = 'nodejs/node_modules/@aws-sdk/client-sts';
    const layer = zipOf({
      [`${folder}/package.json`]: '{ "type": "module", "exports": "./index.js" }',
      [`${folder}/index.js`]: `export const whose = "the layer's"`,
    });
    const published = await client.send(
      new lambda.PublishLayerVersionCommand({ LayerName: 'own-sdk', Content: { ZipFile: layer } }),
    );
    const imported = `import { whose } from '@aws-sdk/client-sts'; export const handler = async () => whose;`;
    const { value } = await run('of-layer', 'nodejs24.x', { 'index.mjs': imported }, [published.LayerVersionArn!]);
    assert.equal(value, "the layer's");
  });

  test(`a CommonJS handler imports the runtime's SDK later, isolated by ${isolation}`, async () => {
    const lazy = `exports.handler = async () => typeof (await import('@aws-sdk/client-s3')).S3Client;`;
    assert.equal((await run('lazy', 'nodejs24.x', { 'index.js': lazy })).value, 'function');
  });

  test(`neither a missing client nor a module of Lambent's own is found, isolated by ${isolation}`, async () => {
    for (const [at, missing] of ['@aws-sdk/client-none', 'commander', 'pino'].entries()) {
      const imported = await run(`no-esm-${at}`, 'nodejs24.x', {
        'index.mjs': `import '${missing}'; export const handler = 1;`,
      });
      assert.equal(imported.value.errorType, 'Error');
      assert.match(
        imported.value.errorMessage,
        new RegExp(`^Cannot find package '${missing}' imported from \\S+/index.mjs$`),
      );
      assert.doesNotMatch(imported.text, /search-node-path/);
      const required = await run(`no-cjs-${at}`, 'nodejs24.x', { 'index.js': `require('${missing}')` });
      assert.equal(required.value.errorType, 'Runtime.ImportModuleError');
    }
  });
}
