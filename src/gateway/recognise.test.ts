// Which service a request is taken to be for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognise, recogniseForm } from './recognise.ts';

const head = (headers: Record<string, string>, path = '/', query = '') => ({ method: 'POST', path, query, headers });
const authorization = (scope: string) =>
  `AWS4-HMAC-SHA256 Credential=${scope}/aws4_request, SignedHeaders=host, Signature=0`;

test('a request that says nothing is for no service', () => {
  assert.deepEqual(recognise(head({})), {
    service: undefined,
    region: 'us-east-1',
    accessKeyId: '',
    sessionToken: undefined,
  });
});

test('a malformed authorization header is as good as none', () => {
  assert.equal(recognise(head({ authorization: 'AWS4-HMAC-SHA256 Credential=' })).service, undefined);
  assert.equal(recognise(head({ authorization: 'Basic dXNlcjpwYXNz' })).service, undefined);
});

test('the credential scope names service, region and key', () => {
  const found = recognise(
    head({
      authorization: authorization('AKIDEXAMPLE/20260101/eu-central-1/lambda'),
      'x-amz-security-token': 'token',
    }),
  );
  assert.deepEqual(found, {
    service: 'lambda',
    region: 'eu-central-1',
    accessKeyId: 'AKIDEXAMPLE',
    sessionToken: 'token',
  });
});

test('the scope monitoring is the service cloudwatch', () => {
  assert.equal(
    recognise(head({ authorization: authorization('A/20260101/us-east-1/monitoring') })).service,
    'cloudwatch',
  );
});

test('Service Quotas signs as servicequotas', () => {
  const found = recognise(head({ authorization: authorization('A/20260101/us-east-1/servicequotas') }));
  assert.equal(found.service, 'service-quotas');
  assert.equal(recognise(head({ 'x-amz-target': 'ServiceQuotasV20190624.ListServices' })).service, 'service-quotas');
  assert.equal(recognise(head({ host: 'servicequotas.eu-west-1.amazonaws.com' })).service, 'service-quotas');
});

test('a presigned query names them as well', () => {
  const query = 'X-Amz-Credential=AKID%2F20260101%2Fus-west-2%2Fs3%2Faws4_request&X-Amz-Security-Token=t';
  assert.deepEqual(recognise(head({}, '/bucket', query)), {
    service: 's3',
    region: 'us-west-2',
    accessKeyId: 'AKID',
    sessionToken: 't',
  });
});

test('without a signature the target header, the host or the path tell', () => {
  assert.equal(recognise(head({ 'x-amz-target': 'Logs_20140328.CreateLogGroup' })).service, 'logs');
  assert.equal(recognise(head({ host: 'sqs.eu-west-1.amazonaws.com' })).service, 'sqs');
  assert.equal(recognise(head({ host: 'lambda.localhost:4566' })).service, 'lambda');
  assert.equal(recognise(head({}, '/2015-03-31/functions/f/invocations')).service, 'lambda');
});

test('without a signature the URL of a queue tells, and the API version in a URL', () => {
  assert.equal(recognise(head({}, '/123456789012/orders.fifo', 'Action=ReceiveMessage')).service, 'sqs');
  assert.equal(recognise(head({}, '/queue/eu-west-1/123456789012/orders')).service, 'sqs');
  assert.equal(recognise(head({}, '/12345/orders')).service, undefined);
  assert.equal(recognise(head({}, '/', 'Action=GetCallerIdentity&Version=2011-06-15')).service, 'sts');
});

test('an unsigned form tells by its API version', () => {
  assert.equal(recogniseForm(Buffer.from('Action=GetCallerIdentity&Version=2011-06-15')), 'sts');
  assert.equal(recogniseForm(Buffer.from('Action=X&Version=1999-01-01')), undefined);
  assert.equal(recogniseForm(Buffer.from('')), undefined);
});
