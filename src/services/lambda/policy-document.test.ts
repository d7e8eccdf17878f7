import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AwsError } from '../../core/errors.ts';
import { readPolicyDocument } from './policy-document.ts';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const statement = { Sid: 's', Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: arn };
const policy = (change: object = {}, whole: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...change }], ...whole });
const read = (text: string) => readPolicyDocument(text, arn);

test('a policy is kept as it came, one statement on its own as a list of one', () => {
  const full = {
    Version: '2012-10-17',
    Id: 'mine',
    Statement: [
      { ...statement, Principal: { AWS: ['123456789012'] }, Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      { ...statement, Sid: 't', Effect: 'Deny', Action: ['lambda:Get*', '*'], Resource: [arn] },
    ],
  };
  assert.deepEqual(read(JSON.stringify(full)), full);
  assert.deepEqual(read(policy({}, { Statement: statement })).Statement, [statement]);
});

test('what is no policy of the resource is refused, and why is said', () => {
  const cases: [string, string][] = [
    ['{', 'it is not JSON'],
    ['[]', 'it is not a JSON object'],
    [policy({}, { Version: '2020-01-01' }), 'Version must be 2012-10-17 or 2008-10-17'],
    [policy({}, { Id: 1 }), 'Id must be a string'],
    [policy({}, { Statements: [] }), 'unknown element Statements'],
    [policy({}, { Statement: [] }), 'Statement must not be empty'],
    [policy({}, { Statement: [1] }), 'each statement must be a JSON object'],
    [policy({}, { Statement: [statement, statement] }), 'Sid s is not unique'],
    [policy({ NotAction: 'x' }), 'unknown element NotAction'],
    [policy({ Sid: 1 }), 'Sid must be a string'],
    [policy({ Effect: 'Maybe' }), 'Effect must be Allow or Deny'],
    [policy({ Principal: {} }), 'Principal must name AWS accounts or services'],
    [policy({ Principal: { AWS: [] } }), 'Principal must name AWS accounts or services'],
    [policy({ Action: 's3:GetObject' }), 'Action must name actions of lambda'],
    [policy({ Action: [] }), 'Action must name actions of lambda'],
    [policy({ Resource: `${arn}:1` }), `Resource must be ${arn}`],
    [policy({ Resource: [] }), `Resource must be ${arn}`],
    [policy({ Condition: { Bool: 'true' } }), 'Condition must hold operators with keys and values'],
  ];
  for (const [text, why] of cases) {
    assert.throws(
      () => read(text),
      (error: AwsError) => error.message === `The provided policy document is invalid: ${why}.`,
      why,
    );
  }
});
