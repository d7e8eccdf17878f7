// How invocations are traced: the header, the record in the log, Lambda's segments, what functions send themselves, and what
// goes on to OpenTelemetry.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import * as lambda from '@aws-sdk/client-lambda';
import * as xray from '@aws-sdk/client-xray';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { create, handlerCode, type Invoked, invoke, lambdaClient, settled } from './lambda-client.ts';
import { origin, partOf, sampleAll, traceId, traceOf, xrayClient } from './xray-client.ts';

const collected: any[] = [];
let collector: Server;
let server: TestServer;
let traces: xray.XRayClient;
let client: lambda.LambdaClient;
before(async () => {
  collector = createServer(async (request, response) => {
    const body = JSON.parse((await buffer(request)).toString());
    if (request.url === '/v1/traces' && request.headers['x-key'] === 'a b') collected.push(...body.resourceSpans);
    response.end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as { port: number };
  const env = { LAMBENT_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, LAMBENT_OTLP_HEADERS: 'x-key=a%20b' };
  server = await startTestServer({ env });
  traces = xrayClient(server);
  client = lambdaClient(server);
  await sampleAll(traces);
});
after(async () => {
  await server.stop();
  collector.close();
});

/** A client that sends a trace header. */
function withHeader(header: string, of = server): lambda.LambdaClient {
  const own = lambdaClient(of);
  own.middlewareStack.add(
    (next) => (args: any) => {
      args.request.headers['x-amzn-trace-id'] = header;
      return next(args);
    },
    { step: 'build' },
  );
  return own;
}

const showHeader = handlerCode('if (event.fail) throw new TypeError("no luck"); return process.env._X_AMZN_TRACE_ID');
const fieldsOf = (header: string) => Object.fromEntries(header.split(';').map((field) => field.split('=')));

async function deploy(name: string, change: Partial<lambda.CreateFunctionCommandInput> = {}): Promise<void> {
  await create(client, name, { Code: { ZipFile: showHeader }, TracingConfig: { Mode: 'Active' }, ...change });
  await settled(client, name);
}

test('a sampled invocation has segments of the service and of the function, and says so in its log', async () => {
  await deploy('traced');
  const ran = await invoke(client, 'traced', { LogType: 'Tail' });
  const { Root, Parent, Sampled } = fieldsOf(ran.value);
  assert.equal(Sampled, '1');
  const segments = await traceOf(traces, Root);
  const service = origin(segments, 'AWS::Lambda');
  const made = origin(segments, 'AWS::Lambda::Function');
  assert.equal(segments.length, 2);
  assert.deepEqual([service.name, service.http.response.status, service.parent_id], ['traced', 200, undefined]);
  assert.match(service.resource_arn, /:function:traced$/);
  assert.equal(service.aws.request_id, ran.$metadata.requestId);
  assert.equal(made.parent_id, service.id);
  assert.deepEqual(made.aws.resource_names, ['traced']);
  assert.deepEqual(
    made.subsegments.map((each: any) => each.name),
    ['Initialization', 'Invocation', 'Overhead'],
  );
  assert.equal(partOf(segments, 'Invocation').id, Parent);
  for (const each of [service, made, ...made.subsegments]) assert.ok(each.start_time <= each.end_time, each.name);
  assert.ok(ran.logs.includes(`\nXRAY TraceId: ${Root}\tSegmentId: ${made.id}\tSampled: true\t\n`), ran.logs);
  const again = await invoke(client, 'traced');
  const second = await traceOf(traces, fieldsOf(again.value).Root);
  assert.equal(partOf(second, 'Initialization'), undefined);
});

test('what was decided upstream stays decided, in either mode', async () => {
  await deploy('passing', { TracingConfig: { Mode: 'PassThrough' } });
  await deploy('active');
  for (const name of ['passing', 'active']) {
    const id = traceId();
    const header = `Root=${id};Parent=0123456789abcdef;Sampled=`;
    const not = fieldsOf((await invoke(withHeader(`${header}0`), name)).value);
    assert.deepEqual([not.Root, not.Parent, not.Sampled], [id, '0123456789abcdef', '0'], name);
    const sampled = fieldsOf((await invoke(withHeader(`${header}1`), name)).value);
    assert.deepEqual([sampled.Root, sampled.Sampled], [id, '1'], name);
    const segments = await traceOf(traces, id);
    assert.equal(origin(segments, 'AWS::Lambda').parent_id, '0123456789abcdef');
    assert.equal(partOf(segments, 'Invocation').id, sampled.Parent);
  }
  const undecided: Invoked = await invoke(client, 'passing', { LogType: 'Tail' });
  assert.equal(fieldsOf(undecided.value).Sampled, '0');
  assert.doesNotMatch(undecided.logs, /XRAY/);
  const { UnprocessedTraceIds } = await traces.send(
    new xray.BatchGetTracesCommand({ TraceIds: [fieldsOf(undecided.value).Root] }),
  );
  assert.equal(UnprocessedTraceIds!.length, 1);
});

test('a sampling rule decides about functions that it matches', async () => {
  await deploy('never');
  const any = { ResourceARN: '*', ServiceType: 'AWS::Lambda::Function', Host: '*', HTTPMethod: '*', URLPath: '*' };
  const SamplingRule = {
    RuleName: 'no',
    ...any,
    ServiceName: 'nev*',
    Priority: 1,
    FixedRate: 0,
    ReservoirSize: 0,
    Version: 1,
  };
  await traces.send(new xray.CreateSamplingRuleCommand({ SamplingRule }));
  assert.equal(fieldsOf((await invoke(client, 'never')).value).Sampled, '0');
});

test('an error of the function is the cause of a fault', async () => {
  const id = traceId();
  await deploy('failing');
  await invoke(withHeader(`Root=${id}`), 'failing', { Payload: '{"fail":true}' });
  const segments = await traceOf(traces, id);
  const [exception] = partOf(segments, 'Invocation').cause.exceptions;
  assert.deepEqual([exception.type, exception.message], ['TypeError', 'no luck']);
  assert.match(exception.stack[0].path, /index\.mjs$/);
  assert.equal(origin(segments, 'AWS::Lambda::Function').fault, true);
});

test('an invocation that is throttled says so', async () => {
  const id = traceId();
  await deploy('throttled');
  const input = { FunctionName: 'throttled', ReservedConcurrentExecutions: 0 };
  await client.send(new lambda.PutFunctionConcurrencyCommand(input));
  await assert.rejects(invoke(withHeader(`Root=${id}`), 'throttled'), { name: 'TooManyRequestsException' });
  const [service, ...others] = await traceOf(traces, id);
  assert.equal(others.length, 0);
  assert.deepEqual([service.http.response.status, service.throttle, service.error], [429, true, true]);
});

test('an asynchronous invocation has its time in the queue and its attempts', async () => {
  const id = traceId();
  await deploy('later');
  await invoke(withHeader(`Root=${id}`), 'later', { InvocationType: 'Event' });
  const segments = await traceOf(traces, id, (found) => origin(found, 'AWS::Lambda::Function') !== undefined);
  const service = origin(segments, 'AWS::Lambda');
  assert.equal(service.http.response.status, 202);
  assert.deepEqual(
    service.subsegments.map((each: any) => each.name),
    ['Dwell Time', 'Attempt #1'],
  );
  assert.equal(origin(segments, 'AWS::Lambda::Function').parent_id, service.subsegments[1].id);
});

test('the records of a JSON log tell of the trace', async () => {
  await deploy('json', { LoggingConfig: { LogFormat: 'JSON' } });
  const ran = await invoke(client, 'json', { LogType: 'Tail' });
  const records = ran.logs
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const type of ['platform.start', 'platform.report']) {
    const { tracing } = records.find((each) => each.type === type).record;
    assert.deepEqual([tracing.type, tracing.value], ['X-Amzn-Trace-Id', ran.value], type);
    assert.match(tracing.spanId, /^[0-9a-f]{16}$/);
  }
});

/** Sends a segment named `work` as SDKs do, by a raw datagram, and answers with the trace header. */
const senders: Record<string, Partial<lambda.CreateFunctionCommandInput>> = {
  'Node.js': {
    Code: {
      ZipFile: zipOf({
        'index.mjs': `import dgram from 'node:dgram';
export const handler = async () => {
  const header = process.env._X_AMZN_TRACE_ID;
  const [, trace_id, parent_id] = /Root=([^;]+);Parent=([^;]+)/.exec(header);
  const now = Date.now() / 1000;
  const segment = { id: 'abcdefabcdef0123', trace_id, parent_id, type: 'subsegment', name: 'work', start_time: now, end_time: now };
  const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':');
  const socket = dgram.createSocket('udp4');
  const text = '{"format":"json","version":1}\\n' + JSON.stringify(segment);
  await new Promise((done, fail) => socket.send(text, port, host, (error) => (error ? fail(error) : done())));
  socket.close();
  const rules = await fetch(\`http://\${process.env.AWS_XRAY_DAEMON_ADDRESS}/GetSamplingRules\`, { method: 'POST', body: '{}' });
  return { header, rules: await rules.json() };
};`,
      }),
    },
  },
  Python: {
    Runtime: 'python3.12',
    Code: {
      ZipFile: zipOf({
        'index.py': `import json, os, socket, time, urllib.request
def handler(event, context):
    header = os.environ["_X_AMZN_TRACE_ID"]
    fields = dict(field.split("=", 1) for field in header.split(";"))
    segment = {"id": "abcdefabcdef0123", "trace_id": fields["Root"], "parent_id": fields["Parent"], "type": "subsegment",
               "name": "work", "start_time": time.time(), "end_time": time.time()}
    host, port = os.environ["AWS_XRAY_DAEMON_ADDRESS"].split(":")
    text = '{"format":"json","version":1}\\n' + json.dumps(segment)
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(text.encode(), (host, int(port)))
    rules = urllib.request.urlopen("http://%s:%s/GetSamplingRules" % (host, port), b"{}")
    return {"header": header, "rules": json.load(rules)}`,
      }),
    },
  },
};

async function sends(name: string, language: string, of: TestServer, Mode: 'Active' | 'PassThrough'): Promise<void> {
  const lambdas = lambdaClient(of);
  await create(lambdas, name, { Timeout: 20, TracingConfig: { Mode }, ...senders[language] });
  await settled(lambdas, name);
  const id = traceId();
  const ran = await invoke(withHeader(`Root=${id};Parent=0123456789abcdef;Sampled=1`, of), name);
  assert.equal(ran.FunctionError, undefined, ran.text);
  const segments = await traceOf(xrayClient(of), id, (found) => partOf(found, 'Invocation')?.subsegments !== undefined);
  assert.equal(partOf(segments, 'Invocation').subsegments[0].name, 'work');
  assert.ok(ran.value.rules.SamplingRuleRecords.some((each: any) => each.SamplingRule.RuleName === 'Default'));
}

for (const language of Object.keys(senders)) {
  test(`a function in ${language} reaches its X-Ray daemon`, async () => {
    await sends(`sends-${language.toLowerCase().replace('.', '')}`, language, server, 'Active');
  });
}

test('a function that passes through has its daemon from the first trace on', async () => {
  // Without a network of its own it would have to know the port of a daemon before there is one.
  const answer = await fetch(`${server.url}/_lambent/health`);
  const health = (await answer.json()) as { isolation: string; network: string };
  if (health.isolation !== 'bubblewrap' || health.network === 'host') return;
  await sends('sends-passing', 'Node.js', server, 'PassThrough');
});

test('a function that is a plain process reaches its daemon as well', async () => {
  const other = await startTestServer({ flags: ['--isolation', 'process'] });
  try {
    await sends('sends-plain', 'Node.js', other, 'Active');
  } finally {
    await other.stop();
  }
});

test('segments go on to a collector of OpenTelemetry', async () => {
  const id = traceId();
  await deploy('exported');
  await invoke(withHeader(`Root=${id}`), 'exported');
  const spansOf = () =>
    collected
      .flatMap(({ scopeSpans }) => scopeSpans[0].spans)
      .filter((each) => `1-${each.traceId.slice(0, 8)}-${each.traceId.slice(8)}` === id);
  for (let attempt = 0; attempt < 500 && spansOf().length < 5; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const spans = spansOf();
  assert.deepEqual(spans.map((each) => each.name).sort(), [
    'Initialization',
    'Invocation',
    'Overhead',
    'exported',
    'exported',
  ]);
  const ids = new Set(spans.map((each) => each.spanId));
  assert.equal(spans.filter((each) => each.parentSpanId === undefined).length, 1);
  assert.ok(spans.every((each) => each.parentSpanId === undefined || ids.has(each.parentSpanId)));
});
