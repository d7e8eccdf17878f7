// Managed policies of accounts and of AWS, and their versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { account, lambdaTrust, listBuckets, root, startIam } from './iam-under-test.ts';
import { checkIdentityPolicy } from './policy-document.ts';

const mine = `arn:aws:iam::${account}:policy/mine`;
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const getObjects = listBuckets.replace('List', 'Get');

test('what is not there cannot be read, changed or deleted', async (t) => {
  const { call } = await startIam(t);
  const missing = { code: 'NoSuchEntity', status: 404, message: `Policy ${mine} was not found.` };
  await assert.rejects(call('GetPolicy', { PolicyArn: mine }), missing);
  await assert.rejects(call('DeletePolicy', { PolicyArn: mine }), missing);
  await assert.rejects(call('TagPolicy', { PolicyArn: mine, Tags: [] }), missing);
  const version = { ...missing, message: `Policy ${mine} version v1 does not exist or is not attachable.` };
  await assert.rejects(call('GetPolicyVersion', { PolicyArn: mine, VersionId: 'v1' }), version);
  await assert.rejects(call('SetDefaultPolicyVersion', { PolicyArn: mine, VersionId: 'v1' }), version);
  await assert.rejects(call('GetPolicy', { PolicyArn: `arn:aws:iam::${account}:role/x` }), { code: 'ValidationError' });
  const unknown = 'arn:aws:iam::aws:policy/NoSuchPolicyOfAws';
  await assert.rejects(call('GetPolicy', { PolicyArn: unknown }), {
    ...missing,
    message: `Policy ${unknown} was not found.`,
  });
});

test('a name is taken whatever its case and path', async (t) => {
  const { call } = await startIam(t);
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  await assert.rejects(call('CreatePolicy', { PolicyName: 'MINE', Path: '/x/', PolicyDocument: listBuckets }), {
    code: 'EntityAlreadyExists',
    message: 'A policy called MINE already exists. Duplicate names are not allowed.',
  });
});

test('policies of AWS cannot be changed', async (t) => {
  const { call } = await startIam(t);
  await assert.rejects(call('DeletePolicy', { PolicyArn: basic }), {
    code: 'AccessDenied',
    status: 403,
    message: `User: ${root.arn} is not authorized to perform: iam:DeletePolicy on resource: policy ${basic}`,
  });
});

test('CreatePolicy, GetPolicy and ListPolicies each tell of a policy what AWS tells there', async (t) => {
  const { call } = await startIam(t);
  const given = { PolicyName: 'mine', PolicyDocument: listBuckets, Description: 'lists' };
  const { Policy: created } = await call('CreatePolicy', given);
  assert.match(created!.PolicyId!, /^ANPA[A-Z2-7]{17}$/);
  assert.deepEqual(Object.keys(created!).sort(), [
    'Arn',
    'AttachmentCount',
    'CreateDate',
    'DefaultVersionId',
    'IsAttachable',
    'Path',
    'PermissionsBoundaryUsageCount',
    'PolicyId',
    'PolicyName',
    'UpdateDate',
  ]);
  assert.deepEqual((await call('GetPolicy', { PolicyArn: mine })).Policy, {
    ...created,
    Description: 'lists',
    Tags: [],
  });
  assert.deepEqual((await call('ListPolicies', { Scope: 'Local' })).Policies, [created]);
});

test('a policy has five versions at most, and none of a number that was given before', async (t) => {
  const { call } = await startIam(t);
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  const add = (SetAsDefault: boolean) =>
    call('CreatePolicyVersion', { PolicyArn: mine, PolicyDocument: getObjects, SetAsDefault });
  const { PolicyVersion: second } = await add(true);
  assert.deepEqual([second?.VersionId, second?.IsDefaultVersion, second?.Document], ['v2', true, undefined]);
  await assert.rejects(call('DeletePolicyVersion', { PolicyArn: mine, VersionId: 'v2' }), {
    code: 'DeleteConflict',
    message: 'Cannot delete the default version of a policy.',
  });
  for (let version = 3; version <= 5; version++) await add(false);
  await assert.rejects(add(false), {
    code: 'LimitExceeded',
    message:
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  });
  await call('DeletePolicyVersion', { PolicyArn: mine, VersionId: 'v5' });
  assert.equal((await add(false)).PolicyVersion?.VersionId, 'v6');
  const { Versions: versions } = await call('ListPolicyVersions', { PolicyArn: mine });
  assert.deepEqual(
    versions?.map((version) => `${version.VersionId}${version.IsDefaultVersion ? ' default' : ''}`),
    ['v6', 'v4', 'v3', 'v2 default', 'v1'],
  );
});

