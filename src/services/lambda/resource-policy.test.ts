import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AwsError } from '../../core/errors.ts';
import { addStatement, buildStatement, type Permission, policyText, removeStatement } from './resource-policy.ts';

const resource = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const build = (change: Partial<Permission> = {}) =>
  buildStatement({ sid: 's', principal: 's3.amazonaws.com', action: 'lambda:InvokeFunction', resource, ...change });
const failsWith = (call: () => unknown, code: string, message: string) =>
  assert.throws(call, (error: AwsError) => error.code === code && error.message === message);

test('each kind of principal takes its own form', () => {
  const of = (principal: string, partition = 'aws') =>
    build({ principal, resource: resource.replace('arn:aws:', `arn:${partition}:`) }).Principal;
  assert.equal(of('*'), '*');
  for (const service of ['logs.eu-west-1.amazonaws.com', 'alexa-appkit.amazon.com', 's3.amazonaws.com.cn']) {
    assert.deepEqual(of(service), { Service: service });
  }
  assert.deepEqual(of('111111111111'), { AWS: 'arn:aws:iam::111111111111:root' });
  assert.deepEqual(of('111111111111', 'aws-cn'), { AWS: 'arn:aws-cn:iam::111111111111:root' });
  for (const name of ['iam::111111111111:user/a/b', 'iam::111111111111:role/r', 'sts::111111111111:assumed-role/r/s']) {
    assert.deepEqual(of(`arn:aws:${name}`), { AWS: `arn:aws:${name}` });
  }
  for (const wrong of [
    'invalid.nonaws.com',
    '12345',
    'arn:aws:s3:::bucket',
    'arn:aws:iam::1:user/a',
    '.amazonaws.com',
  ]) {
    failsWith(
      () => of(wrong),
      'InvalidParameterValueException',
      'The provided principal was invalid. Please check the principal and try again.',
    );
  }
});

test('conditions stand in the order of AWS, and nothing stands for none', () => {
  assert.equal(build().Condition, undefined);
  const full = build({
    sourceArn: 'arn:aws:s3:::b',
    sourceAccount: '123456789012',
    eventSourceToken: 'token',
    functionUrlAuthType: 'NONE',
    principalOrgId: 'o-1234567890',
    invokedViaFunctionUrl: true,
  });
  assert.equal(
    JSON.stringify(full.Condition),
    '{"StringEquals":{"AWS:SourceAccount":"123456789012","lambda:FunctionUrlAuthType":"NONE","aws:PrincipalOrgID":"o-1234567890","lambda:EventSourceToken":"token"},"Bool":{"lambda:InvokedViaFunctionUrl":"true"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}',
  );
});

test('statements are added and taken away by their ids, and an empty policy is none', () => {
  const one = addStatement(undefined, build());
  assert.equal(policyText(one), JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [build()] }));
  failsWith(
    () => addStatement(one, build()),
    'ResourceConflictException',
    'The statement id (s) provided already exists. Please provide a new statement id, or remove the existing statement.',
  );
  const two = addStatement(one, build({ sid: 't' }));
  assert.deepEqual(removeStatement(two, 's'), { ...one, Statement: [build({ sid: 't' })] });
  assert.equal(removeStatement(one, 's'), undefined);
  failsWith(
    () => removeStatement(one, 'u'),
    'ResourceNotFoundException',
    'Statement u is not found in resource policy.',
  );
});

test('a policy may be as long as the limit, and not a byte longer', () => {
  const empty = policyText(addStatement(undefined, build({ sourceArn: 'x' }))).length - 1;
  const filled = (bytes: number) => addStatement(undefined, build({ sourceArn: 'x'.repeat(bytes - empty) }));
  assert.equal(policyText(filled(20_480)).length, 20_480);
  failsWith(
    () => filled(20_481),
    'PolicyLengthExceededException',
    'The final policy size (20481) is bigger than the limit (20480).',
  );
});
