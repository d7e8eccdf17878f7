import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { matchRoute } from './http-router.ts';
import { decode, rawRequest, refusal } from './testing/requests.ts';
import { restXml } from './rest-xml.ts';

const s3 = loadContract('s3');
const routed = (target: string, headers: Record<string, string> = {}) =>
  matchRoute(s3, rawRequest(target, headers))?.operation.name;

test('a method that a path does not have is not allowed', () => {
  assert.match(
    refusal(() => decode('s3', 'PATCH /b')),
    /^MethodNotAllowed: /,
  );
});

test('a body that is no XML is malformed', () => {
  assert.match(
    refusal(() => decode('s3', 'PUT /b?tagging', {}, '<Tagging><TagSet>')),
    /^MalformedXML: /,
  );
});

test('a broken chunk framing is refused', () => {
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  assert.match(
    refusal(() => decode('s3', 'PUT /b/k', headers, 'zz\r\n')),
    /^SerializationException: /,
  );
  assert.match(
    refusal(() => decode('s3', 'PUT /b/k', headers, 'ff\r\nshort')),
    /^SerializationException: /,
  );
});

test('chunks are joined, and their framing is no property of the object', () => {
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' };
  const body = '3;chunk-signature=a\r\nabc\r\n2;chunk-signature=b\r\nde\r\n0;chunk-signature=c\r\n\r\n';
  const { input } = decode('s3', 'PUT /b/k', headers, body);
  assert.equal(String(input['Body']), 'abcde');
  assert.equal('ContentEncoding' in input, false);
});

test('operations on one path are told apart by parameters and headers', () => {
  assert.equal(routed('GET /'), 'ListBuckets');
  assert.equal(routed('GET /b'), 'ListObjects');
  assert.equal(routed('GET /b/?list-type=2&prefix=a'), 'ListObjectsV2');
  assert.equal(routed('GET /b?location'), 'GetBucketLocation');
  assert.equal(routed('GET /b?location='), 'GetBucketLocation');
  assert.equal(routed('PUT /b/k'), 'PutObject');
  assert.equal(routed('PUT /b/k', { 'x-amz-copy-source': 'b/other' }), 'CopyObject');
  assert.equal(routed('PUT /b/k?partNumber=1&uploadId=u'), 'UploadPart');
  assert.equal(routed('PUT /b/k?partNumber=1&uploadId=u', { 'x-amz-copy-source': 'b/other' }), 'UploadPartCopy');
  assert.equal(routed('POST /b/k?uploads'), 'CreateMultipartUpload');
  assert.equal(routed('POST /b?delete'), 'DeleteObjects');
});

test('a key keeps its slashes', () => {
  assert.equal(decode('s3', 'GET /b/folder/a%20b/').input['Key'], 'folder/a b/');
});

test('a part of an object is answered 206', () => {
  const output = { Body: Buffer.from('b'), ContentRange: 'bytes 1-1/3' };
  assert.equal(restXml.encodeOutput(s3, 'GetObject', output, 'id').status, 206);
  assert.equal(restXml.encodeOutput(s3, 'GetObject', { Body: Buffer.from('abc') }, 'id').status, 200);
});

test('an error of S3 stands alone, and answers HEAD without a body', () => {
  const error = new AwsError('NoSuchKey', 'The specified key does not exist.', { members: { Key: 'a<b' } });
  const { status, body, headers } = restXml.encodeError(s3, 'GetObject', error, 'id');
  assert.equal(status, 404);
  assert.equal(headers['x-amz-request-id'], 'id');
  assert.match(
    String(body),
    /<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>a&lt;b<\/Key><RequestId>id<\/RequestId><HostId>/,
  );
  assert.equal(restXml.encodeError(s3, 'HeadObject', error, 'id').body, '');
});
