// What IAM refuses of a policy document and in which words; most of the cases are such that AWS was asked about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIdentityPolicy, checkManagedPolicy, documentSize, encodeDocument } from './policy-document.ts';

const allowed = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::example_bucket' };
const syntax = 'Syntax errors in policy.';
const version = 'Policy document must be version 2012-10-17 or greater.';
const legacy = 'The policy failed legacy parsing';
const actions = 'Policy statement must contain actions.';
const resources = 'Policy statement must contain resources.';
const vendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const colons = 'Actions/Condition can contain only one colon.';

const policy = (statement: unknown, rest: object = {}) => ({ Version: '2012-10-17', Statement: statement, ...rest });
const withResource = (resource: unknown) => policy({ ...allowed, Resource: resource });
const withAction = (action: unknown) => policy({ ...allowed, Action: action });
const withCondition = (condition: unknown) => policy({ ...allowed, Condition: condition });

const refused: [string, unknown, string][] = [
  ['no JSON', 'This is not a json document', syntax],
  ['JSON that is no object', '[]', syntax],
  ['no version', { Statement: allowed }, version],
  ['the old version', { Version: '2008-10-17', Statement: allowed }, version],
  ['an unknown version', { Version: '2013-10-17', Statement: allowed }, syntax],
  ['no statement', { Version: '2012-10-17' }, syntax],
  ['an empty list of statements', policy([]), syntax],
  ['a statement that is no object', policy(['afd']), syntax],
  ['an unknown element', policy(allowed, { Extra: 'value' }), syntax],
  ['an unknown element of a statement', policy({ ...allowed, Extra: 'value' }), syntax],
  ['an id that is a list', policy(allowed, { Id: ['a'] }), syntax],
  ['an unknown effect', policy({ ...allowed, Effect: 'invalid' }), syntax],
  ['no effect', policy({ Action: 's3:ListBucket', Resource: '*' }), syntax],
  ['an effect in the wrong case', policy({ ...allowed, Effect: 'denY' }), legacy],
  ['an action without a vendor', withAction('invalid'), vendor],
  ['an empty negated action', policy({ Effect: 'Allow', NotAction: '', Resource: '*' }), vendor],
  ['a vendor with a space', withAction('a a:ListBucket'), 'Vendor a a is not valid'],
  ['an action with two colons', withAction('s3:List:Bucket'), colons],
  ['two colons in the second statement', policy([allowed, { ...allowed, Action: 's:3s:ListBucket' }]), colons],
  ['no action', policy({ Effect: 'Allow', Resource: '*' }), actions],
  ['an empty list of actions', withAction([]), actions],
  ['no action in the first statement', policy([{ Effect: 'Deny' }, allowed]), actions],
  ['an action and its negation', policy({ ...allowed, NotAction: 'iam:x' }), syntax],
  ['an action that is a list of lists', withAction([[]]), syntax],
  ['a resource and its negation', policy({ ...allowed, NotResource: '*' }), syntax],
  ['no resource', policy({ Effect: 'Allow', Action: 's3:ListBucket' }), resources],
  ['an empty list of resources', withResource([]), resources],
  ['no resource and an action without a vendor', policy({ Effect: 'Allow', Action: 'invalid' }), resources],
  ['a resource that is an object', withResource({ a: 'b' }), syntax],
  [
    'a resource that is no ARN',
    withResource('invalid resource'),
    'Resource invalid resource must be in ARN format or "*".',
  ],
  ['an empty resource', withResource(''), 'Resource  must be in ARN format or "*".'],
  [
    'a resource that is no ARN, and an action with two colons',
    policy({ ...allowed, Action: 's:3:ListBucket', Resource: 'sdfsadf' }),
    'Resource sdfsadf must be in ARN format or "*".',
  ],
  [
    'an unknown partition',
    withResource('a:bsdfdsafsad'),
    'Partition "bsdfdsafsad" is not valid for resource "arn:bsdfdsafsad:*:*:*:*".',
  ],
  [
    'an unknown partition with a service',
    withResource('a:b:cadfsdf'),
    'Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*".',
  ],
  [
    'an unknown partition with everything',
    withResource('a:b:c:d:e:f:g:h'),
    'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
  ],
  [
    'an ARN without its first word',
    withResource('aws:s3:::example_bucket'),
    'Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".',
  ],
  [
    'two unknown partitions',
    withResource(['arn:error:s3:::example_bucket', 'arn:error:s3::example_bucket']),
    'Partition "error" is not valid for resource "arn:error:s3:::example_bucket".',
  ],
  [
    'an ARN without a service',
    withResource('arn:aws'),
    'Resource vendor must be fully qualified and cannot contain regexes.',
  ],
  ['an ARN with a part too few', withResource('arn:aws:s3::example_bucket'), legacy],
  ['an ARN with an empty service', withResource('arn:aws::::example_bucket'), legacy],
  [
    'a negated ARN with a part too few',
    policy({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3::b' }),
    legacy,
  ],
  [
    'an unknown kind of IAM resource',
    withResource('arn:aws:iam:::example_bucket'),
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
  ],
  [
    'an IAM resource in a region',
    withResource('arn:aws:iam:us-east-1::example_bucket'),
    'IAM resource arn:aws:iam:us-east-1::example_bucket cannot contain region information.',
  ],
  [
    'a bucket in a region',
    withResource('arn:aws:s3:us-east-1::example_bucket'),
    'Resource arn:aws:s3:us-east-1::example_bucket can not contain region information.',
  ],
  ['a condition that is a list', withCondition([]), syntax],
  ['a condition that is a string', withCondition('a'), syntax],
  ['an operator with a string', withCondition({ DateGreaterThan: 'b' }), syntax],
  ['an operator with a list', withCondition({ DateGreaterThan: [] }), syntax],
  ['a value that is an object', withCondition({ DateGreaterThan: { a: {} } }), syntax],
  ['an unknown operator', withCondition({ x: { a: '1' } }), syntax],
  ['a set operator with two colons', withCondition({ 'ForAnyValue::StringEquals': { a: 'b' } }), syntax],
  ['a date that is none', withCondition({ DateGreaterThan: { a: 'sdfdsf' } }), legacy],
  ['a thirteenth month', withCondition({ DateLessThanEquals: { a: '234-13' } }), legacy],
  ['a time zone of one digit', withCondition({ DateLessThan: { a: '2016-12-13t2:00:00.593194+1' } }), legacy],
  ['ten decimals of a second', withCondition({ DateLessThan: { a: '2016-12-13t2:00:00.1999999999+10:59' } }), legacy],
  ['an epoch beyond 64 bits', withCondition({ DateLessThan: { a: '9223372036854775808' } }), legacy],
  [
    'a bad date beside a bad partition',
    policy({ ...allowed, Resource: 'arn:error:s3:::b', Condition: { DateGreaterThan: { a: 'x' } } }),
    legacy,
  ],
  ['a statement id that is a list', policy({ ...allowed, Sid: [] }), syntax],
  [
    'the same statement id twice',
    policy([
      { ...allowed, Sid: 'sdf' },
      { Sid: 'sdf', Effect: 'Allow' },
    ]),
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  ['a principal', policy({ ...allowed, Principal: '*' }), 'Policy document should not specify a principal.'],
];

for (const [what, document, message] of refused) {
  test(`a managed policy with ${what} is refused`, () => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    assert.throws(() => checkManagedPolicy(text), { code: 'MalformedPolicyDocument', message });
  });
}

test('a managed policy of more than 6,144 characters is refused, white space not counted', () => {
  const long = (length: number) => JSON.stringify(withResource(`arn:aws:s3:::${'x'.repeat(length)}`), undefined, 8);
  const room = 6_144 - documentSize(long(0));
  checkManagedPolicy(long(room));
  assert.throws(() => checkManagedPolicy(long(room + 1)), {
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for PolicySize: 6144',
  });
});

test('an inline policy may be of the old version, or name none', () => {
  checkIdentityPolicy(JSON.stringify({ Statement: allowed }));
  checkIdentityPolicy(JSON.stringify({ Version: '2008-10-17', Statement: allowed }));
});

const accepted: [string, unknown][] = [
  ['a list of resources with a star', withResource(['arn:aws:s3:::example_bucket', '*'])],
  ['spaces in an action', withAction('iam: asdf safdsf af ')],
  ['all actions', withAction('*')],
  ['a short ARN', withResource('arn:aws:fdsasf')],
  ['an unknown service', withResource('arn:aws:invalid-service:us-east-1::x')],
  ['a user as resource', withResource('arn:aws:iam:::user/example')],
  ['everything of an account as resource', withResource('arn:aws:iam::123456789012:*')],
  ['an access point in a region', withResource('arn:aws:s3:us-east-1:123456789012:accesspoint/a')],
  ['a variable in a resource', withResource(`arn:aws:s3:::bucket/${'$'}{aws:username}/*`)],
  ['an empty condition', withCondition({})],
  ['unknown operators that compare nothing', withCondition({ x: {}, y: {} })],
  ['no values of a date', withCondition({ DateGreaterThan: { a: [] } })],
  ['a date of a year and a T', withCondition({ DateGreaterThan: { a: '01T' } })],
  ['a date with a time', withCondition({ DateLessThanEquals: { a: '2019-07-01T13:20:15Z' } })],
  ['a date as seconds', withCondition({ DateLessThanEquals: { 'aws:CurrentTime': '1700000000' } })],
  ['a number', withCondition({ NumericLessThanEquals: { 's3:max-keys': 10 } })],
  ['an operator of sets that may be absent', withCondition({ 'ForAnyValue:StringEqualsIfExists': { a: ['b'] } })],
  ['negations', policy({ Effect: 'Deny', NotAction: 's3:*', NotResource: '*' })],
  ['an id', policy(allowed, { Id: 'id' })],
];

for (const [what, document] of accepted) {
  test(`a managed policy with ${what} is accepted`, () => checkManagedPolicy(JSON.stringify(document)));
}

test('documents are encoded by RFC 3986, exactly as given', () => {
  const document = '{"a": "it\'s (a) *!~-_."}\n+/';
  const encoded = encodeDocument(document);
  assert.equal(encoded, '%7B%22a%22%3A%20%22it%27s%20%28a%29%20%2A%21~-_.%22%7D%0A%2B%2F');
  assert.equal(decodeURIComponent(encoded), document);
});
