// What is asked about users who cannot have what is asked about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startIam } from './iam-under-test.ts';

test('nobody has a password', async (t) => {
  const { call } = await startIam(t);
  await call('CreateUser', { UserName: 'u' });
  const missing = { code: 'NoSuchEntity', status: 404, message: 'Login Profile for User u cannot be found.' };
  await assert.rejects(call('GetLoginProfile', { UserName: 'u' }), missing);
  await assert.rejects(call('DeleteLoginProfile', { UserName: 'u' }), missing);
});

test('whoever deletes a user by force finds that it has no devices, certificates or other credentials', async (t) => {
  const { call } = await startIam(t);
  await assert.rejects(call('ListMFADevices', { UserName: 'u' }), { code: 'NoSuchEntity' });
  await call('CreateUser', { UserName: 'u' });
  assert.deepEqual((await call('ListMFADevices', { UserName: 'u' })).MFADevices, []);
  assert.deepEqual((await call('ListVirtualMFADevices', {})).VirtualMFADevices, []);
  assert.deepEqual((await call('ListSSHPublicKeys', { UserName: 'u' })).SSHPublicKeys, []);
  assert.deepEqual((await call('ListSigningCertificates', { UserName: 'u' })).Certificates, []);
  assert.deepEqual((await call('ListServiceSpecificCredentials', { UserName: 'u' })).ServiceSpecificCredentials, []);
});
