// The lives of roles, users and groups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, lambdaTrust, listBuckets, root, startIam, startOfTest } from './iam-under-test.ts';
import { encodeDocument } from './policy-document.ts';

const createDate = new Date(startOfTest - 789);

test('what is not there cannot be read, changed or deleted', async (t) => {
  const { call } = await startIam(t);
  const missing = (kind: string) => ({
    code: 'NoSuchEntity',
    status: 404,
    message: `The ${kind} with name absent cannot be found.`,
  });
  await assert.rejects(call('GetRole', { RoleName: 'absent' }), missing('role'));
  await assert.rejects(call('UpdateRole', { RoleName: 'absent', Description: '' }), missing('role'));
  await assert.rejects(call('DeleteRole', { RoleName: 'absent' }), missing('role'));
  await assert.rejects(call('ListInstanceProfilesForRole', { RoleName: 'absent' }), missing('role'));
  await assert.rejects(call('GetUser', { UserName: 'absent' }), missing('user'));
  await assert.rejects(call('UpdateUser', { UserName: 'absent', NewPath: '/a/' }), missing('user'));
  await assert.rejects(call('DeleteUser', { UserName: 'absent' }), missing('user'));
  await assert.rejects(call('GetGroup', { GroupName: 'absent' }), missing('group'));
  await assert.rejects(call('DeleteGroup', { GroupName: 'absent' }), missing('group'));
});

test('a role whose trust policy is malformed is not made', async (t) => {
  const { call } = await startIam(t);
  await assert.rejects(call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{' }), {
    code: 'MalformedPolicyDocument',
  });
  await assert.rejects(call('GetRole', { RoleName: 'r' }), { code: 'NoSuchEntity' });
});

test('a name is taken whatever its case and path, but not for other kinds and accounts', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'Worker', AssumeRolePolicyDocument: lambdaTrust });
  await call('CreateUser', { UserName: 'Worker' });
  await call('CreateGroup', { GroupName: 'Worker' });
  const again = { RoleName: 'WORKER', Path: '/other/', AssumeRolePolicyDocument: lambdaTrust };
  const exists = (kind: string) => ({
    code: 'EntityAlreadyExists',
    status: 409,
    message: `${kind} with name WORKER already exists.`,
  });
  await assert.rejects(call('CreateRole', again), exists('Role'));
  await assert.rejects(call('CreateUser', { UserName: 'WORKER' }), exists('User'));
  await assert.rejects(call('CreateGroup', { GroupName: 'WORKER' }), exists('Group'));
  await call('CreateRole', again, { ...root, account: '999999999999' });
  assert.equal((await call('GetRole', { RoleName: 'worker' })).Role?.RoleName, 'Worker');
});

test('CreateRole, GetRole and ListRoles each tell of a role what AWS tells there', async (t) => {
  const { call } = await startIam(t);
  const { Role: created } = await call('CreateRole', {
    RoleName: 'worker',
    Path: '/team/',
    AssumeRolePolicyDocument: lambdaTrust,
    Description: 'works',
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '1' },
    ],
  });
  assert.match(created!.RoleId!, /^AROA[A-Z2-7]{17}$/);
  const core = {
    Path: '/team/',
    Arn: `arn:aws:iam::${account}:role/team/worker`,
    CreateDate: createDate,
    RoleName: 'worker',
    RoleId: created!.RoleId,
    AssumeRolePolicyDocument: encodeDocument(lambdaTrust),
  };
  assert.deepEqual(created, {
    ...core,
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '1' },
    ],
  });
  const listed = { ...core, Description: 'works', MaxSessionDuration: 3600 };
  assert.deepEqual(await call('ListRoles', {}), { Roles: [listed], IsTruncated: false });
  assert.deepEqual(await call('GetRole', { RoleName: 'worker' }), {
    Role: {
      ...listed,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      RoleLastUsed: {},
    },
  });
});

test('updates of a role change what is given and leave the rest', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust, Description: 'first' });
  await call('UpdateRole', { RoleName: 'r', MaxSessionDuration: 7200 });
  const { Role: described } = await call('UpdateRoleDescription', { RoleName: 'r', Description: 'second' });
  assert.equal(described?.Description, 'second');
  assert.equal('MaxSessionDuration' in described!, false);
  await call('UpdateRole', { RoleName: 'r' });
  const trust = lambdaTrust.replace('lambda', 'events');
  await call('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument: trust });
  const { Role: role } = await call('GetRole', { RoleName: 'r' });
  assert.deepEqual([role?.Description, role?.MaxSessionDuration], ['second', 7200]);
  assert.equal(decodeURIComponent(role!.AssumeRolePolicyDocument!), trust);
});

test('lists are in order of names, below a path, in pages', async (t) => {
  const { call } = await startIam(t);
  for (const [UserName, Path] of [
    ['beta', '/a/'],
    ['Alpha', '/a/b/'],
    ['gamma', '/c/'],
  ] as const) {
    await call('CreateUser', { UserName, Path });
  }
  const names = async (input: object) => (await call('ListUsers', input)).Users!.map((user) => user.UserName);
  assert.deepEqual(await names({}), ['Alpha', 'beta', 'gamma']);
  assert.deepEqual(await names({ PathPrefix: '/a' }), ['Alpha', 'beta']);
  const first = await call('ListUsers', { MaxItems: 2 });
  assert.equal(first.IsTruncated, true);
  assert.deepEqual(await names({ Marker: first.Marker }), ['gamma']);
});

