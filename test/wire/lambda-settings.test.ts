// The settings of a function beside runtime and limits: what is told of them, what takes them off, what they exclude.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, create, echoCode, fails, lambdaClient, region, role, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const invalid = 'InvalidParameterValueException';
const update = (FunctionName: string, input: Partial<lambda.UpdateFunctionConfigurationCommandInput>) =>
  client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, ...input }));
const updateCode = (FunctionName: string, input: Partial<lambda.UpdateFunctionCodeCommandInput>) =>
  client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ...input }));

test('a VPC is told with an id that stays, and is empty once the function has left it', async () => {
  const one = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const created = await create(client, 'vpc', { VpcConfig: { ...one, Ipv6AllowedForDualStack: true } });
  assert.match(created.VpcConfig!.VpcId!, /^vpc-[0-9a-f]{17}$/);
  const { VpcId } = created.VpcConfig!;
  assert.deepEqual(created.VpcConfig, { ...one, VpcId, Ipv6AllowedForDualStack: true });
  await settled(client, 'vpc');
  const two = { SubnetIds: ['subnet-2', 'subnet-3'], SecurityGroupIds: ['sg-2'] };
  const updated = await update('vpc', { VpcConfig: { ...two, Ipv6AllowedForDualStack: false } });
  assert.deepEqual(updated.VpcConfig, { ...two, VpcId, Ipv6AllowedForDualStack: false });
  await settled(client, 'vpc');
  const left = await update('vpc', { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } });
  const empty = { SubnetIds: [], SecurityGroupIds: [], VpcId: '', Ipv6AllowedForDualStack: false };
  assert.deepEqual(left.VpcConfig, empty);
  assert.deepEqual((await settled(client, 'vpc')).VpcConfig, empty);
  const both = 'SubnetIds and SecurityIds must coexist or be both empty list.';
  await fails(update('vpc', { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [] } }), invalid, 400, both);
  await fails(create(client, 'vpc-2', { VpcConfig: { SecurityGroupIds: ['sg-1'] } }), invalid, 400, both);
});

test('a VPC has at most sixteen subnets and five security groups', async () => {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const most = { SubnetIds: ids('subnet', 16), SecurityGroupIds: ids('sg', 5) };
  assert.equal((await create(client, 'vpc-most', { VpcConfig: most })).VpcConfig!.SubnetIds!.length, 16);
  for (const more of [
    { ...most, SubnetIds: ids('subnet', 17) },
    { ...most, SecurityGroupIds: ids('sg', 6) },
  ]) {
    const longer = /Member must have length less than or equal to (16|5)$/;
    await fails(create(client, 'vpc-more', { VpcConfig: more }), 'ValidationException', 400, longer);
  }
});

test('dead letters go to a standard queue or topic, until an empty ARN takes it off', async () => {
  const queue = `arn:aws:sqs:${region}:${account}:dead`;
  const topic = `arn:aws:sns:${region}:${account}:dead`;
  assert.deepEqual((await create(client, 'dead', { DeadLetterConfig: { TargetArn: queue } })).DeadLetterConfig, {
    TargetArn: queue,
  });
  await settled(client, 'dead');
  const changed = await update('dead', { DeadLetterConfig: { TargetArn: topic } });
  assert.deepEqual(changed.DeadLetterConfig, { TargetArn: topic });
  await settled(client, 'dead');
  assert.equal((await update('dead', { DeadLetterConfig: { TargetArn: '' } })).DeadLetterConfig, undefined);
  await settled(client, 'dead');
  await fails(
    update('dead', { DeadLetterConfig: { TargetArn: `${queue}.fifo` } }),
    invalid,
    400,
    'Invalid dead letter queue ARN: FIFO SQS queue is not supported for dead letter configuration',
  );
  await fails(
    update('dead', { DeadLetterConfig: { TargetArn: 'arn:aws:s3:::bucket' } }),
    invalid,
    400,
    /^Invalid dead/,
  );
  await fails(
    update('dead', { DeadLetterConfig: { TargetArn: 'queue' } }),
    'ValidationException',
    400,
    /at 'deadLetterConfig.targetArn' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  );
});

test('tracing, key and storage are told as they are set', async () => {
  const KMSKeyArn = `arn:aws:kms:${region}:${account}:key/1`;
  const set = { TracingConfig: { Mode: 'Active' }, KMSKeyArn, EphemeralStorage: { Size: 10_240 } } as const;
  const created = await create(client, 'told', { ...set, Code: { ZipFile: echoCode, SourceKMSKeyArn: KMSKeyArn } });
  const told = ({ TracingConfig, KMSKeyArn, EphemeralStorage }: lambda.FunctionConfiguration) => ({
    ...{ TracingConfig, KMSKeyArn, EphemeralStorage },
  });
  assert.deepEqual(told(created), set);
  assert.deepEqual(told(await settled(client, 'told')), set);
  const found = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'told' }));
  assert.equal(found.Code!.SourceKMSKeyArn, KMSKeyArn);
  const off = await update('told', { TracingConfig: { Mode: 'PassThrough' }, KMSKeyArn: '' });
  assert.deepEqual(told(off), {
    TracingConfig: { Mode: 'PassThrough' },
    KMSKeyArn: undefined,
    EphemeralStorage: { Size: 10_240 },
  });
});

