// STS: who a caller is, and credentials that nobody stores.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { accountOfAccessKey } from './access-key-account.ts';
import { SessionCredentialIssuer } from './session-credentials.ts';

const issuer = new SessionCredentialIssuer(Buffer.alloc(32, 7), randomIds);
const identity = {
  account: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/r/s',
  userId: 'AROAEXAMPLE:s',
};

test('a token of another key, a changed one and no token at all stand for nobody', () => {
  const { SessionToken } = issuer.issue(identity, 0);
  const other = new SessionCredentialIssuer(Buffer.alloc(32, 8), randomIds);
  assert.equal(other.read(SessionToken), undefined);
  assert.equal(issuer.read(`x${SessionToken}`), undefined);
  assert.equal(issuer.read(''), undefined);
  assert.equal(issuer.read('a.b'), undefined);
});

test('a token stands for whom it was issued, also after a restart', () => {
  const credentials = issuer.issue(identity, 1_000);
  const restarted = new SessionCredentialIssuer(Buffer.alloc(32, 7), randomIds);
  const claims = restarted.read(credentials.SessionToken);
  assert.deepEqual(claims, { ...identity, accessKeyId: credentials.AccessKeyId, expires: 1_000 });
  assert.equal(restarted.secretOf(credentials.AccessKeyId), credentials.SecretAccessKey);
  assert.match(credentials.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.equal(credentials.SecretAccessKey.length, 40);
});

test('an access key id tells its account', () => {
  assert.equal(accountOfAccessKey('123456789012'), '123456789012');
  assert.equal(accountOfAccessKey('AKIA'), undefined);
  assert.equal(accountOfAccessKey('test'), undefined);
});
