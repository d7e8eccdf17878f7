// Responses that are streamed: pieces reach the client as the handler writes them, with back-pressure, limits and errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { create, invoke, lambdaClient, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;

/** A package of a streaming handler whose body is `body`, with `event`, `stream` and `context` at hand. */
const streamingCode = (body: string) =>
  zipOf({
    'index.mjs': `
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`,
  });

async function makeFunction(name: string, code: Uint8Array, changes: Partial<lambda.CreateFunctionCommandInput> = {}) {
  await create(client, name, { Code: { ZipFile: code }, Timeout: 30, ...changes });
  await settled(client, name);
}

interface Streamed {
  pieces: Buffer[];
  complete: lambda.InvokeWithResponseStreamCompleteEvent;
}

async function stream(
  name: string,
  input: Partial<lambda.InvokeWithResponseStreamCommandInput> = {},
  onPiece: (piece: Buffer) => void | Promise<void> = () => {},
): Promise<Streamed> {
  const command = new lambda.InvokeWithResponseStreamCommand({ FunctionName: name, ...input });
  const { EventStream } = await client.send(command);
  const pieces: Buffer[] = [];
  let complete: lambda.InvokeWithResponseStreamCompleteEvent | undefined;
  for await (const event of EventStream!) {
    if (event.PayloadChunk) {
      const piece = Buffer.from(event.PayloadChunk.Payload!);
      pieces.push(piece);
      await onPiece(piece);
    }
    if (event.InvokeComplete) complete = event.InvokeComplete;
  }
  assert.ok(complete, 'a stream ends with InvokeComplete');
  return { pieces, complete };
}

const textOf = ({ pieces }: Streamed) => Buffer.concat(pieces).toString();

before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
});

after(async () => {
  client.destroy();
  await server.stop();
});

test('a piece reaches the client before the handler writes the next one', async () => {
  await makeFunction(
    'gated',
    zipOf({
      'index.mjs': `
        import { LambdaClient } from '@aws-sdk/client-lambda';
        let open;
        export const handler = awslambda.streamifyResponse(async (event, stream) => {
          stream.write('first');
          await new Promise((resolve) => setTimeout(resolve, 1500));
          stream.write('second');
          stream.end();
        });`.replace(/import .*\n/, ''),
    }),
  );
  const times: number[] = [];
  const streamed = await stream('gated', {}, () => void times.push(performance.now()));
  assert.equal(textOf(streamed), 'firstsecond');
  assert.equal(times.length, 2);
  assert.ok(times[1]! - times[0]! > 1000, 'the first piece came while the handler waited');
});

test('a handler that does not stream is sent in one piece, with its logs when they are asked for', async () => {
  await makeFunction(
    'whole',
    zipOf({ 'index.mjs': 'export const handler = async () => { console.log("seen"); return { a: 1 }; };' }),
  );
  const streamed = await stream('whole', { LogType: 'Tail' });
  assert.equal(textOf(streamed), '{"a":1}');
  assert.match(Buffer.from(streamed.complete.LogResult!, 'base64').toString(), /seen/);
});

test('a streaming handler that is invoked without a stream is answered with all that it wrote', async () => {
  await makeFunction('gathered', streamingCode("stream.write('a'); await pause(5); stream.write('b'); stream.end();"));
  const { Payload } = await client.send(new lambda.InvokeCommand({ FunctionName: 'gathered' }));
  assert.equal(Buffer.from(Payload!).toString(), 'ab');
});

test('an error after the first piece ends the stream with its details', async () => {
  await makeFunction('breaks', streamingCode("stream.write('half'); await pause(5); throw new TypeError('broke');"));
  const streamed = await stream('breaks');
  assert.equal(textOf(streamed), 'half');
  assert.equal(streamed.complete.ErrorCode, 'Unhandled');
  const details = JSON.parse(streamed.complete.ErrorDetails!);
  assert.deepEqual([details.errorType, details.errorMessage], ['TypeError', 'broke']);
  assert.equal(textOf(await stream('breaks')), 'half', 'the environment serves on');
});

test('a timeout in the midst of a response ends the stream', async () => {
  await makeFunction('hangs', streamingCode("stream.write('half'); await pause(60_000);"), { Timeout: 1 });
  const streamed = await stream('hangs');
  assert.equal(textOf(streamed), 'half');
  assert.equal(JSON.parse(streamed.complete.ErrorDetails!).errorType, 'Sandbox.Timedout');
});

