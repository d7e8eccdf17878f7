import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cbor } from '@smithy/core/cbor';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { decode, refusal } from './testing/requests.ts';
import { rpcV2Cbor } from './rpc-v2-cbor.ts';

const headers = { 'smithy-protocol': 'rpc-v2-cbor' };
const put = 'POST /service/GraniteServiceVersion20100801/operation/PutMetricData';

test('a path that no operation has is an unknown operation', () => {
  assert.match(
    refusal(() => decode('cloudwatch', 'POST /service/X/operation/Nonsense', headers)),
    /^UnknownOperationException: /,
  );
});

test('bytes that are no CBOR, and values of the wrong type, are refused', () => {
  assert.match(
    refusal(() => decode('cloudwatch', put, headers, Buffer.from([0xbf, 0x61]))),
    /^SerializationException: /,
  );
  const wrong = Buffer.from(cbor.serialize({ Namespace: 5 }));
  assert.equal(
    refusal(() => decode('cloudwatch', put, headers, wrong)),
    'SerializationException: NUMBER_VALUE can not be converted to a String',
  );
  assert.match(
    refusal(() => decode('cloudwatch', put, headers, Buffer.from(cbor.serialize('text')))),
    /^SerializationException: /,
  );
});

test('an error is typed in its body and in the header of the older protocol', () => {
  const error = new AwsError('ResourceNotFoundException', 'a');
  const answer = rpcV2Cbor.encodeError(loadContract('cloudwatch'), undefined, error, 'id');
  assert.equal(answer.status, 404);
  assert.equal(answer.headers['smithy-protocol'], 'rpc-v2-cbor');
  assert.match(cbor.deserialize(answer.body as Buffer).__type, /#ResourceNotFoundException$/);
});
