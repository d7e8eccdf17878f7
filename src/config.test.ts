// How flags and environment variables become a configuration, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newSigner } from '../test/signing.ts';
import { ConfigError, readConfig } from './config.ts';

test('a port that is none is refused by name', () => {
  assert.throws(
    () => readConfig({ port: 'http' }, {}),
    (error: Error) => error instanceof ConfigError && /port/.test(error.message),
  );
  assert.throws(() => readConfig({ port: 70_000 }, {}), ConfigError);
});

test('an unknown isolation is refused', () => {
  assert.throws(() => readConfig({}, { LAMBENT_ISOLATION: 'docker' }), ConfigError);
});

test('an address that others can reach needs --insecure', () => {
  assert.throws(() => readConfig({ host: '0.0.0.0' }, {}), /--insecure/);
  assert.equal(readConfig({ host: '0.0.0.0', insecure: true }, {}).host, '0.0.0.0');
});

test('the defaults are those that the documentation gives', () => {
  const { host, port, isolation, network, dataDir } = readConfig({}, {});
  assert.deepEqual(
    { host, port, isolation, network },
    { host: '127.0.0.1', port: 4566, isolation: 'auto', network: 'auto' },
  );
  assert.match(dataDir, /\/\.lambent$/);
});

test('flags win over environment variables', () => {
  const environment = { LAMBENT_PORT: '5000', LAMBENT_DATA_DIR: '/tmp/a' };
  assert.equal(readConfig({}, environment).port, 5000);
  assert.equal(readConfig({ port: '6000' }, environment).port, 6000);
  assert.equal(readConfig({ port: '6000' }, environment).dataDir, '/tmp/a');
});

test('file systems are folders by their ARNs', () => {
  const arn = 'arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1';
  assert.deepEqual(readConfig({ fileSystems: [`${arn}=/tmp`] }, {}).fileSystems, { [arn]: '/tmp' });
  const environment = { LAMBENT_FILE_SYSTEMS: `${arn}=/tmp,${arn}-2=/usr` };
  assert.deepEqual(readConfig({}, environment).fileSystems, { [arn]: '/tmp', [`${arn}-2`]: '/usr' });
  assert.throws(() => readConfig({ fileSystems: ['/tmp'] }, {}), /expected ARN=FOLDER/);
  assert.throws(() => readConfig({ fileSystems: [`${arn}=/no/such/folder`] }, {}), /is no folder/);
});

test('requests for higher quotas are granted unless the operator holds them', () => {
  assert.equal(readConfig({}, {}).quotaPolicy, 'grant');
  assert.equal(readConfig({}, { LAMBENT_QUOTA_POLICY: 'hold' }).quotaPolicy, 'hold');
  assert.throws(() => readConfig({ quotaPolicy: 'perhaps' }, {}), ConfigError);
  assert.equal(readConfig({}, {}).responseBandwidth, 'unlimited');
  assert.equal(readConfig({}, { LAMBENT_RESPONSE_BANDWIDTH: 'aws' }).responseBandwidth, 'aws');
});

test('signing profiles are certificates by their ARNs', () => {
  const arn = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/team/abcdefghij';
  const folder = mkdtempSync(join(tmpdir(), 'lambent-test-config-'));
  const file = join(folder, 'signer.pem');
  writeFileSync(file, newSigner().certificate);
  const { signingProfiles } = readConfig({}, { LAMBENT_SIGNING_PROFILES: `${arn}=${file}` });
  assert.equal(signingProfiles.get(arn)?.subject, 'CN=signer');
  assert.equal(readConfig({ signingProfiles: [`${arn}=${file}`] }, {}).signingProfiles.size, 1);
  assert.throws(() => readConfig({ signingProfiles: [file] }, {}), /expected ARN=FILE/);
  assert.throws(() => readConfig({ signingProfiles: [`${arn}=/no/such/file`] }, {}), /holds no certificate/);
  rmSync(folder, { recursive: true });
});

test('time is billed by the millisecond, or by the hundred, and by nothing between', () => {
  assert.equal(readConfig({}, {}).billingGranularity, 1);
  assert.equal(readConfig({}, { LAMBENT_BILLING_GRANULARITY: '100' }).billingGranularity, 100);
  assert.throws(() => readConfig({ billingGranularity: '10' }, {}), ConfigError);
});

test('the endpoint of OpenTelemetry is taken from its own variables where Lambent has none', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: 'key=a%20b, other=c=d',
  };
  assert.deepEqual(readConfig({}, environment).otlp, {
    url: 'http://a:4318/v1/traces',
    headers: { key: 'a b', other: 'c=d' },
  });
  const own = { ...environment, LAMBENT_OTLP_ENDPOINT: 'https://b' };
  assert.equal(readConfig({}, own).otlp!.url, 'https://b/v1/traces');
  assert.equal(readConfig({ otlpEndpoint: 'http://c' }, own).otlp!.url, 'http://c/v1/traces');
  assert.equal(readConfig({}, {}).otlp, undefined);
  assert.throws(() => readConfig({ otlpEndpoint: 'c:4318' }, {}), ConfigError);
  assert.throws(() => readConfig({ otlpEndpoint: 'http://c' }, { LAMBENT_OTLP_HEADERS: 'a=%' }), ConfigError);
});
