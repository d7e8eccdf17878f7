import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { decode, refusal } from './testing/requests.ts';
import { query } from './query.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const iam = (body: string) => decode('iam', 'POST /', form, body);

test('a form without an action, or with one that is not there, is refused', () => {
  assert.match(
    refusal(() => iam('Version=2010-05-08')),
    /^MissingAction: /,
  );
  const refused = refusal(() => iam('Action=Nonsense&Version=2010-05-08'));
  assert.equal(refused, 'InvalidAction: Could not find operation Nonsense for version 2010-05-08');
});

test('an item without a value is left out', () => {
  const { input } = iam('Action=UntagUser&Version=2010-05-08&UserName=u&TagKeys.member.1.x=a&TagKeys.member.2=b');
  assert.deepEqual(input, { UserName: 'u', TagKeys: ['b'] });
});

test('a parameter of absurd depth is refused', () => {
  assert.match(
    refusal(() => iam(`Action=GetRole&${'a.'.repeat(100)}b=1`)),
    /^SerializationException: /,
  );
});

test('values that are no booleans are refused', () => {
  const refused = refusal(() => iam('Action=ListPolicies&OnlyAttached=maybe'));
  assert.equal(refused, "SerializationException: 'maybe' can not be converted to a Boolean");
});

test('lists keep the order of their numbers, across gaps, and may be empty', () => {
  const tags = iam('Action=TagRole&RoleName=r&Tags.member.10.Key=b&Tags.member.2.Key=a').input['Tags'];
  assert.deepEqual(tags, [{ Key: 'a' }, { Key: 'b' }]);
  assert.deepEqual(iam('Action=TagRole&Tags=').input, { Tags: [] });
});

test('a huge number makes no huge list', () => {
  assert.deepEqual(iam('Action=TagRole&Tags.member.4294967295.Key=a').input, { Tags: [{ Key: 'a' }] });
});

test('flattened lists and maps of older clients are read by their wire names', () => {
  const body =
    'Action=SendMessage&Version=2012-11-05&MessageBody=a+b&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v';
  assert.deepEqual(decode('sqs', 'POST /', form, body).input, {
    MessageBody: 'a b',
    MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
  });
});

test('a presigned request carries its form in the URL', () => {
  const call = decode('sts', 'GET /?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60');
  assert.deepEqual(call, { operation: 'GetCallerIdentity', input: {} });
});

test('an answer is wrapped in a result, unless the operation has none', () => {
  const identity = query.encodeOutput(loadContract('sts'), 'GetCallerIdentity', { Arn: 'a<b' }, 'id').body;
  assert.equal(
    identity,
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>a&lt;b</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  );
  const deleted = query.encodeOutput(loadContract('iam'), 'DeleteRole', {}, 'id').body;
  assert.equal(
    deleted,
    '<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DeleteRoleResponse>',
  );
});

test('an error without a text has no message in its answer', () => {
  const { body } = query.encodeError(
    loadContract('cloudwatch'),
    'SetAlarmState',
    new AwsError('ResourceNotFound', '', { status: 404 }),
    'id',
  );
  assert.match(String(body), /<Error><Type>Sender<\/Type><Code>ResourceNotFound<\/Code><\/Error>/);
});

test('an error carries the code of the query protocol, whose fault it is, and its modelled status', () => {
  const { status, body } = query.encodeError(
    loadContract('iam'),
    'GetRole',
    new AwsError('NoSuchEntityException', 'a & b'),
    'id',
  );
  assert.equal(status, 404);
  assert.equal(
    body,
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>a &amp; b</Message></Error><RequestId>id</RequestId></ErrorResponse>',
  );
});
