// What CreateFunction and its kin refuse, with AWS's codes, statuses and texts; and requests that are none.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { account, arnOf, create, fails, lambdaClient, newFunction, region } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});
after(() => server.stop());

const namePattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';
const anyNamePattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';

const one = (item: string) => `1 validation error detected: ${item}`;
const failed = (value: string, path: string, constraint: string) =>
  `Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`;
const pattern = (expression: string) => `Member must satisfy regular expression pattern: ${expression}`;
const enumeration = (...values: string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`;
const atMost = (max: number) => `Member must have value less than or equal to ${max}`;
const atLeast = (min: number) => `Member must have value greater than or equal to ${min}`;
const shorter = (max: number) => `Member must have length less than or equal to ${max}`;
const longer = (min: number) => `Member must have length greater than or equal to ${min}`;

const x = (length: number) => 'x'.repeat(length);
const changed = (changes: Record<string, unknown>) => create(client, 'never-made', changes as object);
const invalid = 'InvalidParameterValueException';

test('each constraint of the model is told in the words of AWS', async () => {
  const envPattern = '[a-zA-Z]([a-zA-Z0-9_])+';
  const cases: [Record<string, unknown>, string][] = [
    [{ Role: 'r1' }, failed('r1', 'role', pattern('arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'))],
    [{ Handler: 'with space' }, failed('with space', 'handler', pattern('[^\\s]+'))],
    [{ Handler: x(129) }, failed(x(129), 'handler', shorter(128))],
    [{ Description: x(257) }, failed(x(257), 'description', shorter(256))],
    [{ Timeout: 0 }, failed('0', 'timeout', atLeast(1))],
    [{ Timeout: 901 }, failed('901', 'timeout', atMost(900))],
    [{ Timeout: 5401 }, failed('5401', 'timeout', atMost(5400))],
    [{ MemorySize: 127 }, failed('127', 'memorySize', atLeast(128))],
    [{ MemorySize: 32_769 }, failed('32769', 'memorySize', atMost(32_768))],
    [{ EphemeralStorage: { Size: 511 } }, failed('511', 'ephemeralStorage.size', atLeast(512))],
    [{ EphemeralStorage: { Size: 10_241 } }, failed('10241', 'ephemeralStorage.size', atMost(10_240))],
    [
      { EphemeralStorage: {} },
      "Value null at 'ephemeralStorage.size' failed to satisfy constraint: Member must not be null",
    ],
    [{ PackageType: 'Jar' }, failed('Jar', 'packageType', enumeration('Zip', 'Image'))],
    [{ Architectures: [] }, failed('[]', 'architectures', longer(1))],
    [{ Architectures: ['x86_64', 'arm64'] }, failed('[x86_64, arm64]', 'architectures', shorter(1))],
    [
      { Architectures: ['X86_64'] },
      failed(
        '[X86_64]',
        'architectures',
        `Member must satisfy constraint: [${enumeration('x86_64', 'arm64')}, Member must not be null]`,
      ),
    ],
    [{ TracingConfig: { Mode: 'On' } }, failed('On', 'tracingConfig.mode', enumeration('Active', 'PassThrough'))],
    [
      { SnapStart: { ApplyOn: 'Always' } },
      failed('Always', 'snapStart.applyOn', enumeration('PublishedVersions', 'None')),
    ],
    [{ LoggingConfig: { LogFormat: 'XML' } }, failed('XML', 'loggingConfig.logFormat', enumeration('JSON', 'Text'))],
    [{ LoggingConfig: { LogGroup: 'a b' } }, failed('a b', 'loggingConfig.logGroup', pattern('[\\.\\-_/#A-Za-z0-9]+'))],
    [{ LoggingConfig: { LogGroup: x(513) } }, failed(x(513), 'loggingConfig.logGroup', shorter(512))],
    [
      { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'LOUD' } },
      failed(
        'LOUD',
        'loggingConfig.applicationLogLevel',
        enumeration('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'),
      ),
    ],
    [
      { LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'ERROR' } },
      failed('ERROR', 'loggingConfig.systemLogLevel', enumeration('DEBUG', 'INFO', 'WARN')),
    ],
    [
      { DeadLetterConfig: { TargetArn: 'nothing' } },
      failed('nothing', 'deadLetterConfig.targetArn', pattern('(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()')),
    ],
    [{ KMSKeyArn: 'key' }, failed('key', 'kMSKeyArn', pattern('(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()'))],
  ];
  for (const [changes, item] of cases) await fails(changed(changes), 'ValidationException', 400, one(item));
  // Values of environment variables are nobody's business, and so not shown.
  const error = await fails(
    changed({ Environment: { Variables: { '1x': 'secret' } } }),
    'ValidationException',
    400,
    /^1 validation error detected: /,
  );
  assert.ok(error.message.includes(`Map keys must satisfy constraint: [${pattern(envPattern)}`), error.message);
  assert.doesNotMatch(error.message, /secret/);
});

test('members that are missing are told together, in the order of the model', async () => {
  const raw = await post('/2015-03-31/functions', '{}');
  assert.equal(raw.status, 400);
  assert.equal(raw.headers.get('x-amzn-errortype'), 'ValidationException');
  const missing = (path: string) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`;
  assert.deepEqual(await raw.json(), {
    message: `3 validation errors detected: ${['functionName', 'role', 'code'].map(missing).join('; ')}`,
  });
  await fails(
    changed({ Timeout: 0, MemorySize: 1, Role: 'r' }),
    'ValidationException',
    400,
    /^3 validation errors detected: Value 'r' at 'role' .*; Value '0' at 'timeout' .*; Value '1' at 'memorySize' [^;]*$/,
  );
});

