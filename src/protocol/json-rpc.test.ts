import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { jsonRpc } from './json-rpc.ts';
import { decode, refusal } from './testing/requests.ts';

const target = (operation: string) => ({ 'x-amz-target': `Logs_20140328.${operation}` });

test('a target that no operation has is an unknown operation', () => {
  assert.equal(
    refusal(() => decode('logs', 'POST /', target('Nonsense'))),
    'UnknownOperationException: Unknown operation: Nonsense',
  );
  assert.match(
    refusal(() => decode('logs', 'POST /')),
    /^UnknownOperationException: /,
  );
});

test('malformed bodies are refused', () => {
  assert.match(
    refusal(() => decode('logs', 'POST /', target('CreateLogGroup'), '{')),
    /^SerializationException: /,
  );
  const zipped = { ...target('CreateLogGroup'), 'content-encoding': 'gzip' };
  assert.match(
    refusal(() => decode('logs', 'POST /', zipped, 'no gzip')),
    /^SerializationException: /,
  );
});

test('an empty body is an empty input, and a compressed one is unpacked', () => {
  assert.deepEqual(decode('logs', 'POST /', target('DescribeLogGroups')).input, {});
  const zipped = { ...target('CreateLogGroup'), 'content-encoding': 'gzip' };
  assert.deepEqual(decode('logs', 'POST /', zipped, gzipSync('{"logGroupName":"g"}')).input, { logGroupName: 'g' });
});

test('an operation without output answers with an empty body', () => {
  const { headers, body } = jsonRpc.encodeOutput(loadContract('logs'), 'CreateLogGroup', {}, 'id');
  assert.equal(body, '');
  assert.deepEqual(headers, { 'x-amzn-RequestId': 'id', 'Content-Type': 'application/x-amz-json-1.1' });
});

test('errors of the client are all 400 where a service is known to answer so, whatever its model says', () => {
  const status = (service: 'service-quotas' | 'sqs', code: string) =>
    jsonRpc.encodeError(loadContract(service), undefined, new AwsError(code, ''), 'id').status;
  assert.equal(status('service-quotas', 'NoSuchResourceException'), 400);
  assert.equal(status('service-quotas', 'ServiceException'), 500);
  assert.equal(status('sqs', 'OverLimit'), 403);
});

test('errors name their type in the body, some services with a namespace', () => {
  const logs = jsonRpc.encodeError(
    loadContract('logs'),
    undefined,
    new AwsError('ResourceNotFoundException', 'a'),
    'id',
  );
  assert.equal(logs.body.toString(), '{"__type":"ResourceNotFoundException","message":"a"}');
  const sqs = jsonRpc.encodeError(loadContract('sqs'), undefined, new AwsError('QueueDoesNotExist', 'b'), 'id');
  assert.equal(sqs.body.toString(), '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"b"}');
  assert.equal(sqs.headers['x-amzn-query-error'], 'AWS.SimpleQueueService.NonExistentQueue;Sender');
  assert.equal(sqs.headers['Content-Type'], 'application/x-amz-json-1.0');
});
