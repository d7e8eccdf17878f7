// The types of the contracts as operation authors see them. What is checked here is checked by the compiler.
import { test } from 'node:test';
import type { OperationsOf } from './index.ts';

type Lambda = OperationsOf<'lambda'>;
type S3 = OperationsOf<'s3'>;

test('blobs are bytes, timestamps are dates, event streams are iterables', () => {
  const invoke: Lambda['Invoke']['input'] = { FunctionName: 'f', Payload: Buffer.from('{}') };
  invoke.Payload satisfies Uint8Array | undefined;
  const create: Lambda['CreateFunction']['input'] = {
    FunctionName: 'f',
    Role: 'r',
    Code: { ZipFile: Buffer.from('') },
  };
  create.Code?.ZipFile satisfies Uint8Array | undefined;
  const put: S3['PutObject']['input'] = { Bucket: 'b', Key: 'k', Body: Buffer.from('') };
  put.Body satisfies Uint8Array | undefined;

  ({ StatusCode: 200, Payload: Buffer.from('') }) satisfies Lambda['Invoke']['output'];
  ({
    EventStream: stream({ PayloadChunk: { Payload: Buffer.from('') } }),
  }) satisfies Lambda['InvokeWithResponseStream']['output'];
  ({ Body: Buffer.from(''), LastModified: new Date(0) }) satisfies S3['GetObject']['output'];
  ({ Body: stream(Buffer.from('')) }) satisfies S3['GetObject']['output'];
  // @ts-expect-error A payload is bytes.
  ({ Payload: 'text' }) satisfies Lambda['Invoke']['output'];
  // @ts-expect-error What the SDK adds about the call is not ours to answer.
  ({ $metadata: {} }) satisfies Lambda['Invoke']['output'];
});

async function* stream<T>(item: T): AsyncGenerator<T> {
  yield item;
}
