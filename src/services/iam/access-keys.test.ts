// Access keys, and who is known by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../service.ts';
import { account, root, startIam } from './iam-under-test.ts';
import { userOfAccessKey } from './index.ts';

const session: Caller = { ...root, arn: `arn:aws:sts::${account}:assumed-role/r/s`, userId: 'AROAEXAMPLE:s' };

test('keys of nobody cannot be made, changed or deleted', async (t) => {
  const { call } = await startIam(t);
  await assert.rejects(call('CreateAccessKey', { UserName: 'absent' }), {
    code: 'NoSuchEntity',
    message: 'The user with name absent cannot be found.',
  });
  await call('CreateUser', { UserName: 'u' });
  const AccessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  const missing = { code: 'NoSuchEntity', message: 'The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.' };
  await assert.rejects(call('UpdateAccessKey', { UserName: 'u', AccessKeyId, Status: 'Inactive' }), missing);
  await assert.rejects(call('DeleteAccessKey', { UserName: 'u', AccessKeyId }), missing);
  await assert.rejects(call('GetAccessKeyLastUsed', { AccessKeyId }), { code: 'AccessDenied', status: 403 });
});

test('a session of a role must name the user', async (t) => {
  const { call } = await startIam(t);
  const refused = { code: 'ValidationError', message: 'Must specify userName when calling with non-User credentials' };
  await assert.rejects(call('CreateAccessKey', {}, session), refused);
  await assert.rejects(call('ListAccessKeys', {}, session), refused);
  await assert.rejects(call('GetUser', {}, session), refused);
});

test('the key of one user cannot be deleted as that of another', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'one' });
  await call('CreateUser', { UserName: 'two' });
  const { AccessKey: key } = await call('CreateAccessKey', { UserName: 'one' });
  await assert.rejects(call('DeleteAccessKey', { UserName: 'two', AccessKeyId: key!.AccessKeyId }), {
    code: 'NoSuchEntity',
  });
});

test('a user has two keys at most', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  await call('CreateAccessKey', { UserName: 'u' });
  await call('CreateAccessKey', { UserName: 'u' });
  await assert.rejects(call('CreateAccessKey', { UserName: 'u' }), {
    code: 'LimitExceeded',
    status: 409,
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  });
});

test('a key tells its secret once, and says whose it is as long as it is active', async (t) => {
  const { iam, call } = await startIam(t);
  const { User: user } = await call('CreateUser', { UserName: 'u', Path: '/team/' });
  const { AccessKey: key } = await call('CreateAccessKey', { UserName: 'u' });
  const id = key!.AccessKeyId!;
  assert.match(id, /^AKIA[A-Z2-7]{16}$/);
  assert.match(key!.SecretAccessKey!, /^[A-Za-z0-9+/]{40}$/);
  assert.deepEqual((await call('ListAccessKeys', { UserName: 'u' })).AccessKeyMetadata, [
    { UserName: 'u', AccessKeyId: id, Status: 'Active', CreateDate: key!.CreateDate },
  ]);

  const secret = key!.SecretAccessKey!;
  const holder = { account, arn: `arn:aws:iam::${account}:user/team/u`, userId: user!.UserId, secret };
  assert.deepEqual(await userOfAccessKey(iam, id), holder);
  await call('UpdateAccessKey', { UserName: 'u', AccessKeyId: id, Status: 'Inactive' });
  assert.equal(await userOfAccessKey(iam, id), undefined);
  await call('UpdateAccessKey', { UserName: 'u', AccessKeyId: id, Status: 'Active' });
  await call('UpdateUser', { UserName: 'u', NewUserName: 'v' });
  assert.deepEqual(await userOfAccessKey(iam, id), { ...holder, arn: `arn:aws:iam::${account}:user/team/v` });
  await call('DeleteAccessKey', { UserName: 'v', AccessKeyId: id });
  assert.equal(await userOfAccessKey(iam, id), undefined);
});

test('a key that was asked for before it was made is known after', async (t) => {
  const { iam, call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  const asked = userOfAccessKey(iam, 'AKIAIOSFODNN7EXAMPLE');
  const { AccessKey: key } = await call('CreateAccessKey', { UserName: 'u' });
  assert.equal(await asked, undefined);
  assert.equal((await userOfAccessKey(iam, key!.AccessKeyId!))?.account, account);
});

test('a user who names no user means itself', async (t) => {
  const { call } = await startIam(t);
  const { User: user } = await call('CreateUser', { UserName: 'u' });
  const caller: Caller = { ...root, arn: user!.Arn!, userId: user!.UserId! };
  assert.deepEqual((await call('GetUser', {}, caller)).User, user);
  const { AccessKey: key } = await call('CreateAccessKey', {}, caller);
  assert.equal(key?.UserName, 'u');
  assert.equal((await call('ListAccessKeys', {}, caller)).AccessKeyMetadata?.length, 1);
  await call('DeleteAccessKey', { AccessKeyId: key!.AccessKeyId }, caller);
});

test('root that names no user means itself, and may have keys', async (t) => {
  const { iam, call } = await startIam(t);
  assert.equal((await call('GetUser', {})).User?.Arn, root.arn);
  assert.deepEqual((await call('ListAccessKeys', {})).AccessKeyMetadata, []);
  const { AccessKey: key } = await call('CreateAccessKey', {});
  assert.deepEqual(await userOfAccessKey(iam, key!.AccessKeyId!), {
    account,
    arn: root.arn,
    userId: account,
    secret: key!.SecretAccessKey,
  });
});
