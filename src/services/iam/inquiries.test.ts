// What other parts of Lambent ask IAM.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, lambdaTrust, startIam } from './iam-under-test.ts';
import { roleIdOf, roleTrusts, trustPolicyOf } from './index.ts';

const lambda = 'lambda.amazonaws.com';

test('a role is known by its whole ARN only', async (t) => {
  const { iam, call } = await startIam(t);
  const { Role: role } = await call('CreateRole', {
    RoleName: 'r',
    Path: '/p/',
    AssumeRolePolicyDocument: lambdaTrust,
  });
  for (const arn of [
    'not an ARN',
    `arn:aws:iam::${account}:user/p/r`,
    `arn:aws:iam::${account}:role/r`,
    `arn:aws:iam::${account}:role/p/R`,
    'arn:aws:iam::999999999999:role/p/r',
  ]) {
    assert.equal(await roleTrusts(iam, arn, lambda), 'no such role');
    assert.equal(await trustPolicyOf(iam, arn), undefined);
    assert.equal(await roleIdOf(iam, arn), undefined);
  }
  assert.equal(await trustPolicyOf(iam, role!.Arn!), lambdaTrust);
  assert.equal(await roleIdOf(iam, role!.Arn!), role!.RoleId);
});

test('a role trusts whom its policy names, as soon as it does', async (t) => {
  const { iam, call } = await startIam(t);
  const { Role: role } = await call('CreateRole', {
    RoleName: 'r',
    AssumeRolePolicyDocument: lambdaTrust.replace('lambda.', 'events.'),
  });
  assert.equal(await roleTrusts(iam, role!.Arn!, lambda), 'not trusted');
  await call('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument: lambdaTrust });
  assert.equal(await roleTrusts(iam, role!.Arn!, lambda), 'trusted');
});