test('large responses arrive whole, also when the client reads slowly', async () => {
  const megabytes = 24;
  await makeFunction(
    'large',
    streamingCode(`
      const piece = Buffer.alloc(1024 * 1024);
      for (let i = 0; i < ${megabytes}; i++) {
        piece.fill(i);
        if (!stream.write(Buffer.from(piece))) await new Promise((resolve) => stream.once('drain', resolve));
      }
      stream.end();`),
  );
  let at = 0;
  await stream('large', {}, async (piece) => {
    if (at % (1024 * 1024) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(piece.length <= 65_536);
    assert.equal(piece[0], Math.floor(at / (1024 * 1024)));
    at += piece.length;
  });
  assert.equal(at, megabytes * 1024 * 1024);
});

test('six megabytes and a little more are too much for a response that is gathered, not for one that is streamed', async () => {
  await makeFunction('seven', streamingCode('stream.write(Buffer.alloc(7 * 1024 * 1024)); stream.end();'));
  const gathered = await invoke(client, 'seven');
  assert.equal(gathered.value.errorType, 'Function.ResponseSizeTooLarge');
  assert.equal(Buffer.concat((await stream('seven')).pieces).length, 7 * 1024 * 1024);
});

test('beyond 200 MB a response is cut off', async () => {
  await makeFunction(
    'endless',
    streamingCode(`
      const piece = Buffer.alloc(4 * 1024 * 1024);
      for (let i = 0; i < 51; i++) if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
      stream.end();`),
    { MemorySize: 512 },
  );
  let bytes = 0;
  const command = new lambda.InvokeWithResponseStreamCommand({ FunctionName: 'endless' });
  const { EventStream } = await client.send(command);
  let complete: lambda.InvokeWithResponseStreamCompleteEvent | undefined;
  for await (const event of EventStream!) {
    bytes += event.PayloadChunk?.Payload?.length ?? 0;
    complete ??= event.InvokeComplete;
  }
  assert.ok(bytes <= 200 * 1024 * 1024 && bytes > 190 * 1024 * 1024);
  assert.equal(JSON.parse(complete!.ErrorDetails!).errorType, 'Function.ResponseSizeTooLarge');
});

test('a client that goes away does not hold the function up', async () => {
  await makeFunction(
    'abandoned',
    streamingCode(`
      if (event.ping) { stream.end(String(globalThis.finished)); return; }
      for (let i = 0; i < 64; i++) if (!stream.write(Buffer.alloc(262144))) await new Promise((resolve) => stream.once('drain', resolve));
      globalThis.finished = true;
      stream.end();`),
  );
  // One environment, so that whoever comes next meets the one that was left.
  const alone = { FunctionName: 'abandoned', ReservedConcurrentExecutions: 1 };
  await client.send(new lambda.PutFunctionConcurrencyCommand(alone));
  const impatient = lambdaClient(server);
  const command = new lambda.InvokeWithResponseStreamCommand({ FunctionName: 'abandoned' });
  const { EventStream } = await impatient.send(command);
  await EventStream![Symbol.asyncIterator]().next();
  // Closes its connections.
  impatient.destroy();
  const seen = async () => {
    for (let attempt = 0; attempt < 1000; attempt++) {
      try {
        return textOf(await stream('abandoned', { Payload: Buffer.from('{"ping":true}') }));
      } catch (error) {
        assert.equal((error as Error).name, 'TooManyRequestsException');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    return 'never';
  };
  assert.equal(await seen(), 'true');
});

test('what cannot be run is refused before anything is sent', async () => {
  await assert.rejects(stream('nobody'), { name: 'ResourceNotFoundException' });
  const dry = await client.send(
    new lambda.InvokeWithResponseStreamCommand({ FunctionName: 'whole', InvocationType: 'DryRun' }),
  );
  assert.equal(dry.StatusCode, 204);
});

test('custom runtimes stream by the mode header of the Runtime API, and tell errors in trailers', async () => {
  const bootstrap = `#!/usr/bin/perl
use strict;
use IO::Socket::INET;
$| = 1;
my $api = $ENV{AWS_LAMBDA_RUNTIME_API};
sub ask {
  my ($socket, $request) = @_;
  print $socket $request;
  local $/ = "\\r\\n\\r\\n";
  my $head = <$socket>;
  my ($length) = $head =~ /content-length: (\\d+)/i;
  read $socket, my $body, $length;
  return ($head, $body);
}
sub connected { IO::Socket::INET->new(PeerAddr => $api, Proto => 'tcp') or die $! }
sub chunk { my ($socket, $text) = @_; printf $socket "%x\\r\\n%s\\r\\n", length $text, $text; $socket->flush; }
while (1) {
  my ($head, $event) = ask(connected(), "GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: api\\r\\n\\r\\n");
  my ($id) = $head =~ /lambda-runtime-aws-request-id: (\\S+)/i;
  my ($mode) = $event =~ /"mode":"(\\w+)"/;
  $mode ||= 'streaming';
  my $socket = connected();
  print $socket "POST /2018-06-01/runtime/invocation/$id/response HTTP/1.1\\r\\nHost: api\\r\\nContent-Type: text/plain\\r\\n"
    . "Lambda-Runtime-Function-Response-Mode: $mode\\r\\nTransfer-Encoding: chunked\\r\\n"
    . "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\\r\\n\\r\\n";
  chunk($socket, 'one ');
  select undef, undef, undef, 0.2;
  chunk($socket, 'two');
  my $trailers = $event =~ /"fails"/
    ? "Lambda-Runtime-Function-Error-Type: Function.Odd\\r\\nLambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJPZGQiLCJlcnJvck1lc3NhZ2UiOiJubyJ9\\r\\n"
    : '';
  my ($answer) = ask($socket, "0\\r\\n$trailers\\r\\n");
  my ($status) = $answer =~ /^HTTP\\S+ (\\d+)/;
  next if $status == 202;
  ask(connected(), "POST /2018-06-01/runtime/invocation/$id/error HTTP/1.1\\r\\nHost: api\\r\\nContent-Length: 3\\r\\n\\r\\n$status");
}
`;
  await makeFunction('custom', zipOf([{ name: 'bootstrap', content: bootstrap, mode: 0o100755 }]), {
    Runtime: 'provided.al2023',
  });
  const streamed = await stream('custom');
  assert.equal(textOf(streamed), 'one two');
  assert.ok(streamed.pieces.length >= 2);
  const failed = await stream('custom', { Payload: Buffer.from('{"fails":true}') });
  assert.equal(textOf(failed), 'one two');
  assert.equal(failed.complete.ErrorDetails, '{"errorType":"Odd","errorMessage":"no"}');
  const refused = await stream('custom', { Payload: Buffer.from('{"mode":"sideways"}') });
  assert.equal(refused.complete.ErrorDetails, '400', 'an unknown mode is refused');
});
