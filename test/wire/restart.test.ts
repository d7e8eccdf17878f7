// A server that is killed without warning: what it had is there after the next start, what it held on the machine is not.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import { instanceOf, leftoversOf } from '../leftovers.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { account, arnOf, create, handlerCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer | undefined;
const folders: string[] = [];
after(async () => {
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'restart-test-'));
  folders.push(folder);
  return folder;
}

const config = (url: string) => ({
  endpoint: url,
  region,
  credentials: { accessKeyId: account, secretAccessKey: 'x' },
  maxAttempts: 1,
});

async function messagesOf(url: string, logGroupName: string): Promise<string[]> {
  const client = new CloudWatchLogsClient(config(url));
  const { events } = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'remembered' }));
  return events!.map(({ message }) => message!);
}

test('functions, versions, roles and logs are there after a kill -9, and invoke', async () => {
  const dataDir = newFolder();
  server = await startTestServer({ dataDir });
  let client = lambdaClient(server);
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const iam = new IAMClient(config(server.url));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'keeper',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', ...trust }),
    }),
  );
  const source =
    'exports.handler = async () => { console.log("remembered", process.env.TEXT); return process.env.TEXT; };';
  await create(client, 'kept', {
    Role: Role!.Arn!,
    Code: { ZipFile: zipOf({ 'index.js': source }) },
    Environment: { Variables: { TEXT: 'first' } },
    Tags: { a: 'b' },
    Publish: true,
  });
  await settled(client, 'kept');
  await client.send(
    new lambda.UpdateFunctionConfigurationCommand({
      FunctionName: 'kept',
      Environment: { Variables: { TEXT: 'second' } },
    }),
  );
  const before = await settled(client, 'kept');
  const version = await settled(client, 'kept', '1');
  assert.equal((await invoke(client, 'kept')).value, 'second');
  assert.equal((await invoke(client, 'kept:1')).value, 'first');
  for (let attempt = 0; (await messagesOf(server.url, '/aws/lambda/kept').catch(() => [])).length < 2; attempt++) {
    assert.ok(attempt < 100, 'the logs do not arrive');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const instance = instanceOf(dataDir);
  const killed = server;
  killed.process.kill('SIGKILL');
  await new Promise((resolve) => killed.process.once('exit', resolve));
  assert.deepEqual(await leftoversOf(instance), [], 'a killed server leaves nothing on the machine');

  server = await startTestServer({ dataDir });
  client = lambdaClient(server);
  const same = ({ $metadata: _, ...rest }: lambda.FunctionConfiguration & { $metadata: unknown }) => rest;
  assert.deepEqual(same(await settled(client, 'kept')), same(before));
  assert.deepEqual(same(await settled(client, 'kept', '1')), same(version));
  const { Tags } = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'kept' }));
  assert.deepEqual(Tags, { a: 'b' });
  assert.equal((await invoke(client, 'kept')).value, 'second');
  assert.equal((await invoke(client, 'kept:1')).value, 'first');
  assert.equal(
    (await new IAMClient(config(server.url)).send(new GetRoleCommand({ RoleName: 'keeper' }))).Role!.RoleId,
    Role!.RoleId,
  );
  const messages = await messagesOf(server.url, '/aws/lambda/kept');
  assert.ok(messages.some((message) => message.includes('remembered first')));
  assert.ok(messages.some((message) => message.includes('remembered second')));
  await server.restart('SIGTERM').then((restarted) => {
    server = restarted;
  });
  assert.equal((await invoke(lambdaClient(server), 'kept')).value, 'second');
  await server.stop();
  server = undefined;
  assert.deepEqual(await leftoversOf(instance), [], 'a server that was stopped leaves nothing either');
});

test('a restart at once after a kill -9, without a pause, serves', async () => {
  const dataDir = newFolder();
  server = await startTestServer({ dataDir });
  await create(lambdaClient(server), 'quick');
  const warm = Array.from({ length: 4 }, () => invoke(lambdaClient(server!), 'quick'));
  await Promise.all(warm);
  for (let round = 0; round < 3; round++) {
    server = await server.restart('SIGKILL');
    assert.equal(
      (await invoke(lambdaClient(server), 'quick', { Payload: Buffer.from(String(round)) })).value.event,
      round,
    );
  }
  await server.stop();
  server = undefined;
});

test('whatever a kill -9 interrupts, each function is whole or absent, and settles', async () => {
  const dataDir = newFolder();
  server = await startTestServer({ dataDir });
  for (let round = 0; round < 3; round++) {
    const client = lambdaClient(server);
    const ended: Promise<unknown>[] = [];
    let created = 0;
    const { promise: amidst, resolve: reachAmidst } = Promise.withResolvers<void>();
    for (let index = 0; index < 40; index++) {
      const name = `f-${round}-${index}`;
      const code = (text: string) => handlerCode(`return ${JSON.stringify(`${name} ${text}`)}`);
      const life = async () => {
        await create(client, name, { Code: { ZipFile: code('created') }, Publish: index % 2 === 0 });
        created += 1;
        if (created === 5 + 12 * round) reachAmidst();
        await client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: code('updated') }));
        await client
          .send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 9 }))
          .catch(() => {});
        if (index % 4 === 0) await client.send(new lambda.DeleteFunctionCommand({ FunctionName: name }));
      };
      ended.push(life().catch(() => {}));
    }
    await amidst;
    server = await server.restart('SIGKILL');
    await Promise.all(ended);
  }

  const client = lambdaClient(server);
  const names: string[] = [];
  const hashes = new Set<string>();
  for await (const page of lambda.paginateListFunctions({ client }, { FunctionVersion: 'ALL' })) {
    for (const { FunctionName, Version, CodeSha256 } of page.Functions!) {
      if (Version === '$LATEST') names.push(FunctionName!);
      hashes.add(Buffer.from(CodeSha256!, 'base64').toString('hex'));
    }
  }
  assert.ok(names.length > 0, 'something was created before the kills');
  for (const name of names) {
    const configuration = await settled(client, name);
    assert.equal(configuration.FunctionArn, arnOf(name));
    const { Code } = await client.send(new lambda.GetFunctionCommand({ FunctionName: name }));
    assert.equal((await fetch(Code!.Location!)).status, 200);
  }
  const answers = await Promise.all(names.slice(0, 12).map(async (name) => [name, (await invoke(client, name)).value]));
  for (const [name, value] of answers) assert.match(value, new RegExp(`^${name} (created|updated)$`));

  const kept = readdirSync(join(dataDir, 'code'));
  assert.deepEqual(
    kept.filter((name) => !hashes.has(name)),
    [],
    'no code without a function',
  );
  const blobs = readdirSync(join(dataDir, 'blobs'), { recursive: true }).map((path) => String(path).split('/').at(-1)!);
  assert.deepEqual(
    blobs.filter((name) => name.length === 64 && !hashes.has(name)),
    [],
    'no package without a function',
  );
  await server.stop();
  server = undefined;
});