test('SnapStart is on for published versions, and only for runtimes that have it', async () => {
  const SnapStart = { ApplyOn: 'PublishedVersions' } as const;
  for (const Runtime of ['java11', 'java21', 'python3.12', 'dotnet8'] as const) {
    const name = `snap-${Runtime.replace('.', '-')}`;
    const created = await create(client, name, { Runtime, SnapStart });
    assert.deepEqual(created.SnapStart, { ...SnapStart, OptimizationStatus: 'Off' });
    assert.deepEqual((await settled(client, name)).SnapStart, { ...SnapStart, OptimizationStatus: 'Off' });
    const published = await client.send(new lambda.PublishVersionCommand({ FunctionName: name }));
    assert.deepEqual(
      [published.State, published.StateReasonCode, published.Version, published.SnapStart!.ApplyOn],
      ['Pending', 'Creating', '1', 'PublishedVersions'],
    );
    const { SnapStart: shown, State } = await settled(client, name, '1');
    assert.deepEqual([shown, State], [{ ...SnapStart, OptimizationStatus: 'On' }, 'Active']);
  }
  const refused = (thing: string) => `${thing} is not supported for SnapStart enabled functions.`;
  for (const Runtime of ['nodejs24.x', 'python3.11', 'java8.al2', 'dotnet6', 'provided.al2023', 'ruby3.4'] as const) {
    await fails(create(client, 'no-snap', { Runtime, SnapStart }), invalid, 400, refused(Runtime));
  }
  await fails(
    create(client, 'no-snap', { Runtime: 'java21', SnapStart, EphemeralStorage: { Size: 513 } }),
    invalid,
    400,
    refused('EphemeralStorage above 512 MB'),
  );
  await fails(update('snap-java21', { Runtime: 'nodejs24.x' }), invalid, 400, refused('nodejs24.x'));
  const off = await update('snap-java21', { SnapStart: { ApplyOn: 'None' } });
  assert.deepEqual(off.SnapStart, { ApplyOn: 'None', OptimizationStatus: 'Off' });
});

const repository = `${account}.dkr.ecr.${region}.amazonaws.com/team/app`;
const imageFunction = (name: string, changes: Partial<lambda.CreateFunctionCommandInput> = {}) =>
  client.send(
    new lambda.CreateFunctionCommand({
      FunctionName: name,
      Role: role,
      PackageType: 'Image',
      Code: { ImageUri: `${repository}:latest` },
      ...changes,
    }),
  );

test('a container image is told by its repository and digest, without runtime and handler', async () => {
  const created = await imageFunction('image', { Environment: { Variables: { CUSTOM_ENV: 'test' } } });
  const { $metadata, RevisionId, LastModified, ...rest } = created;
  assert.ok(RevisionId && LastModified);
  assert.equal($metadata.httpStatusCode, 201);
  const digest = createHash('sha256').update(`${repository}:latest`).digest('hex');
  assert.deepEqual(rest, {
    FunctionName: 'image',
    FunctionArn: `arn:aws:lambda:${region}:${account}:function:image`,
    Role: role,
    CodeSize: 0,
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    CodeSha256: digest,
    Version: '$LATEST',
    Environment: { Variables: { CUSTOM_ENV: 'test' } },
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
    PackageType: 'Image',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/image' },
  });
  await settled(client, 'image');
  const found = await client.send(new lambda.GetFunctionCommand({ FunctionName: 'image' }));
  assert.deepEqual(found.Code, {
    RepositoryType: 'ECR',
    ImageUri: `${repository}:latest`,
    ResolvedImageUri: `${repository}@sha256:${digest}`,
  });
  const other = 'a'.repeat(64);
  const updated = await updateCode('image', { ImageUri: `${repository}@sha256:${other}`, Publish: true });
  assert.deepEqual([updated.CodeSha256, updated.Version, updated.PackageType], [other, '1', 'Image']);
  await settled(client, 'image');
  await fails(
    client.send(new lambda.PublishVersionCommand({ FunctionName: 'image', CodeSha256: 'b'.repeat(64) })),
    invalid,
    400,
    `CodeSHA256 (${'b'.repeat(64)}) is different from current CodeSHA256 in $LATEST (${other}). Please try again with the CodeSHA256 in $LATEST.`,
  );
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'image' }));
});

test('the settings of an image are told until they are emptied', async () => {
  const ImageConfig = { EntryPoint: ['sh'], Command: ['-c', 'echo test'], WorkingDirectory: '/app1' };
  const created = await imageFunction('configured', { ImageConfig });
  assert.deepEqual(created.ImageConfigResponse, { ImageConfig });
  await settled(client, 'configured');
  const { EntryPoint: _, ...fewer } = ImageConfig;
  assert.deepEqual((await update('configured', { ImageConfig: fewer })).ImageConfigResponse, { ImageConfig: fewer });
  await settled(client, 'configured');
  assert.equal((await update('configured', { ImageConfig: {} })).ImageConfigResponse, undefined);
});

