// Which server the client commands ask, and what they say when it does not answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from './connection.ts';
import { Failure } from './failure.ts';
import { parseSince } from './logs.ts';

const home = {};

test('an endpoint that is no URL is refused', () => {
  assert.throws(() => new Connection({ endpointUrl: 'localhost' }, home), /"localhost" is not a URL/);
});

test('without credentials it is the Lambent on this machine, and this is known to be an assumption', () => {
  const { endpoint, region, assumed } = new Connection({}, home);
  assert.deepEqual(
    { endpoint, region, assumed },
    { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1', assumed: true },
  );
});

test('with credentials or a profile it is AWS, unless an endpoint is named', () => {
  const keys = { ...home, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-west-1' };
  assert.equal(new Connection({}, keys).endpoint, null);
  assert.equal(new Connection({}, keys).where, 'AWS in eu-west-1');
  assert.equal(new Connection({ profile: 'work' }, home).endpoint, null);
  assert.equal(new Connection({}, { ...keys, AWS_ENDPOINT_URL: 'http://a:1' }).endpoint, 'http://a:1');
  assert.equal(new Connection({ endpointUrl: 'http://b:2' }, keys).endpoint, 'http://b:2');
});

test("a profile's endpoint and region hold where neither flag nor variable says otherwise", () => {
  const profile = { endpoint_url: 'http://c:3', region: 'eu-north-1' };
  const { endpoint, region } = new Connection({ profile: 'work' }, home, profile);
  assert.deepEqual([endpoint, region], ['http://c:3', 'eu-north-1']);
  assert.equal(new Connection({ profile: 'work', region: 'eu-west-1' }, home, profile).region, 'eu-west-1');
});

test('a default profile without keys is no identity, one with keys or a login is', () => {
  assert.equal(new Connection({}, home, { region: 'eu-north-1' }).endpoint, 'http://127.0.0.1:4566');
  assert.equal(new Connection({}, home, { aws_access_key_id: 'AKIA' }).endpoint, null);
  assert.equal(new Connection({}, home, { sso_session: 'work' }).endpoint, null);
});

test("the flag wins over variables, and Lambda's variable over the general one", () => {
  const variables = { ...home, AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_LAMBDA: 'http://b:2' };
  assert.equal(new Connection({}, variables).endpoint, 'http://b:2');
  assert.equal(new Connection({}, { ...home, AWS_ENDPOINT_URL: 'http://a:1' }).assumed, false);
});

test('that nobody answers is said with what to do', async () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const wrapped = Object.assign(new Error('aggregate'), { cause: refused });
  for (const error of [refused, wrapped]) {
    await assert.rejects(
      new Connection({}, home).run(() => Promise.reject(error)),
      (failure: Failure) => {
        assert.equal(failure.code, 'ECONNREFUSED');
        assert.equal(failure.message, 'No Lambent answers on http://127.0.0.1:4566: start one with `lambent start`.');
        return failure instanceof Failure;
      },
    );
  }
});

test('times back are read, and what is no time is refused', () => {
  assert.throws(() => parseSince('yesterday', 0), /"yesterday" is no time/);
  assert.equal(parseSince('90s', 100_000), 10_000);
  assert.equal(parseSince('2h', 7_200_000), 0);
  assert.equal(parseSince('1970-01-01T00:00:01Z', 0), 1000);
});
