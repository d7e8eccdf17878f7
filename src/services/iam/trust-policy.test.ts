// Trust policies: what is refused, and whom they trust.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTrustPolicy, trusts } from './trust-policy.ts';

const lambda = { Service: 'lambda.amazonaws.com' };
const allowed = { Effect: 'Allow', Principal: lambda, Action: 'sts:AssumeRole' };
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

const refused: [string, string, string][] = [
  ['no JSON', '{invalid', 'This policy contains invalid Json'],
  ['no object', '"text"', 'This policy contains invalid Json'],
  ['no statement', '{"Version":"2012-10-17"}', 'Syntax errors in policy.'],
  ['a resource', policy({ ...allowed, Resource: '*' }), 'Has prohibited field Resource'],
  ['no principal', policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
  ['no action', policy({ Effect: 'Allow', Principal: lambda }), 'Missing required field Action'],
  [
    'an action that is not of STS',
    policy({ ...allowed, Action: ['sts:AssumeRole', 's3:GetObject'] }),
    'AssumeRole policy may only specify STS AssumeRole actions.',
  ],
  [
    'an AWS principal that is none',
    policy({ ...allowed, Principal: { AWS: ['123456789012', 'somebody'] } }),
    'Invalid principal in policy: "AWS":"somebody"',
  ],
  [
    'a service principal that is none',
    policy({ ...allowed, Principal: { Service: 'lambda' } }),
    'Invalid principal in policy: "SERVICE":"lambda"',
  ],
];

for (const [what, document, message] of refused) {
  test(`a trust policy with ${what} is refused`, () => {
    assert.throws(() => checkTrustPolicy(document), { code: 'MalformedPolicyDocument', message });
  });
}

test('a trust policy of more than 2,048 characters is refused', () => {
  assert.throws(() => checkTrustPolicy(policy({ ...allowed, Sid: 'x'.repeat(2_048) })), {
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for ACLSizePerRole: 2048',
  });
});

test('old versions, no version, accounts, roles, federations and everybody are accepted', () => {
  for (const principal of [
    '*',
    { AWS: '*' },
    { AWS: '123456789012' },
    { AWS: ['arn:aws:iam::123456789012:root', 'arn:aws:iam::123456789012:role/path/name'] },
    { Federated: 'cognito-identity.amazonaws.com' },
    { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com', 'ops.apigateway.amazonaws.com'] },
  ]) {
    checkTrustPolicy(JSON.stringify({ Version: '2008-10-17', Statement: { ...allowed, Principal: principal } }));
    checkTrustPolicy(JSON.stringify({ Statement: [{ ...allowed, Principal: principal }] }));
  }
});

test('a service is trusted when a statement allows it and none denies it', () => {
  const other = { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] };
  const cases: [string, boolean][] = [
    [policy(allowed), true],
    [policy({ ...allowed, Principal: { Service: ['events.amazonaws.com', 'lambda.amazonaws.com'] } }), true],
    [policy({ ...allowed, Principal: '*' }), true],
    [policy({ ...allowed, Action: ['sts:TagSession', 'sts:Assume*'] }), true],
    [policy({ ...allowed, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }), true],
    [policy({ ...allowed, Principal: other }), false],
    [policy({ ...allowed, Principal: { AWS: '123456789012' } }), false],
    [policy({ ...allowed, Action: 'sts:AssumeRoleWithSAML' }), false],
    [policy(allowed, { ...allowed, Effect: 'Deny' }), false],
    [policy(allowed, { ...allowed, Effect: 'Deny', Principal: other }), true],
    [policy({ Effect: 'Allow', NotPrincipal: other, Action: 'sts:AssumeRole' }), true],
  ];
  for (const [document, expected] of cases) assert.equal(trusts(document, 'lambda.amazonaws.com'), expected, document);
});
