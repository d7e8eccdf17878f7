// Managed policies attached to roles, users and groups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, lambdaTrust, listBuckets, startIam } from './iam-under-test.ts';

const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

test('what is no policy cannot be attached', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  await assert.rejects(call('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'longpolicynamebutnoarn' }), {
    code: 'ValidationError',
    message: 'ARN longpolicynamebutnoarn is not valid.',
  });
  for (const arn of [
    `arn:aws:iam::${account}:policy/absent`,
    'arn:aws:iam::999999999999:policy/of-others',
    'arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole',
  ]) {
    await assert.rejects(call('AttachRolePolicy', { RoleName: 'r', PolicyArn: arn }), {
      code: 'NoSuchEntity',
      status: 404,
      message: `Policy ${arn} does not exist or is not attachable.`,
    });
  }
});

test('what is not attached cannot be detached', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  await assert.rejects(call('DetachUserPolicy', { UserName: 'u', PolicyArn: basic }), {
    code: 'NoSuchEntity',
    message: `Policy ${basic} was not found.`,
  });
});

test('a role has ten policies at most, and the same one only once', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  for (let index = 0; index < 11; index++) {
    await call('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument: listBuckets });
  }
  const attach = (index: number) =>
    call('AttachRolePolicy', { RoleName: 'r', PolicyArn: `arn:aws:iam::${account}:policy/p${index}` });
  for (let index = 0; index < 10; index++) await attach(index);
  await attach(9);
  await assert.rejects(attach(10), { code: 'LimitExceeded', message: 'Cannot exceed quota for PoliciesPerRole: 10' });
});

test('attached policies are listed, below a path, and counted where they are', async (t) => {
  const { call } = await startIam(t);
  await call('CreateGroup', { GroupName: 'g' });
  await call('CreatePolicy', { PolicyName: 'Mine', PolicyDocument: listBuckets });
  const mine = `arn:aws:iam::${account}:policy/Mine`;
  await call('AttachGroupPolicy', { GroupName: 'g', PolicyArn: mine });
  await call('AttachGroupPolicy', { GroupName: 'g', PolicyArn: basic });
  assert.deepEqual(await call('ListAttachedGroupPolicies', { GroupName: 'g' }), {
    AttachedPolicies: [
      { PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic },
      { PolicyName: 'Mine', PolicyArn: mine },
    ],
    IsTruncated: false,
  });
  const below = await call('ListAttachedGroupPolicies', { GroupName: 'g', PathPrefix: '/service-role/' });
  assert.deepEqual(
    below.AttachedPolicies?.map((policy) => policy.PolicyArn),
    [basic],
  );
  assert.equal((await call('GetPolicy', { PolicyArn: basic })).Policy?.AttachmentCount, 1);
  await call('DetachGroupPolicy', { GroupName: 'g', PolicyArn: basic });
  assert.equal((await call('GetPolicy', { PolicyArn: basic })).Policy?.AttachmentCount, 0);
});
