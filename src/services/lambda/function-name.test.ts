// The forms of a function's name, and what is refused before anything is looked up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../service.ts';
import { accountOfArn, functionArn, resolveFunctionName, resolveUnqualified } from './function-name.ts';

const caller: Caller = {
  account: '123456789012',
  region: 'eu-west-1',
  accessKeyId: 'a',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
};
const read = (name: string, qualifier?: string) => resolveFunctionName(name, caller, 'GetFunction', qualifier);

test('another region is not reachable, another account is not authorised', () => {
  assert.throws(() => read('arn:aws:lambda:us-east-1:123456789012:function:f'), {
    code: 'ResourceNotFoundException',
    message: "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
  });
  assert.throws(() => read('999999999999:function:f:7'), {
    code: 'AccessDeniedException',
    status: 403,
    message:
      'User: arn:aws:iam::123456789012:root is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:eu-west-1:999999999999:function:f:7 because no resource-based policy allows the lambda:GetFunction action',
  });
});

test('two qualifiers must agree', () => {
  assert.throws(() => read('f:1', '2'), {
    code: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
  });
  assert.equal(read('f:1', '1').qualifier, '1');
});

test('operations on functions take no version, but do take $LATEST', () => {
  assert.throws(() => resolveUnqualified('f:1', caller, 'PublishVersion'), /permitted on Lambda functions only/);
  assert.equal(resolveUnqualified('f:$LATEST', caller, 'PublishVersion').name, 'f');
});

test('every form names the same function', () => {
  const forms = ['f', 'function:f', '123456789012:f', '123456789012:function:f', 'eu-west-1:123456789012:function:f'];
  for (const form of [...forms, 'arn:aws:lambda:eu-west-1:123456789012:function:f']) {
    for (const qualifier of [undefined, '$LATEST', '12', 'my-alias_1']) {
      const name = qualifier === undefined ? form : `${form}:${qualifier}`;
      assert.deepEqual(read(name), { account: caller.account, region: caller.region, name: 'f', qualifier }, name);
    }
  }
});

test('the account of the longer forms is known before it is judged', () => {
  assert.equal(accountOfArn('999999999999:function:f'), '999999999999');
  assert.equal(accountOfArn('f'), undefined);
});

test('ARNs carry the partition of their region', () => {
  assert.equal(
    functionArn({ account: '1', region: 'cn-north-1', name: 'f' }, '3'),
    'arn:aws-cn:lambda:cn-north-1:1:function:f:3',
  );
});
