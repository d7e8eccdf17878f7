// AssumeRole with and without an IAM that holds the role.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsError } from '../../../core/errors.ts';
import { randomIds } from '../../../core/ids.ts';
import type { CallContext } from '../../service.ts';
import { SessionCredentialIssuer } from '../session-credentials.ts';
import { assumeRole } from './assume-role.ts';

const account = '123456789012';
const RoleArn = `arn:aws:iam::${account}:role/path/name`;
const root = {
  account,
  region: 'eu-west-1',
  accessKeyId: account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
};
const perform = assumeRole({ issuer: new SessionCredentialIssuer(Buffer.alloc(32), randomIds) });

/** Assumes the role where IAM's GetRole is `getRole`. */
function assume(getRole: (name: string) => object, given: object = {}, caller = root) {
  const call = async (_service: string, _operation: string, input: { RoleName: string }) => getRole(input.RoleName);
  const context = { caller, call, clock: { now: () => 0 } } as unknown as CallContext;
  return perform({ RoleArn, RoleSessionName: 'session', ...given }, context);
}

const absent = () => {
  throw new AwsError('NoSuchEntity', 'absent', { status: 404 });
};
const held = (name: string) => ({ Role: { Arn: RoleArn, RoleId: `AROA${name}`, MaxSessionDuration: 7200 } });

test('a fault of IAM is not taken for a role that it does not hold', async () => {
  await assert.rejects(
    assume(() => {
      throw new Error('the disk is full');
    }),
    /the disk is full/,
  );
});

test('a session is no longer than the role allows, and an hour when one role assumes another', async () => {
  await assert.rejects(assume(held, { DurationSeconds: 7201 }), {
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
  const session = { ...root, arn: `arn:aws:sts::${account}:assumed-role/other/s` };
  await assert.rejects(assume(held, { DurationSeconds: 3601 }, session), {
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  });
});

test('a role that IAM holds keeps its unique id', async () => {
  const { AssumedRoleUser: user, Credentials: credentials } = await assume(held, { DurationSeconds: 7200 });
  assert.deepEqual(user, {
    AssumedRoleId: 'AROAname:session',
    Arn: `arn:aws:sts::${account}:assumed-role/name/session`,
  });
  assert.equal(credentials?.Expiration?.getTime(), 7_200_000);
});

test('a role that IAM does not hold, or holds at another path, has an id that follows from its ARN', async () => {
  const other = () => ({ Role: { ...held('name').Role, Arn: `arn:aws:iam::${account}:role/name` } });
  const notBuilt = () => {
    throw new AwsError('UnknownServiceException', 'not built', { status: 501 });
  };
  const ids = [];
  for (const getRole of [absent, other, notBuilt]) {
    ids.push((await assume(getRole, { DurationSeconds: 43_200 })).AssumedRoleUser?.AssumedRoleId);
  }
  assert.match(ids[0]!, /^AROA[A-Z2-7]{17}:session$/);
  assert.deepEqual(new Set(ids).size, 1);
});