test('nothing is deleted while something hangs on it', async (t) => {
  const { call } = await startIam(t);
  const refused = (remedy: string) => ({
    code: 'DeleteConflict',
    status: 409,
    message: `Cannot delete entity, must ${remedy} first.`,
  });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const inline = { PolicyName: 'p', PolicyDocument: listBuckets };
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  await call('AttachRolePolicy', { RoleName: 'r', PolicyArn });
  await call('PutRolePolicy', { RoleName: 'r', ...inline });
  await assert.rejects(call('DeleteRole', { RoleName: 'r' }), refused('detach all policies'));
  await call('DetachRolePolicy', { RoleName: 'r', PolicyArn });
  await assert.rejects(call('DeleteRole', { RoleName: 'r' }), refused('delete policies'));
  await call('DeleteRolePolicy', { RoleName: 'r', PolicyName: 'p' });
  await call('DeleteRole', { RoleName: 'r' });

  await call('CreateUser', { UserName: 'u' });
  await call('CreateGroup', { GroupName: 'g' });
  await call('AddUserToGroup', { GroupName: 'g', UserName: 'u' });
  const { AccessKey: key } = await call('CreateAccessKey', { UserName: 'u' });
  await assert.rejects(call('DeleteUser', { UserName: 'u' }), refused('remove users from group'));
  await assert.rejects(call('DeleteGroup', { GroupName: 'g' }), refused('remove users from group'));
  await call('RemoveUserFromGroup', { GroupName: 'g', UserName: 'u' });
  await assert.rejects(call('DeleteUser', { UserName: 'u' }), refused('delete access keys'));
  await call('DeleteAccessKey', { UserName: 'u', AccessKeyId: key!.AccessKeyId });
  await call('DeleteUser', { UserName: 'u' });
  await call('DeleteGroup', { GroupName: 'g' });
});

test('a name that is taken cannot be taken by renaming', async (t) => {
  const { call } = await startIam(t);
  await call('CreateGroup', { GroupName: 'one' });
  await call('CreateGroup', { GroupName: 'two' });
  await assert.rejects(call('UpdateGroup', { GroupName: 'one', NewGroupName: 'Two' }), {
    code: 'EntityAlreadyExists',
    message: 'Group with name Two already exists.',
  });
});

test('a renamed user keeps its id, policies, groups and keys', async (t) => {
  const { call } = await startIam(t);
  const { User: before } = await call('CreateUser', { UserName: 'old' });
  await call('CreateGroup', { GroupName: 'g' });
  await call('AddUserToGroup', { GroupName: 'g', UserName: 'old' });
  await call('PutUserPolicy', { UserName: 'old', PolicyName: 'p', PolicyDocument: listBuckets });
  const { AccessKey: key } = await call('CreateAccessKey', { UserName: 'old' });
  await call('UpdateUser', { UserName: 'old', NewUserName: 'new', NewPath: '/x/' });
  await assert.rejects(call('GetUser', { UserName: 'old' }), { code: 'NoSuchEntity' });
  const { User: after } = await call('GetUser', { UserName: 'new' });
  assert.deepEqual([after?.UserId, after?.Arn], [before!.UserId, `arn:aws:iam::${account}:user/x/new`]);
  assert.deepEqual((await call('ListUserPolicies', { UserName: 'new' })).PolicyNames, ['p']);
  assert.deepEqual((await call('GetGroup', { GroupName: 'g' })).Users?.[0]?.UserName, 'new');
  const { AccessKeyMetadata: keys } = await call('ListAccessKeys', { UserName: 'new' });
  assert.deepEqual([keys?.[0]?.AccessKeyId, keys?.[0]?.UserName], [key!.AccessKeyId, 'new']);
  await call('UpdateUser', { UserName: 'new', NewUserName: 'NEW' });
});

test('a thousand roles are enough for an account', async (t) => {
  const { call } = await startIam(t);
  for (let index = 0; index < 1000; index++) {
    await call('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: lambdaTrust });
  }
  await assert.rejects(call('CreateRole', { RoleName: 'last', AssumeRolePolicyDocument: lambdaTrust }), {
    code: 'LimitExceeded',
    status: 409,
    message: 'Cannot exceed quota for RolesPerAccount: 1000',
  });
});

test('everything is there after a restart', async (t) => {
  const under = await startIam(t);
  const { call } = under;
  const PolicyArn = `arn:aws:iam::${account}:policy/mine`;
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets, Tags: [{ Key: 'k', Value: 'v' }] });
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust, PermissionsBoundary: PolicyArn });
  await call('AttachRolePolicy', { RoleName: 'r', PolicyArn });
  await call('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: listBuckets });
  await call('CreateUser', { UserName: 'u' });
  await call('CreateAccessKey', { UserName: 'u' });
  const read = async () => [
    await call('GetRole', { RoleName: 'r' }),
    await call('ListAttachedRolePolicies', { RoleName: 'r' }),
    await call('GetRolePolicy', { RoleName: 'r', PolicyName: 'p' }),
    await call('GetPolicy', { PolicyArn }),
    await call('GetPolicyVersion', { PolicyArn, VersionId: 'v1' }),
    await call('ListAccessKeys', { UserName: 'u' }),
  ];
  const before = await read();
  await under.restart();
  assert.deepEqual(await read(), before);
});

test('the account summary counts what there is', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: listBuckets });
  const { SummaryMap: summary } = await call('GetAccountSummary', {});
  assert.deepEqual(
    [summary?.Users, summary?.Roles, summary?.Policies, summary?.PolicyVersionsInUse, summary?.RolesQuota],
    [1, 0, 1, 1, 1000],
  );
});
