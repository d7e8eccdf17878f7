// Who may call a function URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyDocument, Statement } from '../resource-policy.ts';
import { mayCallUrl, type UrlAttempt } from './url-permission.ts';

const account = '111111111111';
const other = '222222222222';
const open: UrlAttempt = { authType: 'NONE', account, caller: undefined };
const by = (arn: string, callerAccount: string): UrlAttempt => ({
  authType: 'AWS_IAM',
  account,
  caller: { accessKeyId: 'AKIA', account: callerAccount, arn, userId: 'AIDA' },
});
const foreign = by(`arn:aws:sts::${other}:assumed-role/worker/session`, other);
const statement = (changes: Partial<Statement>): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: 'arn:aws:lambda:eu-west-1:111111111111:function:f',
      ...changes,
    },
  ],
});

test('without a policy only signers of the function’s own account may', () => {
  assert.equal(mayCallUrl(undefined, open), false);
  assert.equal(mayCallUrl(undefined, { ...open, authType: 'AWS_IAM' }), false);
  assert.equal(mayCallUrl(undefined, foreign), false);
  assert.equal(mayCallUrl(undefined, by(`arn:aws:iam::${account}:user/a`, account)), true);
});

test('conditions must hold, and those that are not known hold for nobody', () => {
  const when = (Condition: Statement['Condition'] & {}) => statement({ Condition });
  assert.equal(mayCallUrl(when({ StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } }), open), true);
  assert.equal(mayCallUrl(when({ StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }), open), false);
  assert.equal(mayCallUrl(when({ Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }), open), true);
  assert.equal(mayCallUrl(when({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }), open), false);
  assert.equal(mayCallUrl(when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:sts::*:assumed-role/w*' } }), foreign), true);
});

test('principals are accounts, roles behind sessions, and everybody', () => {
  const to = (AWS: string | string[]) => statement({ Principal: { AWS } });
  for (const principal of [other, `arn:aws:iam::${other}:root`, `arn:aws:iam::${other}:role/worker`, '*']) {
    assert.equal(mayCallUrl(to(principal), foreign), true, principal);
  }
  assert.equal(mayCallUrl(to(`arn:aws:iam::${other}:role/another`), foreign), false);
  assert.equal(mayCallUrl(statement({ Principal: { Service: 's3.amazonaws.com' } }), open), false);
});

test('a denial goes before everything', () => {
  const denied = statement({ Effect: 'Deny' });
  assert.equal(mayCallUrl(denied, by(`arn:aws:iam::${account}:user/a`, account)), false);
  assert.equal(mayCallUrl({ ...denied, Statement: [...statement({}).Statement, ...denied.Statement] }, open), false);
});

test('other actions allow nothing', () => {
  assert.equal(mayCallUrl(statement({ Action: 'lambda:InvokeFunction' }), open), false);
  assert.equal(mayCallUrl(statement({ Action: ['lambda:GetFunction', 'lambda:*'] }), open), true);
});
