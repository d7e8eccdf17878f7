// Permissions boundaries of roles and users.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, lambdaTrust, startIam } from './iam-under-test.ts';

const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';

test('what is no policy bounds nothing', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  const bound = (arn: string) => call('PutRolePermissionsBoundary', { RoleName: 'r', PermissionsBoundary: arn });
  const other = `arn:aws:iam::${account}:not_a_policy/invalid`;
  await assert.rejects(bound(other), { code: 'InvalidInput', message: `ARN ${other} is not valid.` });
  const absent = `arn:aws:iam::${account}:policy/absent`;
  const missing = { code: 'NoSuchEntity', message: `Scope ARN: ${absent} does not exist or is not attachable.` };
  await assert.rejects(bound(absent), missing);
  await assert.rejects(call('CreateUser', { UserName: 'u', PermissionsBoundary: absent }), missing);
  await assert.rejects(call('GetUser', { UserName: 'u' }), { code: 'NoSuchEntity' });
});

test('a boundary is told by GetRole, not by ListRoles, until it is lifted', async (t) => {
  const { call } = await startIam(t);
  const { Role: created } = await call('CreateRole', {
    RoleName: 'r',
    AssumeRolePolicyDocument: lambdaTrust,
    PermissionsBoundary: admin,
  });
  const boundary = { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: admin };
  assert.deepEqual(created?.PermissionsBoundary, boundary);
  assert.deepEqual((await call('GetRole', { RoleName: 'r' })).Role?.PermissionsBoundary, boundary);
  assert.equal('PermissionsBoundary' in (await call('ListRoles', {})).Roles![0]!, false);
  assert.equal((await call('GetPolicy', { PolicyArn: admin })).Policy?.PermissionsBoundaryUsageCount, 1);
  await call('DeleteRolePermissionsBoundary', { RoleName: 'r' });
  assert.equal('PermissionsBoundary' in (await call('GetRole', { RoleName: 'r' })).Role!, false);
});
