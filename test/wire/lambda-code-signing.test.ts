// Code signing configurations, the functions that have them, and code that is signed, unsigned, or not what was signed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { newSigner, signatureOf, signedZip } from '../signing.ts';
import { zipOf } from '../zip.ts';
import { account, arnOf, create, fails, lambdaClient, region, settled } from './lambda-client.ts';

const profile = `arn:aws:signer:${region}:${account}:/signing-profiles/team/abcdefghij`;
const other = `arn:aws:signer:${region}:${account}:/signing-profiles/other/klmnopqrst`;
const signer = newSigner();
const files = { 'index.mjs': 'export const handler = async () => 1;' };
const signed = signedZip(files, profile, signer.privateKey);
const unsigned = zipOf(files);

let server: TestServer;
let client: lambda.LambdaClient;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lambent-test-signing-'));
  const certificate = join(folder, 'signer.pem');
  writeFileSync(certificate, signer.certificate);
  server = await startTestServer({ flags: ['--signing-profile', `${profile}=${certificate}`] });
  client = lambdaClient(server);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const missing = `arn:aws:lambda:${region}:${account}:code-signing-config:csc-0123456789abcdef0`;
const notFound = `The Lambda code signing configuration ${missing} can not be found.`;
const rnf = 'ResourceNotFoundException';

async function newConfig(
  UntrustedArtifactOnDeployment?: lambda.CodeSigningPolicy,
  publishers = [profile],
): Promise<string> {
  const { CodeSigningConfig } = await client.send(
    new lambda.CreateCodeSigningConfigCommand({
      AllowedPublishers: { SigningProfileVersionArns: publishers },
      ...(UntrustedArtifactOnDeployment === undefined
        ? {}
        : { CodeSigningPolicies: { UntrustedArtifactOnDeployment } }),
    }),
  );
  return CodeSigningConfig!.CodeSigningConfigArn!;
}

const get = (CodeSigningConfigArn: string) =>
  client.send(new lambda.GetCodeSigningConfigCommand({ CodeSigningConfigArn }));
const drop = (CodeSigningConfigArn: string) =>
  client.send(new lambda.DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }));
const put = (FunctionName: string, CodeSigningConfigArn: string) =>
  client.send(new lambda.PutFunctionCodeSigningConfigCommand({ FunctionName, CodeSigningConfigArn }));
const getOf = (FunctionName: string) => client.send(new lambda.GetFunctionCodeSigningConfigCommand({ FunctionName }));
const dropOf = (FunctionName: string) =>
  client.send(new lambda.DeleteFunctionCodeSigningConfigCommand({ FunctionName }));
const functionsWith = (CodeSigningConfigArn: string, input: { MaxItems?: number; Marker?: string } = {}) =>
  client.send(new lambda.ListFunctionsByCodeSigningConfigCommand({ CodeSigningConfigArn, ...input }));
const updateCode = (FunctionName: string, ZipFile: Buffer, DryRun = false) =>
  client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile, DryRun }));
const update = (CodeSigningConfigArn: string, input: Partial<lambda.UpdateCodeSigningConfigCommandInput>) =>
  client.send(new lambda.UpdateCodeSigningConfigCommand({ CodeSigningConfigArn, ...input }));

const unverified = (name: string) =>
  `Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for ${name}.`;

