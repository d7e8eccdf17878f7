// Tags of roles, users and policies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, lambdaTrust, listBuckets, startIam } from './iam-under-test.ts';

test('a key given twice is refused, whatever its case except for policies', async (t) => {
  const { call } = await startIam(t);
  const twice = (other: string) => [
    { Key: 'key', Value: '1' },
    { Key: other, Value: '2' },
  ];
  const role = { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust };
  await assert.rejects(call('CreateRole', { ...role, Tags: twice('KEY') }), {
    code: 'InvalidInput',
    message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  });
  const policy = { PolicyName: 'p', PolicyDocument: listBuckets };
  await assert.rejects(call('CreatePolicy', { ...policy, Tags: twice('key') }), {
    code: 'InvalidInput',
    message: 'Duplicate tag keys found.',
  });
  await call('CreatePolicy', { ...policy, Tags: twice('KEY') });
  const { Tags: tags } = await call('ListPolicyTags', { PolicyArn: `arn:aws:iam::${account}:policy/p` });
  assert.deepEqual(
    tags?.map((tag) => tag.Key),
    ['KEY', 'key'],
  );
});

test('a user has fifty tags at most', async (t) => {
  const { call } = await startIam(t);
  const tags = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${from + index}`, Value: '' }));
  await call('CreateUser', { UserName: 'u', Tags: tags(0, 50) });
  await call('TagUser', { UserName: 'u', Tags: tags(49, 1) });
  await assert.rejects(call('TagUser', { UserName: 'u', Tags: tags(50, 1) }), {
    code: 'LimitExceeded',
    message: 'The number of tags has reached the maximum limit.',
  });
});

test('tags are added, replaced, taken away and listed in order', async (t) => {
  const { call } = await startIam(t);
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust, Tags: [{ Key: 'b', Value: '1' }] });
  await call('TagRole', {
    RoleName: 'r',
    Tags: [
      { Key: 'B', Value: '2' },
      { Key: 'a', Value: '' },
      { Key: 'c', Value: '3' },
    ],
  });
  await call('UntagRole', { RoleName: 'r', TagKeys: ['C', 'never'] });
  assert.deepEqual(await call('ListRoleTags', { RoleName: 'r' }), {
    Tags: [
      { Key: 'B', Value: '2' },
      { Key: 'a', Value: '' },
    ],
    IsTruncated: false,
  });
  await call('UntagRole', { RoleName: 'r', TagKeys: ['a', 'b'] });
  assert.equal('Tags' in (await call('GetRole', { RoleName: 'r' })).Role!, false);
});