test('packages and images exclude one another, with texts of their own', async () => {
  await imageFunction('is-image');
  await create(client, 'is-zip');
  await settled(client, 'is-image');
  await settled(client, 'is-zip');
  const noPackage = "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.";
  for (const [call, message] of [
    [
      () => updateCode('is-image', { ZipFile: echoCode }),
      'Please provide ImageUri when updating a function with packageType Image.',
    ],
    [
      () => updateCode('is-zip', { ImageUri: `${repository}:latest` }),
      "Please don't provide ImageUri when updating a function with packageType Zip.",
    ],
    [() => imageFunction('x', { Runtime: 'nodejs24.x', Handler: 'index.handler' }), noPackage],
    [() => update('is-image', { Handler: 'index.other' }), noPackage],
    [
      () => imageFunction('x', { Code: { ZipFile: echoCode } }),
      'Please provide ImageUri when creating a function with packageType Image.',
    ],
    [
      () => create(client, 'x', { Code: { ImageUri: `${repository}:latest` } }),
      "Please don't provide ImageUri when creating a function with packageType Zip.",
    ],
    [
      () => create(client, 'x', { ImageConfig: { Command: ['a'] } }),
      "Please don't provide ImageConfig when the intended function PackageType is Zip.",
    ],
    [
      () => imageFunction('x', { Code: { ImageUri: repository } }),
      `Source image ${repository} is not valid. Provide a valid source image.`,
    ],
    [
      () => imageFunction('x', { Code: { ImageUri: 'public.ecr.aws/team/app:1' } }),
      'Source image public.ecr.aws/team/app:1 is not valid. Provide a valid source image.',
    ],
    [
      () => imageFunction('x', { SnapStart: { ApplyOn: 'PublishedVersions' } }),
      'ContainerImage is not supported for SnapStart enabled functions.',
    ],
  ] as const) {
    await fails(call(), invalid, 400, message);
  }
  await fails(
    client.send(new lambda.InvokeCommand({ FunctionName: 'is-image' })),
    'InvalidRuntimeException',
    502,
    'The function is a container image, and this release of Lambent runs none.',
  );
});

test('recursion is terminated unless it is allowed, until the function is deleted', async () => {
  await create(client, 'loop');
  const get = () => client.send(new lambda.GetFunctionRecursionConfigCommand({ FunctionName: 'loop' }));
  const put = (RecursiveLoop: lambda.RecursiveLoop) =>
    client.send(new lambda.PutFunctionRecursionConfigCommand({ FunctionName: 'loop', RecursiveLoop }));
  assert.equal((await get()).RecursiveLoop, 'Terminate');
  assert.equal((await put('Allow')).RecursiveLoop, 'Allow');
  assert.equal((await get()).RecursiveLoop, 'Allow');
  await fails(
    put('Sometimes' as 'Allow'),
    'ValidationException',
    400,
    "1 validation error detected: Value 'Sometimes' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Allow, Terminate]",
  );
  await client.send(new lambda.DeleteFunctionCommand({ FunctionName: 'loop' }));
  const gone = `Function not found: arn:aws:lambda:${region}:${account}:function:loop`;
  const error = await fails(get(), 'ResourceNotFoundException', 404, gone);
  assert.equal((error as lambda.ResourceNotFoundException).Type, 'User');
  await fails(put('Allow'), 'ResourceNotFoundException', 404, gone);
  await create(client, 'loop');
  assert.equal((await get()).RecursiveLoop, 'Terminate');
});

test('what later releases bring is refused by name', async () => {
  const later = (setting: string) => `${setting} is not supported by this release of Lambent.`;
  const CapacityProviderConfig = {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: `arn:aws:lambda:${region}:${account}:capacity-provider:cp`,
    },
  };
  const DurableConfig = { ExecutionTimeout: 60 };
  await create(client, 'later');
  await settled(client, 'later');
  await fails(create(client, 'x', { CapacityProviderConfig }), invalid, 400, later('CapacityProviderConfig'));
  await fails(update('later', { CapacityProviderConfig }), invalid, 400, later('CapacityProviderConfig'));
  await fails(create(client, 'x', { DurableConfig }), invalid, 400, later('DurableConfig'));
  await fails(update('later', { DurableConfig }), invalid, 400, later('DurableConfig'));
  await fails(create(client, 'x', { PublishTo: 'LATEST_PUBLISHED' }), invalid, 400, later('PublishTo'));
  await fails(updateCode('later', { S3Bucket: 'bucket', S3Key: 'key' }), invalid, 400, later('Code from S3'));
  await fails(
    updateCode('later', { S3Bucket: 'bucket', S3Key: 'key', S3ObjectStorageMode: 'REFERENCE' }),
    invalid,
    400,
    later('S3ObjectStorageMode REFERENCE'),
  );
  await fails(
    updateCode('later', { S3Bucket: 'bucket', S3Key: 'key', ZipFile: echoCode }),
    invalid,
    400,
    'Please provide a source for function code.',
  );
});
