// File systems: a folder of this machine that functions share, where the operator has given one an ARN.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, fails, handlerCode, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let folder: string;
const accessPoint = (digit: string) =>
  `arn:aws:elasticfilesystem:${region}:${account}:access-point/fsap-${digit.repeat(17)}`;
const known = accessPoint('1');
const unknown = accessPoint('2');
const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const invalid = 'InvalidParameterValueException';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lambent-shared-'));
  chmodSync(folder, 0o1777);
  writeFileSync(join(folder, 'given'), 'from outside');
  server = await startTestServer({ flags: ['--file-system', `${known}=${folder}`] });
  client = lambdaClient(server);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('a function reads and writes the folder at its mount path, and nothing else there', async (t) => {
  const { isolation } = (await (await fetch(`${server.url}/_lambent/health`)).json()) as { isolation: string };
  if (isolation !== 'bubblewrap') return t.skip('functions are not isolated here');
  const FileSystemConfigs = [{ Arn: known, LocalMountPath: '/mnt/shared.data' }];
  const created = await create(client, 'files', {
    VpcConfig,
    FileSystemConfigs,
    Code: {
      ZipFile: handlerCode(`
        const fs = await import('node:fs');
        fs.writeFileSync('/mnt/shared.data/' + event.name, 'from inside');
        let outside = 'written';
        try { fs.writeFileSync('/mnt/other', ''); } catch (error) { outside = error.code; }
        return { given: fs.readFileSync('/mnt/shared.data/given', 'utf8'), list: fs.readdirSync('/mnt'), outside };
      `),
    },
  });
  assert.deepEqual(created.FileSystemConfigs, FileSystemConfigs);
  assert.deepEqual((await settled(client, 'files')).FileSystemConfigs, FileSystemConfigs);
  const { value } = await invoke(client, 'files', { Payload: Buffer.from('{"name":"made"}') });
  assert.deepEqual(value, { given: 'from outside', list: ['shared.data'], outside: 'EROFS' });
  assert.equal(readFileSync(join(folder, 'made'), 'utf8'), 'from inside');

  const update = (input: Partial<lambda.UpdateFunctionConfigurationCommandInput>) =>
    client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'files', ...input }));
  await fails(
    update({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } }),
    invalid,
    400,
    `Function VPC configuration cannot be removed with access point ${known} referenced.`,
  );
  assert.equal((await update({ FileSystemConfigs: [] })).FileSystemConfigs, undefined);
  await settled(client, 'files');
  const without = await invoke(client, 'files', { Payload: Buffer.from('{"name":"made"}') });
  assert.equal(without.value.errorMessage.startsWith('ENOENT'), true, without.text);
});

test('a file system needs a VPC, a folder that stands for it, and a path below /mnt', async () => {
  const config = (Arn: string, LocalMountPath = '/mnt/data') => [{ Arn, LocalMountPath }];
  await fails(create(client, 'x', { FileSystemConfigs: config(known) }), invalid, 400, new RegExp(`${known}`));
  await fails(
    create(client, 'x', { VpcConfig, FileSystemConfigs: config(unknown) }),
    invalid,
    400,
    `No folder of this machine stands for the file system ${unknown}. Start Lambent with --file-system ${unknown}=FOLDER.`,
  );
  for (const path of ['/data', '/mnt/', '/mnt/a/b']) {
    await fails(
      create(client, 'x', { VpcConfig, FileSystemConfigs: config(known, path) }),
      'ValidationException',
      400,
      /localMountPath' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    );
  }
  await fails(
    create(client, 'x', { VpcConfig, FileSystemConfigs: [...config(known), ...config(known, '/mnt/more')] }),
    'ValidationException',
    400,
    /at 'fileSystemConfigs' failed to satisfy constraint: Member must have length less than or equal to 1$/,
  );
});
