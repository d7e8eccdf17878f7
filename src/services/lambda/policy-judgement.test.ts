// What a resource policy says of an attempt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, judge } from './policy-judgement.ts';
import type { Statement } from './resource-policy.ts';

const other = '222222222222';
const attempt: Attempt = {
  action: 'lambda:GetFunction',
  caller: { account: other, arn: `arn:aws:sts::${other}:assumed-role/worker/session` },
};
const say = (...statements: Partial<Statement>[]) =>
  judge(
    {
      Version: '2012-10-17',
      Statement: statements.map((changes) => ({
        ...{
          Effect: 'Allow',
          Principal: '*',
          Action: 'lambda:GetFunction',
          Resource: 'arn:aws:lambda:eu-west-1:1:function:f',
        },
        ...changes,
      })),
    },
    attempt,
  );

test('an action is named in any case, by wildcards, or among others', () => {
  for (const Action of ['lambda:GetFunction', 'lambda:getfunction', 'lambda:Get*', 'lambda:*', '*']) {
    assert.equal(say({ Action }), 'allowed', Action);
  }
  assert.equal(say({ Action: ['lambda:InvokeFunction', 'lambda:GetFunction'] }), 'allowed');
  for (const Action of ['lambda:GetFunctionConfiguration', 'lambda:Get', 's3:*']) {
    assert.equal(say({ Action }), 'unmentioned', Action);
  }
});

test('a principal is everyone, an account, a caller or the role behind one', () => {
  const allowed = ['*', other, `arn:aws:iam::${other}:root`, attempt.caller!.arn, `arn:aws:iam::${other}:role/worker`];
  for (const AWS of allowed) assert.equal(say({ Principal: { AWS } }), 'allowed', AWS);
  assert.equal(say({ Principal: { AWS: ['111111111111', other] } }), 'allowed');
  assert.equal(say({ Principal: { AWS: '111111111111' } }), 'unmentioned');
  assert.equal(say({ Principal: { Service: 's3.amazonaws.com' } }), 'unmentioned');
});

test('a denial goes before what is allowed, and a condition about what is not known holds for nobody', () => {
  assert.equal(say({}, { Effect: 'Deny' }), 'denied');
  assert.equal(say({}, { Effect: 'Deny', Principal: { AWS: '111111111111' } }), 'allowed');
  assert.equal(say({ Condition: { StringEquals: { 'aws:PrincipalAccount': other } } }), 'allowed');
  assert.equal(say({ Condition: { ArnLike: { 'AWS:SourceArn': '*' } } }), 'unmentioned');
  assert.equal(judge(undefined, attempt), 'unmentioned');
});