test('a configuration is made, read, changed, listed and deleted', async () => {
  const made = await client.send(
    new lambda.CreateCodeSigningConfigCommand({
      Description: 'Testing',
      AllowedPublishers: { SigningProfileVersionArns: [profile] },
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
      Tags: { a: 'b' },
    }),
  );
  assert.equal(made.$metadata.httpStatusCode, 201);
  const { CodeSigningConfigId: id, CodeSigningConfigArn: arn, LastModified, ...rest } = made.CodeSigningConfig!;
  assert.match(id!, /^csc-[a-z0-9]{17}$/);
  assert.equal(arn, `arn:aws:lambda:${region}:${account}:code-signing-config:${id}`);
  assert.match(LastModified!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  const shown = {
    Description: 'Testing',
    AllowedPublishers: { SigningProfileVersionArns: [profile] },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
  };
  assert.deepEqual(rest, shown);
  assert.deepEqual((await get(arn!)).CodeSigningConfig, made.CodeSigningConfig);
  const changed = await update(arn!, { CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' } });
  assert.partialDeepStrictEqual(changed.CodeSigningConfig, {
    ...shown,
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' },
  });
  assert.equal((await update(arn!, {})).CodeSigningConfig!.Description, 'Testing');
  const ids: string[] = [];
  await newConfig();
  for await (const page of lambda.paginateListCodeSigningConfigs({ client, pageSize: 1 }, {})) {
    assert.ok(page.CodeSigningConfigs!.length <= 1);
    ids.push(...page.CodeSigningConfigs!.map((each) => each.CodeSigningConfigId!));
  }
  assert.ok(ids.length >= 2 && ids.includes(id!));

  const Resource = arn!;
  await client.send(new lambda.TagResourceCommand({ Resource, Tags: { c: 'd' } }));
  await client.send(new lambda.UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  assert.deepEqual((await client.send(new lambda.ListTagsCommand({ Resource }))).Tags, { c: 'd' });
  assert.equal((await drop(arn!)).$metadata.httpStatusCode, 204);
  await fails(get(arn!), rnf, 404, /can not be found\.$/);
});

test('a function has one, has another, has none', async () => {
  const [first, second] = [await newConfig(), await newConfig()];
  await create(client, 'holder');
  assert.deepEqual({ ...(await getOf('holder')), $metadata: 0 }, { $metadata: 0 });
  const given = await put('holder', first);
  assert.deepEqual([given.CodeSigningConfigArn, given.FunctionName], [first, 'holder']);
  assert.equal((await getOf(arnOf('holder'))).CodeSigningConfigArn, first);
  assert.deepEqual((await functionsWith(first)).FunctionArns, [arnOf('holder')]);
  await fails(drop(first), 'ResourceConflictException', 409, /cannot be deleted/);
  await put('holder', second);
  assert.deepEqual((await functionsWith(first)).FunctionArns, []);
  await drop(first);
  assert.equal((await dropOf('holder')).$metadata.httpStatusCode, 204);
  assert.equal((await dropOf('holder')).$metadata.httpStatusCode, 204);
  assert.equal((await getOf('holder')).CodeSigningConfigArn, undefined);
});

test('functions of a configuration are paged, and gone with the function', async () => {
  const config = await newConfig();
  for (const name of ['page-a', 'page-b', 'page-c']) await create(client, name, { CodeSigningConfigArn: config });
  const first = await functionsWith(config, { MaxItems: 2 });
  assert.deepEqual(first.FunctionArns, [arnOf('page-a'), arnOf('page-b')]);
  const second = await functionsWith(config, { MaxItems: 2, Marker: first.NextMarker! });
  assert.deepEqual([second.FunctionArns, second.NextMarker], [[arnOf('page-c')], undefined]);
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'page-a' }));
  assert.deepEqual((await functionsWith(config)).FunctionArns, [arnOf('page-b'), arnOf('page-c')]);
});

test('what is not there is refused', async () => {
  const config = await newConfig();
  const noFunction = `Function not found: ${arnOf('nobody')}`;
  for (const call of [get, drop, functionsWith, (arn: string) => update(arn, {})]) {
    const error = await fails(call(missing), rnf, 404, notFound);
    // AWS leaves Type out of this one.
    assert.equal((error as lambda.ResourceNotFoundException).Type ?? undefined, undefined);
  }
  for (const call of [getOf, dropOf, (name: string) => put(name, config)]) {
    await fails(call('nobody'), rnf, 404, noFunction);
  }
  const noConfig = `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${missing}.`;
  await create(client, 'somebody');
  for (const name of ['somebody', 'nobody']) {
    await fails(put(name, missing), 'CodeSigningConfigNotFoundException', 404, noConfig);
  }
  await fails(
    create(client, 'never', { CodeSigningConfigArn: missing }),
    'CodeSigningConfigNotFoundException',
    404,
    noConfig,
  );
});

test('Enforce lets trusted code pass and nothing else', async () => {
  const config = await newConfig('Enforce');
  const made = await create(client, 'strict', { CodeSigningConfigArn: config, Code: { ZipFile: signed } });
  assert.equal(made.SigningProfileVersionArn, profile);
  await settled(client, 'strict');
  const answer = await client.send(new lambda.InvokeCommand({ FunctionName: 'strict' }));
  assert.equal(Buffer.from(answer.Payload!).toString(), '1');

  const failed = 'CodeVerificationFailedException';
  const job = 'arn:aws:signer:eu-west-1:123456789012:/signing-jobs/1';
  await fails(updateCode('strict', unsigned), failed, 400, unverified('strict'));
  await fails(updateCode('strict', unsigned, true), failed, 400, unverified('strict'));
  await fails(updateCode('strict', signedZip(files, other, signer.privateKey)), failed, 400, unverified('strict'));
  await fails(updateCode('strict', signedZip(files, profile, signer.privateKey, { exp: 1 })), failed, 400, /signature/);
  await fails(
    create(client, 'never', { CodeSigningConfigArn: config, Code: { ZipFile: unsigned } }),
    failed,
    400,
    unverified('never'),
  );
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: 'never' })),
    rnf,
    404,
    `Function not found: ${arnOf('never')}`,
  );
  const again = await updateCode('strict', signedZip(files, profile, signer.privateKey, { job }));
  assert.deepEqual([again.SigningProfileVersionArn, again.SigningJobArn], [profile, job]);
});

