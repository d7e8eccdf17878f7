// InvokeWithResponseStream: the answer in events, and how the last of them tells of a failure.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { arnOf, create, fails, handlerCode, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  await create(client, 'streamed', {
    Code: {
      ZipFile: handlerCode(
        `console.log('working'); if (event.fail) throw new TypeError('no'); return 'x'.repeat(event.size ?? 0);`,
      ),
    },
  });
  await settled(client, 'streamed');
});
after(() => server.stop());

async function stream(event: object, input: Partial<lambda.InvokeWithResponseStreamCommandInput> = {}) {
  const Payload = Buffer.from(JSON.stringify(event));
  const { EventStream, ...head } = await client.send(
    new lambda.InvokeWithResponseStreamCommand({ FunctionName: 'streamed', Payload, ...input }),
  );
  const chunks: Buffer[] = [];
  const ends: lambda.InvokeWithResponseStreamCompleteEvent[] = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk !== undefined) chunks.push(Buffer.from(PayloadChunk.Payload!));
    if (InvokeComplete !== undefined) ends.push(InvokeComplete);
  }
  return { head, chunks, text: Buffer.concat(chunks).toString(), ends };
}

test('an answer comes in chunks, and the last event says that it is whole', async () => {
  const { head, text, chunks, ends } = await stream({ size: 200_000 });
  assert.equal(text, JSON.stringify('x'.repeat(200_000)));
  assert.equal(chunks.length, 4);
  assert.deepEqual(ends, [{}]);
  assert.deepEqual([head.StatusCode, head.ExecutedVersion], [200, '$LATEST']);
  assert.equal(head.ResponseStreamContentType, 'application/vnd.amazon.eventstream');
});

test('a failure is told by the last event alone', async () => {
  const { chunks, ends } = await stream({ fail: true });
  assert.deepEqual(chunks, []);
  assert.equal(ends.length, 1);
  const { ErrorCode, ErrorDetails, LogResult } = ends[0]!;
  assert.equal(ErrorCode, 'Unhandled');
  const { errorType, errorMessage } = JSON.parse(ErrorDetails!);
  assert.deepEqual([errorType, errorMessage, LogResult], ['TypeError', 'no', undefined]);
});

test('logs come with the last event when they are asked for', async () => {
  const { ends } = await stream({ size: 1 }, { LogType: 'Tail' });
  assert.match(Buffer.from(ends[0]!.LogResult!, 'base64').toString(), /working[\s\S]*REPORT RequestId/);
});

test('a dry run runs nothing, and errors before the stream are those of Invoke', async () => {
  const { head, text, ends } = await stream({ fail: true }, { InvocationType: 'DryRun' });
  assert.deepEqual([head.StatusCode, text, ends], [204, '', []]);
  await fails(
    stream({}, { FunctionName: 'missing' }),
    'ResourceNotFoundException',
    404,
    `Function not found: ${arnOf('missing', '$LATEST')}`,
  );
});
