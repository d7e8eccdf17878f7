// The records and dead letters of events, member by member.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsError } from '../../../core/errors.ts';
import { isTransient, objectKey } from './deliver.ts';
import type { Completion, EventState } from './event-state.ts';
import { deadLetterAttributes, invocationRecord } from './invocation-record.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const state = (changes: Partial<EventState>): EventState => ({
  account: '123456789012',
  region: 'eu-west-1',
  name: 'f',
  traceHeader: 'Root=1',
  settings: { role: 'r' },
  attempts: 3,
  faults: 0,
  ...changes,
});
const completion = (condition: Completion['condition']): Completion => ({ condition, at, deliveries: [] });
const record = (changes: Partial<EventState>, condition: Completion['condition'], payload = '{}') =>
  invocationRecord('id', Buffer.from(payload), state(changes), completion(condition));

test('a record has its members in the order of AWS, and numbers as they were sent', () => {
  const response = { status: 200, executedVersion: '$LATEST', functionError: 'Unhandled', payload: '{"n":1.0}' };
  assert.equal(
    record({ response }, 'RetriesExhausted', '{"big":12345678901234567890}'),
    '{"version":"1.0","timestamp":"2026-01-02T03:04:05.678Z","requestContext":{"requestId":"id",' +
      '"functionArn":"arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST","condition":"RetriesExhausted",' +
      '"approximateInvokeCount":3},"requestPayload":{"big":12345678901234567890},"responseContext":{"statusCode":200,' +
      '"executedVersion":"$LATEST","functionError":"Unhandled"},"responsePayload":{"n":1.0}}',
  );
});

test('a success tells one invocation, and the alias that it came by', () => {
  const response = { status: 200, executedVersion: '7', payload: 'null' };
  const { requestContext, responsePayload } = JSON.parse(record({ response, qualifier: 'live' }, 'Success'));
  assert.deepEqual(
    [requestContext.approximateInvokeCount, requestContext.functionArn.split(':').at(-1), responsePayload],
    [1, 'live', null],
  );
});

test('a response that is no JSON is not in the record, which says so', () => {
  const { responsePayload, deliveryError } = JSON.parse(
    record({ response: { status: 200, executedVersion: '1', payload: 'text' } }, 'Success'),
  );
  assert.deepEqual([responsePayload, deliveryError.errorCode], [undefined, 'InvalidRequestContentException']);
});

test('an event that was never sent to its function has no response', () => {
  assert.deepEqual(Object.keys(JSON.parse(record({ attempts: 0 }, 'ZeroReservedConcurrency'))), [
    'version',
    'timestamp',
    'requestContext',
    'requestPayload',
  ]);
});

test('the message of a dead letter is cut to a kilobyte between two characters', () => {
  const payload = JSON.stringify({ errorMessage: `x${'é'.repeat(1_000)}` });
  const { ErrorMessage } = deadLetterAttributes(
    'id',
    state({ response: { status: 200, payload } }),
    completion('RetriesExhausted'),
  );
  assert.equal(ErrorMessage!.StringValue, `x${'é'.repeat(511)}`);
});

test('a dead letter of an error without a message has no such attribute', () => {
  const response = { status: 200, payload: '{"errorMessage":""}' };
  const attributes = deadLetterAttributes('id', state({ response }), completion('RetriesExhausted'));
  assert.deepEqual(Object.keys(attributes), ['RequestID', 'ErrorCode']);
});

test('objects are named for their function, time and an id', () => {
  assert.equal(objectKey('f', at, 'uuid'), 'aws/lambda/async/f/2026/01/02/2026-01-02T03.04.05-uuid');
});

test('only what may pass is tried again', () => {
  const error = (status: number) => new AwsError('E', '', { status });
  assert.deepEqual(
    [400, 403, 404, 501, 429, 500, 503].map((status) => isTransient(error(status))),
    [false, false, false, false, true, true, true],
  );
});
