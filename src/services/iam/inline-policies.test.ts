// Policies within roles, users and groups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lambdaTrust, listBuckets, startIam } from './iam-under-test.ts';

test('a malformed policy is refused, and one for nobody', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  await assert.rejects(call('PutUserPolicy', { UserName: 'u', PolicyName: 'p', PolicyDocument: '{' }), {
    code: 'MalformedPolicyDocument',
    message: 'Syntax errors in policy.',
  });
  await assert.rejects(call('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: listBuckets }), {
    code: 'NoSuchEntity',
    message: 'The role with name r cannot be found.',
  });
});

test('a policy that is not there cannot be read or deleted', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'x', AssumeRolePolicyDocument: lambdaTrust });
  await call('CreateUser', { UserName: 'x' });
  await call('CreateGroup', { GroupName: 'x' });
  const missing = (kind: string) => ({
    code: 'NoSuchEntity',
    message: `The ${kind} policy with name p cannot be found.`,
  });
  await assert.rejects(call('GetRolePolicy', { RoleName: 'x', PolicyName: 'p' }), missing('role'));
  await assert.rejects(call('DeleteRolePolicy', { RoleName: 'x', PolicyName: 'p' }), missing('role'));
  await assert.rejects(call('GetUserPolicy', { UserName: 'x', PolicyName: 'p' }), missing('user'));
  await assert.rejects(call('DeleteGroupPolicy', { GroupName: 'x', PolicyName: 'p' }), missing('group'));
});

test('all policies of a user together may have 2,048 characters', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  const long = listBuckets.replace('s3:List*', `s3:${'x'.repeat(1_500)}`);
  await call('PutUserPolicy', { UserName: 'u', PolicyName: 'one', PolicyDocument: long });
  await call('PutUserPolicy', { UserName: 'u', PolicyName: 'one', PolicyDocument: long });
  await assert.rejects(call('PutUserPolicy', { UserName: 'u', PolicyName: 'two', PolicyDocument: long }), {
    code: 'LimitExceeded',
    message: 'Maximum policy size of 2048 bytes exceeded for user u',
  });
});

test('a policy is read back exactly as it was given, and replaced by name', async (t) => {
  const { call } = await startIam(t);
  await call('CreateGroup', { GroupName: 'g' });
  await call('PutGroupPolicy', { GroupName: 'g', PolicyName: 'b', PolicyDocument: listBuckets });
  await call('PutGroupPolicy', { GroupName: 'g', PolicyName: 'a', PolicyDocument: listBuckets });
  const changed = listBuckets.replace('List', 'Get');
  await call('PutGroupPolicy', { GroupName: 'g', PolicyName: 'b', PolicyDocument: changed });
  const { PolicyDocument: document, ...names } = await call('GetGroupPolicy', { GroupName: 'g', PolicyName: 'b' });
  assert.deepEqual(names, { GroupName: 'g', PolicyName: 'b' });
  assert.equal(decodeURIComponent(document!), changed);
  const list = await call('ListGroupPolicies', { GroupName: 'g' });
  assert.deepEqual(list, { PolicyNames: ['a', 'b'], IsTruncated: false });
});
