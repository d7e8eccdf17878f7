// Who may use a layer version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../service.ts';
import type { LayerVersionRecord } from './layer-record.ts';
import { checkLayerAccess } from './layer-version.ts';
import { buildStatement, type Permission } from './resource-policy.ts';

const key = { account: '123456789012', region: 'eu-west-1', name: 'tools' };
const resource = 'arn:aws:lambda:eu-west-1:123456789012:layer:tools:1';
const callerOf = (account: string): Caller => ({
  account,
  region: 'eu-west-1',
  accessKeyId: account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
});

function versionFor(...permissions: Partial<Permission>[]): LayerVersionRecord {
  const Statement = permissions.map((permission, index) =>
    buildStatement({ sid: `s${index}`, principal: '*', action: 'lambda:GetLayerVersion', resource, ...permission }),
  );
  return {
    number: 1,
    description: '',
    created: 0,
    code: { sha256: '', zippedBytes: 0, unzippedBytes: 0 },
    policy: { document: { Version: '2012-10-17', Id: 'default', Statement }, revisionId: 'r' },
  };
}

const isAdmitted = (account: string, version: LayerVersionRecord | undefined) => {
  try {
    checkLayerAccess(key, 1, version, callerOf(account));
    return true;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'AccessDeniedException');
    return false;
  }
};

test('the account that has the layer needs no policy', () => {
  assert.equal(isAdmitted(key.account, versionFor()), true);
  assert.equal(isAdmitted(key.account, undefined), true);
});

test('others need a statement that means them', () => {
  const stranger = '999988887777';
  assert.equal(isAdmitted(stranger, undefined), false);
  assert.equal(isAdmitted(stranger, versionFor()), false);
  assert.equal(isAdmitted(stranger, versionFor({ principal: '111122223333' })), false);
  assert.equal(isAdmitted(stranger, versionFor({ principal: '111122223333' }, { principal: stranger })), true);
  assert.equal(isAdmitted(stranger, versionFor({ principal: `arn:aws:iam::${stranger}:root` })), true);
  assert.equal(isAdmitted(stranger, versionFor({})), true);
  assert.equal(isAdmitted(stranger, versionFor({ principalOrgId: 'o-abcdefghij' })), false);
});