test('names that are no names are refused, in one way for creation and in another for all else', async () => {
  const long = `${arnOf('a')}${x(140)}`;
  const wrong: [string, string][] = [
    ['my-function!', one(failed('my-function!', 'functionName', pattern(namePattern)))],
    ['invalid:function:name', one(failed('invalid:function:name', 'functionName', pattern(namePattern)))],
    ['with.dot', one(failed('with.dot', 'functionName', pattern(namePattern)))],
    [arnOf('f', '1:2'), one(failed(arnOf('f', '1:2'), 'functionName', pattern(namePattern)))],
    [arnOf('f', '$latest'), one(failed(arnOf('f', '$latest'), 'functionName', pattern(namePattern)))],
    [
      `arn:aws:lambda::${account}:function:f`,
      one(failed(`arn:aws:lambda::${account}:function:f`, 'functionName', pattern(namePattern))),
    ],
    [long, one(failed(long, 'functionName', shorter(140)))],
    [
      `${x(140)}!`,
      `2 validation errors detected: ${failed(`${x(140)}!`, 'functionName', shorter(140))}; ${failed(`${x(140)}!`, 'functionName', pattern(namePattern))}`,
    ],
  ];
  for (const [name, message] of wrong) await fails(create(client, name), 'ValidationException', 400, message);
  await fails(create(client, x(65)), invalid, 400, one(failed(x(65), 'functionName', shorter(64))));
  await fails(create(client, arnOf(x(65))), invalid, 400, one(failed(x(65), 'functionName', shorter(64))));

  const get = (FunctionName: string, Qualifier?: string) =>
    client.send(new lambda.GetFunctionCommand({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }));
  await fails(
    get('my-function!'),
    'ValidationException',
    400,
    one(failed('my-function!', 'functionName', pattern(anyNamePattern))),
  );
  await fails(get('arn:aws:ec2:eu-west-1:1:instance/i'), 'ValidationException', 400, /at 'functionName' failed/);
  await fails(
    get('f', 'invalid!'),
    'ValidationException',
    400,
    /^1 validation error detected: Value 'invalid!' at 'qualifier' failed/,
  );
  await fails(get('f', x(129)), 'ValidationException', 400, one(failed(x(129), 'qualifier', shorter(128))));
  await fails(get(x(65)), 'ResourceNotFoundException', 404, `Function not found: ${arnOf(x(65))}`);
  await fails(get('with.dot'), 'ResourceNotFoundException', 404, `Function not found: ${arnOf('with.dot')}`);
  await fails(
    get(`arn:aws:lambda:${region}:${account}:function`),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('function')}`,
  );
});

test('a runtime is known, no longer accepted, or unknown', async () => {
  const known =
    'nodejs20.x, provided.al2023, python3.12, python3.13, nodejs24.x, java17, nodejs16.x, dotnet8, python3.10, java11, python3.11, dotnet6, java21, nodejs18.x, provided.al2, ruby3.3, ruby3.4, java8.al2, java25, ruby3.2, python3.8, python3.9, nodejs22.x, python3.14';
  for (const runtime of ['non-existent-runtime', 'PYTHON3.9']) {
    const message = `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${known}] or be a valid ARN`;
    await fails(changed({ Runtime: runtime }), invalid, 400, message);
  }
  for (const runtime of ['python3.7', 'nodejs14.x', 'go1.x', 'java8', 'dotnetcore3.1', 'ruby2.7']) {
    const message = `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`;
    await fails(changed({ Runtime: runtime }), invalid, 400, message);
  }
  await create(client, 'was-fine');
  const update = { FunctionName: 'was-fine', Runtime: 'nope' as lambda.Runtime };
  await fails(
    client.send(new lambda.UpdateFunctionConfigurationCommand(update)),
    invalid,
    400,
    /^Value nope at 'runtime'/,
  );
});

test('a package needs a runtime and a handler', async () => {
  const message = 'Runtime and Handler are mandatory parameters for functions created with deployment packages.';
  await fails(changed({ Runtime: undefined }), invalid, 400, message);
  await fails(changed({ Handler: undefined }), invalid, 400, message);
});

test('code must be given, and be a package', async () => {
  await fails(changed({ Code: {} }), invalid, 400, 'Please provide a source for function code.');
  await fails(changed({ Code: { ZipFile: Buffer.alloc(0) } }), invalid, 400, 'Uploaded file must be a non-empty zip');
  const noZip = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
  await fails(changed({ Code: { ZipFile: Buffer.from('no zip at all') } }), invalid, 400, noZip);
  await create(client, 'zipped');
  const FunctionName = 'zipped';
  const update = (input: object) => client.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ...input }));
  await fails(update({}), invalid, 400, 'Please provide a source for function code.');
  await fails(update({ ZipFile: Buffer.from('no zip') }), invalid, 400, noZip);
  const image = "Please don't provide ImageUri when updating a function with packageType Zip.";
  await fails(update({ ImageUri: 'repo:latest' }), invalid, 400, image);
});

test('variables of the platform cannot be set, and all together must fit into 4 KB', async () => {
  const reserved =
    'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ';
  const withVariables = (Variables: Record<string, string>) => changed({ Environment: { Variables } });
  await fails(withVariables({ AWS_REGION: 'x' }), invalid, 400, `${reserved}AWS_REGION`);
  await fails(
    withVariables({ FINE: '1', AWS_ACCESS_KEY_ID: 'x', AWS_LAMBDA_RUNTIME_API: 'y' }),
    invalid,
    400,
    `${reserved}AWS_ACCESS_KEY_ID, AWS_LAMBDA_RUNTIME_API`,
  );
  const frame = JSON.stringify({ LARGE_VAR: '' }).length;
  const over = x(4096 - frame + 1);
  await fails(
    withVariables({ LARGE_VAR: over }),
    invalid,
    400,
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"LARGE_VAR":"${over}"}`,
  );
  await create(client, 'at-the-limit', { Environment: { Variables: { LARGE_VAR: over.slice(1) } } });
});

