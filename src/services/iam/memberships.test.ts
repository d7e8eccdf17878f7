// Users in groups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startIam } from './iam-under-test.ts';

test('user and group must both be there', async (t) => {
  const { call } = await startIam(t);
  const pair = { GroupName: 'g', UserName: 'u' };
  const missing = (kind: string, name: string) => ({
    code: 'NoSuchEntity',
    message: `The ${kind} with name ${name} cannot be found.`,
  });
  await assert.rejects(call('AddUserToGroup', pair), missing('user', 'u'));
  await call('CreateUser', { UserName: 'u' });
  await assert.rejects(call('AddUserToGroup', pair), missing('group', 'g'));
  await assert.rejects(call('RemoveUserFromGroup', pair), missing('group', 'g'));
});

test('a user is in ten groups at most', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  for (let index = 0; index < 11; index++) await call('CreateGroup', { GroupName: `g${index}` });
  for (let index = 0; index < 10; index++) await call('AddUserToGroup', { GroupName: `g${index}`, UserName: 'u' });
  await assert.rejects(call('AddUserToGroup', { GroupName: 'g10', UserName: 'u' }), {
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for GroupsPerUser: 10',
  });
});

test('joining twice and leaving twice change nothing', async (t) => {
  const { call } = await startIam(t);
  const pair = { GroupName: 'g', UserName: 'u' };
  await call('CreateUser', { UserName: 'u' });
  await call('CreateGroup', { GroupName: 'g' });
  await call('AddUserToGroup', pair);
  await call('AddUserToGroup', pair);
  assert.deepEqual(
    (await call('GetGroup', { GroupName: 'g' })).Users?.map((user) => user.UserName),
    ['u'],
  );
  assert.deepEqual(
    (await call('ListGroupsForUser', { UserName: 'u' })).Groups?.map((group) => group.GroupName),
    ['g'],
  );
  await call('RemoveUserFromGroup', pair);
  await call('RemoveUserFromGroup', pair);
  assert.deepEqual((await call('GetGroup', { GroupName: 'g' })).Users, []);
});
