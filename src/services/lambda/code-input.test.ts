// Code from S3: what is asked for, how its errors are told, and how large it may be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsError } from '../../core/errors.ts';
import type { ServiceCall } from '../service.ts';
import { readCode, readPackage } from './code-input.ts';
import { limits } from './limits.ts';

const object = { S3Bucket: 'bucket', S3Key: 'code.zip' };

/** A call to S3 that is answered by `answer`. */
function s3(answer: (operation: string, input: object) => object): ServiceCall {
  return (async (service: string, operation: string, input: object) => {
    assert.equal(service, 's3');
    return answer(operation, input);
  }) as ServiceCall;
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('the object is asked for as it is named, in its version', async () => {
  const asked: object[] = [];
  const call = s3((operation, input) => {
    asked.push({ operation, ...input });
    return { Body: chunks('PK', '..') };
  });
  assert.equal((await readPackage(object, call)).toString(), 'PK..');
  await readPackage({ ...object, S3ObjectVersion: 'v1' }, call);
  assert.deepEqual(asked, [
    { operation: 'GetObject', Bucket: 'bucket', Key: 'code.zip' },
    { operation: 'GetObject', Bucket: 'bucket', Key: 'code.zip', VersionId: 'v1' },
  ]);
});

test("S3's errors are told in Lambda's words", async () => {
  const fail = (code: string, message: string) =>
    s3(() => {
      throw new AwsError(code, message, { status: 404 });
    });
  for (const [code, message, told] of [
    [
      'NoSuchKey',
      'The specified key does not exist.',
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    ],
    [
      'NoSuchBucket',
      'The specified bucket does not exist',
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    ],
    ['UnknownServiceException', "The service 's3'…", 'Code from S3 is not supported by this release of Lambent.'],
  ] as const) {
    await assert.rejects(readPackage(object, fail(code, message)), (error: AwsError) => {
      assert.deepEqual([error.code, error.message], ['InvalidParameterValueException', told]);
      return true;
    });
  }
});

test('what is no error of S3 is passed on', async () => {
  const broken = s3(() => {
    throw new TypeError('a bug');
  });
  await assert.rejects(readPackage(object, broken), TypeError);
});

test('an object larger than any package is not read to its end', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    const megabytes = Buffer.alloc(16 * 1_048_576);
    for (; read <= limits.unzippedBytes * 2; read += megabytes.length) yield megabytes;
  }
  await assert.rejects(
    readPackage(
      object,
      s3(() => ({ Body: endless() })),
    ),
    { message: `Unzipped size must be smaller than ${limits.unzippedBytes} bytes` },
  );
  assert.ok(read < limits.unzippedBytes * 1.2);
});

test('one source is given, whole', async () => {
  const none = s3(() => assert.fail('S3 is not asked'));
  for (const input of [{}, { S3Bucket: 'b' }, { S3Key: 'k' }, { ...object, ZipFile: Buffer.from('PK') }]) {
    await assert.rejects(readPackage(input, none), { message: 'Please provide a source for function code.' });
  }
});

test('an image is taken by its URI, and its digest is its own where it names one', async () => {
  const none = s3(() => assert.fail('S3 is not asked'));
  const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app';
  const digest = 'c'.repeat(64);
  const read = async (ImageUri: string) => {
    const source = await readCode({ ImageUri }, true, none);
    return 'image' in source ? source.image : assert.fail('an image');
  };
  assert.deepEqual(await read(`${repository}@sha256:${digest}`), {
    sha256: digest,
    zippedBytes: 0,
    unzippedBytes: 0,
    image: { uri: `${repository}@sha256:${digest}`, resolvedUri: `${repository}@sha256:${digest}` },
  });
  assert.equal((await read(`${repository}:1`)).sha256, (await read(`${repository}:1`)).sha256);
  assert.notEqual((await read(`${repository}:1`)).sha256, (await read(`${repository}:2`)).sha256);
  for (const uri of [repository, 'app:latest', `${repository}:`, `${repository}@sha256:abc`]) {
    await assert.rejects(read(uri), { message: `Source image ${uri} is not valid. Provide a valid source image.` });
  }
});