test("memory above an account's quota is refused though the model has room for it", async () => {
  const message = "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240";
  await fails(changed({ MemorySize: 10_241 }), invalid, 400, message);
});

test('settings that would not be acted on are refused by name', async () => {
  const later = (setting: string) => `${setting} is not supported by this release of Lambent.`;
  const cases: [Record<string, unknown>, string][] = [
    [{ DurableConfig: { ExecutionTimeout: 10 } }, 'DurableConfig'],
    [{ PublishTo: 'LATEST_PUBLISHED' }, 'PublishTo'],
  ];
  for (const [changes, setting] of cases) await fails(changed(changes), invalid, 400, later(setting));
});

test('nothing of all that was refused is there', async () => {
  await fails(
    client.send(new lambda.GetFunctionCommand({ FunctionName: 'never-made' })),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('never-made')}`,
  );
});

test('packages and requests that are too large are refused with their limits', async () => {
  const tooLarge = 'Zipped size must be smaller than 52428800 bytes';
  await fails(
    changed({ Code: { ZipFile: Buffer.alloc(52_428_801) } }),
    'RequestEntityTooLargeException',
    413,
    tooLarge,
  );
  await fails(
    changed({ Code: { ZipFile: Buffer.alloc(53_000_000) } }),
    'RequestEntityTooLargeException',
    413,
    'Request must be smaller than 70167211 bytes for the CreateFunction operation',
  );
});

test('operations that are not built are refused by name', async () => {
  const calls: [Promise<unknown>, string][] = [
    [client.send(new lambda.ListCapacityProvidersCommand({})), 'ListCapacityProviders'],
    [
      client.send(new lambda.ListDurableExecutionsByFunctionCommand({ FunctionName: 'f' })),
      'ListDurableExecutionsByFunction',
    ],
  ];
  await Promise.all(
    calls.map(([call, operation]) =>
      fails(
        call,
        'NotImplementedException',
        501,
        `The operation ${operation} of Lambda is not built in this release of Lambent.`,
      ),
    ),
  );
});

test('paths that are no operation, and services that are not there, are told so', async () => {
  const unknown = await post('/2015-03-31/functions/f/nothing', '{}');
  assert.equal(unknown.status, 404);
  assert.equal(unknown.headers.get('x-amzn-errortype'), 'UnknownOperationException');
  assert.match(unknown.headers.get('x-amzn-requestid')!, /^[0-9a-f-]{36}$/);
  assert.match(await unknown.text(), /POST \/2015-03-31\/functions\/f\/nothing/);
  const service = await post('/', '{}', 'kinesis');
  assert.equal(service.status, 501);
  assert.match(await service.text(), /The service 'kinesis' is not built in this release of Lambent\./);
});

test('bodies that are no JSON, or JSON of the wrong kind, are refused and the server serves on', async () => {
  const cases: [string, number][] = [
    ['{', 400],
    ['nonsense', 400],
    ['[]', 400],
    ['"text"', 400],
    ['{"FunctionName": {"a": 1}}', 400],
    ['{"FunctionName": "f", "Timeout": "soon"}', 400],
    ['{"FunctionName": "f", "Code": "zip"}', 400],
    ['{"FunctionName": "f", "Tags": ["a"]}', 400],
    ['{"FunctionName": "f", "Code": {"ZipFile": "%%%not base64%%%"}, "Role": "r"}', 400],
  ];
  for (const [body, status] of cases) {
    const answer = await post('/2015-03-31/functions', body);
    assert.equal(answer.status, status, body);
    assert.match(answer.headers.get('x-amzn-requestid')!, /^[0-9a-f-]{36}$/);
    assert.match(answer.headers.get('x-amzn-errortype')!, /^[A-Za-z]+(Exception|Error)$/);
    assert.ok(((await answer.json()) as { message?: string; Message?: string }) !== null);
  }
  await create(client, 'still-serving');
});

function post(path: string, body: string, service = 'lambda'): Promise<Response> {
  const scope = `${account}/20260101/${region}/${service}/aws4_request`;
  return fetch(server.url + path, {
    method: 'POST',
    body,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/json',
    },
  });
}

test('errors have their type in body and header, with the message spelt as each shape spells it', async () => {
  const get = await fetch(`${server.url}/2015-03-31/functions/absent`, {
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=0`,
    },
  });
  assert.equal(get.headers.get('x-amzn-errortype'), 'ResourceNotFoundException');
  assert.equal(get.headers.get('content-type'), 'application/json');
  assert.equal(await get.text(), JSON.stringify({ Type: 'User', Message: `Function not found: ${arnOf('absent')}` }));
  const parameter = await post('/2015-03-31/functions', JSON.stringify({ ...newFunction('f'), Code: {} }));
  assert.equal(await parameter.text(), '{"Type":"User","message":"Please provide a source for function code."}');
});