test('under Enforce layers have to be signed, too', async () => {
  const layer = async (LayerName: string, ZipFile: Buffer) =>
    (await client.send(new lambda.PublishLayerVersionCommand({ LayerName, Content: { ZipFile } }))).LayerVersionArn!;
  const [trusted, plain] = [await layer('trusted', signed), await layer('plain', unsigned)];
  const strict = { CodeSigningConfigArn: await newConfig('Enforce'), Code: { ZipFile: signed } };
  const failed = 'CodeVerificationFailedException';
  await fails(create(client, 'never', { ...strict, Layers: [trusted, plain] }), failed, 400, unverified('never'));
  await create(client, 'layered', { ...strict, Layers: [trusted] });
  await settled(client, 'layered');
  const layers = (Layers: string[]) =>
    client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'layered', Layers }));
  await fails(layers([plain]), failed, 400, unverified('layered'));
  await dropOf('layered');
  await layers([plain]);
});

test('Warn lets unsigned code pass with a warning, but not code that is not what was signed', async () => {
  const config = await newConfig();
  const made = await create(client, 'lenient', { CodeSigningConfigArn: config, Code: { ZipFile: unsigned } });
  assert.equal(made.SigningProfileVersionArn, undefined);
  assert.match(server.output(), /"function":"lenient".*"why":"it is not signed"/);
  await settled(client, 'lenient');
  const changed = zipOf({
    ...files,
    'index.mjs': 'export const handler = async () => 2;',
    'META-INF/lambent-signature.json': signatureOf(files, profile, signer.privateKey),
  });
  const stranger = signedZip(files, profile, newSigner().privateKey);
  for (const zip of [changed, stranger]) {
    await fails(updateCode('lenient', zip), 'InvalidCodeSignatureException', 400, /integrity check/);
  }
  assert.equal((await updateCode('lenient', signed)).SigningProfileVersionArn, profile);
});

test('limits: twenty publishers, and what certificates the server takes', async () => {
  const publishers = (count: number) => Array.from({ length: count }, (_, index) => `${profile}${index}`);
  await newConfig('Warn', publishers(20));
  await fails(
    newConfig('Warn', publishers(21)),
    'ValidationException',
    400,
    /'allowedPublishers\.signingProfileVersionArns' failed to satisfy constraint: Member must have length less than or equal to 20/,
  );
  const broken = join(folder, 'broken.pem');
  writeFileSync(broken, 'no certificate');
  await assert.rejects(
    startTestServer({ flags: ['--signing-profile', `${profile}=${broken}`] }),
    /Lambent cannot start\. signingProfiles: .*broken\.pem holds no certificate/,
  );
});
