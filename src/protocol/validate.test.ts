import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract, type ServiceName, serviceNames } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { type ValidateOptions, validate } from './validate.ts';

const layerPattern = loadContract('lambda').constraints.get('LayerVersionArn')!.pattern;

test('a missing required member must not be null', () => {
  const expected =
    "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null";
  assert.equal(failure('lambda', 'GetFunction', {}), expected);
});

test('an empty string is too short, not null; IAM names members without their values', () => {
  assert.match(
    failure('iam', 'GetRole', { RoleName: '' }),
    /^2 validation errors detected: Value at 'roleName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\+$/,
  );
});

test('a number out of range is told its bounds', () => {
  const input = { FunctionName: 'f', Timeout: 0, MemorySize: 127 };
  const message = failure('lambda', 'UpdateFunctionConfiguration', input);
  assert.match(message, /^2 validation errors detected: /);
  assert.match(
    message,
    /Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1/,
  );
  assert.match(
    message,
    /Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128/,
  );
});

test('an unknown name is told the set of known ones', () => {
  const expected =
    "1 validation error detected: Value 'Sometimes' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]";
  assert.equal(failure('lambda', 'Invoke', { FunctionName: 'f', InvocationType: 'Sometimes' }), expected);
});

test('members of members are named by their path in lower camel case', () => {
  const message = failure('lambda', 'CreateFunction', { FunctionName: 'f', Role: role, Code: { S3Bucket: 'b' } });
  assert.match(
    message,
    /Value 'b' at 'code\.s3Bucket' failed to satisfy constraint: Member must have length greater than or equal to 3/,
  );
});

test('members of structures in lists are numbered from one', () => {
  const input = { RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags: [{ Key: 'a', Value: 'b' }, { Value: 'c' }] };
  const expected =
    "1 validation error detected: Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null";
  assert.equal(failure('iam', 'CreateRole', input), expected);
});

test('simple values in lists are judged together', () => {
  assert.equal(
    failure('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'f', Layers: ['bad', 'worse'] }),
    `1 validation error detected: Value '[bad, worse]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${layerPattern}, Member must not be null]`,
  );
});

test('a null in a list fails even where anything else would do', () => {
  const message = failure('lambda', 'UpdateFunctionConfiguration', {
    FunctionName: 'f',
    VpcConfig: { SubnetIds: [null] },
  });
  assert.match(
    message,
    /Value '\[null\]' at 'vpcConfig\.subnetIds' failed to satisfy constraint: Member must satisfy constraint: \[.*Member must not be null\]$/,
  );
});

test('keys and values of maps are judged together and shown as Java shows them', () => {
  const input = {
    FunctionName: 'f',
    Name: 'a',
    FunctionVersion: '1',
    RoutingConfig: { AdditionalVersionWeights: { '2': 2 } },
  };
  const message = failure('lambda', 'CreateAlias', input);
  assert.match(
    message,
    /Value '\{2=2\.0\}' at 'routingConfig\.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have value less than or equal to 1\.0, Member must have value greater than or equal to 0\.0, Member must not be null\]$/,
  );
});

test('the value of a sensitive member is not repeated', () => {
  const message = failure('lambda', 'UpdateFunctionConfiguration', {
    FunctionName: 'f',
    Environment: { Variables: { '2': 'secret' } },
  });
  assert.doesNotMatch(message, /secret/);
  assert.match(
    message,
    /^1 validation error detected: Value at 'environment\.variables' failed to satisfy constraint: Map keys/,
  );
});

test('what a service judges itself is skipped, in lists too', () => {
  const input = { FunctionName: 'f', Role: role, Code: {}, Runtime: 'cobol' };
  assert.match(failure('lambda', 'CreateFunction', input), /'runtime'/);
  assert.equal(failure('lambda', 'CreateFunction', input, { skip: ['runtime'] }), '');
  const tagged = { RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags: [{ Value: 'c' }] };
  assert.equal(failure('iam', 'CreateRole', tagged, { skip: ['tags.key'] }), '');
});

test('each service fails by its own code', () => {
  const codes: [ServiceName, string, string][] = [
    ['lambda', 'GetFunction', 'ValidationException'],
    ['iam', 'GetRole', 'ValidationError'],
    ['sts', 'AssumeRole', 'ValidationError'],
    ['logs', 'CreateLogGroup', 'InvalidParameterException'],
  ];
  for (const [service, operation, code] of codes) {
    const input = service === 'iam' ? { RoleName: '' } : {};
    assert.throws(() => validate(loadContract(service), operation, input), { code, status: 400 });
  }
});

test('the input of every operation can be judged', () => {
  for (const service of serviceNames) {
    for (const operation of loadContract(service).operations.keys()) failure(service, operation, {});
  }
});

test('a fraction is no integer, and may be a double', () => {
  assert.equal(
    failure('lambda', 'ListFunctions', { MaxItems: 1.5 }),
    'NUMBER_VALUE can not be converted to an Integer',
  );
  const alias = { FunctionName: 'f', Name: 'live', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } };
  assert.equal(failure('lambda', 'UpdateAlias', alias), '');
});

test('a valid input passes', () => {
  const input = {
    FunctionName: 'f',
    Role: role,
    Code: { ZipFile: Buffer.from('zip') },
    Runtime: 'nodejs22.x',
    Tags: { a: 'b' },
  };
  assert.equal(failure('lambda', 'CreateFunction', input), '');
});

const role = 'arn:aws:iam::000000000000:role/r';

/** The message, or nothing when the input is valid. */
function failure(service: ServiceName, operation: string, input: object, options?: ValidateOptions): string {
  try {
    validate(loadContract(service), operation, input, options);
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
  return '';
}