test('the version in force can be changed, and each is read back as it was given', async (t) => {
  const { call } = await startIam(t);
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  await call('CreatePolicyVersion', { PolicyArn: mine, PolicyDocument: getObjects, SetAsDefault: true });
  await call('SetDefaultPolicyVersion', { PolicyArn: mine, VersionId: 'v1' });
  assert.equal((await call('GetPolicy', { PolicyArn: mine })).Policy?.DefaultVersionId, 'v1');
  const { PolicyVersion: second } = await call('GetPolicyVersion', { PolicyArn: mine, VersionId: 'v2' });
  assert.equal(second?.IsDefaultVersion, false);
  assert.equal(decodeURIComponent(second!.Document!), getObjects);
});

test('a policy is deleted only when nothing uses it and it has one version', async (t) => {
  const { call } = await startIam(t);
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  await call('CreatePolicyVersion', { PolicyArn: mine, PolicyDocument: getObjects });
  await call('CreateUser', { UserName: 'u', PermissionsBoundary: mine });
  await call('AttachUserPolicy', { UserName: 'u', PolicyArn: mine });
  const used = { code: 'DeleteConflict', message: 'Cannot delete a policy attached to entities.' };
  await assert.rejects(call('DeletePolicy', { PolicyArn: mine }), used);
  await call('DetachUserPolicy', { UserName: 'u', PolicyArn: mine });
  await assert.rejects(call('DeletePolicy', { PolicyArn: mine }), used);
  await call('DeleteUserPermissionsBoundary', { UserName: 'u' });
  await assert.rejects(call('DeletePolicy', { PolicyArn: mine }), {
    code: 'DeleteConflict',
    message: /more than one version/,
  });
  await call('DeletePolicyVersion', { PolicyArn: mine, VersionId: 'v2' });
  await call('DeletePolicy', { PolicyArn: mine });
  await assert.rejects(call('GetPolicy', { PolicyArn: mine }), { code: 'NoSuchEntity' });
});

test('policies are listed by scope, path and use', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  await call('CreatePolicy', { PolicyName: 'bound', Path: '/b/', PolicyDocument: listBuckets });
  const bound = `arn:aws:iam::${account}:policy/b/bound`;
  await call('AttachRolePolicy', { RoleName: 'r', PolicyArn: basic });
  await call('PutRolePermissionsBoundary', { RoleName: 'r', PermissionsBoundary: bound });
  const arns = async (input: object) =>
    (await call('ListPolicies', { MaxItems: 1000, ...input })).Policies!.map((policy) => policy.Arn);
  assert.deepEqual(await arns({ Scope: 'Local' }), [bound, mine]);
  assert.deepEqual(await arns({ Scope: 'Local', PathPrefix: '/b/' }), [bound]);
  assert.deepEqual(await arns({ OnlyAttached: true }), [basic]);
  assert.deepEqual(await arns({ PolicyUsageFilter: 'PermissionsBoundary' }), [bound]);
  assert.deepEqual(await arns({ Scope: 'Local', PolicyUsageFilter: 'PermissionsPolicy' }), [mine]);
  assert.equal((await arns({ Scope: 'AWS' })).length, awsManagedPolicies().length);
  assert.equal((await arns({})).length, awsManagedPolicies().length + 2);
});

test('the entities of a policy are those it is attached to and those it bounds, each once', async (t) => {
  const { call } = await startIam(t);
  await call('CreatePolicy', { PolicyName: 'mine', PolicyDocument: listBuckets });
  const { Role: role } = await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  const { User: user } = await call('CreateUser', { UserName: 'u', PermissionsBoundary: mine });
  await call('CreateGroup', { GroupName: 'g' });
  await call('AttachRolePolicy', { RoleName: 'r', PolicyArn: mine });
  await call('AttachUserPolicy', { UserName: 'u', PolicyArn: mine });
  const none = { PolicyGroups: [], PolicyUsers: [], PolicyRoles: [], IsTruncated: false };
  const roles = [{ RoleName: 'r', RoleId: role!.RoleId }];
  const users = [{ UserName: 'u', UserId: user!.UserId }];
  const entities = (input: object) => call('ListEntitiesForPolicy', { PolicyArn: mine, ...input });
  assert.deepEqual(await entities({}), { ...none, PolicyRoles: roles, PolicyUsers: users });
  assert.deepEqual(await entities({ EntityFilter: 'Role' }), { ...none, PolicyRoles: roles });
  assert.deepEqual(await entities({ PolicyUsageFilter: 'PermissionsBoundary' }), { ...none, PolicyUsers: users });
});

test('policies of AWS have their paths, versions in force and documents', async (t) => {
  const { call } = await startIam(t);
  const { Policy: policy } = await call('GetPolicy', { PolicyArn: basic });
  assert.deepEqual(
    [policy?.PolicyName, policy?.Path, policy?.DefaultVersionId, policy?.Description],
    ['AWSLambdaBasicExecutionRole', '/service-role/', 'v1', 'Provides write permissions to CloudWatch Logs.'],
  );
  const { PolicyVersion: version } = await call('GetPolicyVersion', { PolicyArn: basic, VersionId: 'v1' });
  assert.deepEqual(JSON.parse(decodeURIComponent(version!.Document!)).Statement[0].Action, [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  for (const { document } of awsManagedPolicies()) checkIdentityPolicy(document);
});
