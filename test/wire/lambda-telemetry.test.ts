// The Telemetry API and the Logs API: who may subscribe how, and what a subscriber gets to know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { startTestServer, type TestServer } from '../server.ts';
import { zipOf } from '../zip.ts';
import { extensionLayer, program } from './extension-programs.ts';
import { account, create, invoke, lambdaClient, region, settled } from './lambda-client.ts';

let server: TestServer;
let client: lambda.LambdaClient;
let logs: CloudWatchLogsClient;
before(async () => {
  server = await startTestServer();
  client = lambdaClient(server);
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  logs = new CloudWatchLogsClient({ endpoint: server.url, region, credentials });
});
after(() => server.stop());

interface Event {
  time: string;
  type: string;
  record: any;
}

/**
 * Subscribes, and logs each event that it gets when it is told of its end. `subscription` is put on top of one by HTTP to
 * all types.
 */
const collector = (subscription: object, path = '/2022-07-01/telemetry', tcp = false): string =>
  program(`
    await register(['INVOKE', 'SHUTDOWN']);
    const got = [];
    const take = (text) => got.push(...(${tcp} ? text.trim().split('\\n').map((line) => JSON.parse(line)) : JSON.parse(text)));
    const server = ${tcp}
      ? require('node:net').createServer((socket) => socket.on('data', (bytes) => take(String(bytes))))
      : http.createServer((request, response) => {
          let text = '';
          request.on('data', (chunk) => { text += chunk; });
          request.on('end', () => { take(text); response.end(); });
        });
    await new Promise((resolve) => server.listen(8080, '0.0.0.0', resolve));
    const answer = await api('PUT', '${path}', own(), {
      schemaVersion: '2022-12-13',
      types: ['platform', 'function', 'extension'],
      buffering: { maxItems: 1000, maxBytes: 262144, timeoutMs: 25 },
      destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080/path' },
      ...${JSON.stringify(subscription)},
    });
    if (answer.status !== 200) { console.log('got ' + JSON.stringify(answer)); process.exit(1); }
    console.log('subscribed');
    for (;;) {
      const { eventType } = await next();
      if (eventType === 'SHUTDOWN') break;
    }
    while (got.filter(({ type }) => type === 'platform.report').length < 2) await sleep(10);
    console.log('got ' + JSON.stringify(got));
    process.exit(0);
  `);

async function deploy(
  name: string,
  programs: Record<string, string>,
  changes: Partial<lambda.CreateFunctionCommandInput> = {},
): Promise<void> {
  const text = `console.log('loading');
    export const handler = async (event) => { console.log('one\\ntwo'); process.stdout.write('raw\\n'); return event; };`;
  const Layers = [await extensionLayer(client, name, programs)];
  await create(client, name, { Code: { ZipFile: zipOf({ 'index.mjs': text }) }, Layers, Timeout: 10, ...changes });
  await settled(client, name);
}

/** What the extension logged behind `got `. */
async function gotBy(name: string): Promise<any> {
  const give = performance.now() + 20_000;
  let lines: string[] = [];
  while (performance.now() < give) {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    lines = events!.map(({ message }) => message!);
    const found = lines.find((line) => line.startsWith('got '));
    if (found !== undefined) return JSON.parse(found.slice('got '.length));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`nothing was got:\n${lines.join('')}`);
}

async function eventsOf(name: string): Promise<Event[]> {
  for (let count = 0; count < 2; count++) await invoke(client, name, { Payload: Buffer.from(`{"count":${count}}`) });
  await client.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: name, Description: 'other' }));
  return gotBy(name);
}

/** Types in order, without function and extension lines. */
const typesOf = (events: Event[]) => events.map(({ type }) => type).filter((type) => type.startsWith('platform.'));
const recordOf = (events: Event[], type: string, at = 0) => events.filter((event) => event.type === type)[at]!.record;

test('a subscriber by HTTP gets to know everything, from the start of the init on', async () => {
  await deploy('everything', { collector: collector({}) });
  const events = await eventsOf('everything');
  for (const { time } of events) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const invocation = ['platform.start', 'platform.runtimeDone', 'platform.report'];
  const isSubscription = (type: string) => type === 'platform.telemetrySubscription';
  assert.deepEqual(
    typesOf(events).filter((type) => !isSubscription(type)),
    [
      'platform.initStart',
      'platform.initRuntimeDone',
      'platform.extension',
      'platform.initReport',
      ...invocation,
      ...invocation,
    ],
  );
  const { runtimeVersion, runtimeVersionArn, ...initStart } = recordOf(events, 'platform.initStart');
  assert.match(runtimeVersion, /^nodejs:24\.v\d+/);
  assert.match(runtimeVersionArn, /^arn:aws:lambda:eu-west-1::runtime:[\da-f]{64}$/);
  const phase = { initializationType: 'on-demand', phase: 'init' };
  assert.deepEqual(initStart, { ...phase, functionName: 'everything', functionVersion: '$LATEST' });
  assert.deepEqual(recordOf(events, 'platform.telemetrySubscription'), {
    name: 'collector',
    state: 'Subscribed',
    types: ['platform', 'function', 'extension'],
  });
  assert.deepEqual(recordOf(events, 'platform.initRuntimeDone'), { ...phase, status: 'success' });
  const { metrics: init, ...initReport } = recordOf(events, 'platform.initReport');
  assert.deepEqual(initReport, { ...phase, status: 'success' });
  assert.ok(init.durationMs > 0);
  const extension = { name: 'collector', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] };
  assert.deepEqual(recordOf(events, 'platform.extension'), extension);

  const { requestId, version } = recordOf(events, 'platform.start');
  assert.match(requestId, /^[\da-f-]{36}$/);
  assert.equal(version, '$LATEST');
  const done = recordOf(events, 'platform.runtimeDone');
  assert.deepEqual([done.requestId, done.status], [requestId, 'success']);
  assert.deepEqual(
    done.spans.map(({ name }: { name: string }) => name),
    ['responseLatency', 'responseDuration', 'runtimeOverhead'],
  );
  for (const { start, durationMs } of done.spans) assert.ok(Number.isFinite(Date.parse(start)) && durationMs >= 0);
  assert.equal(done.metrics.producedBytes, '{"count":0}'.length);
  const report = recordOf(events, 'platform.report');
  assert.deepEqual([report.requestId, report.status], [requestId, 'success']);
  assert.deepEqual(Object.keys(report.metrics), [
    'durationMs',
    'billedDurationMs',
    'memorySizeMB',
    'maxMemoryUsedMB',
    'initDurationMs',
  ]);
  assert.equal('initDurationMs' in recordOf(events, 'platform.report', 1).metrics, false);

  const lines = events.filter(({ type }) => type === 'function').map(({ record }) => record);
  assert.match(lines[0]!, /\tINFO\tloading\n$/);
  assert.equal(lines.filter((line) => /\tINFO\tone\ntwo\n$/.test(line)).length, 2, 'records of many lines stay whole');
  assert.equal(lines.filter((line) => line === 'raw\n').length, 2);
  assert.ok(events.some(({ type, record }) => type === 'extension' && record === 'subscribed\n'));
});

test('function records of JSON logs are objects, and a subscriber gets only the types that it asked for', async () => {
  const LoggingConfig = { LogFormat: 'JSON' } as const;
  await deploy('objects', { collector: collector({ types: ['platform', 'function'] }) }, { LoggingConfig });
  const events = await eventsOf('objects');
  assert.deepEqual([...new Set(events.map(({ type }) => type.split('.')[0]))].sort(), ['function', 'platform']);
  const records = events.filter(({ type }) => type === 'function').map(({ record }) => record);
  assert.equal(records[0].message, 'loading');
  assert.equal(records.filter((record) => record.message === 'one\ntwo').length, 2);
});

test('a subscriber by TCP gets a line for each event', async () => {
  const destination = { protocol: 'TCP', port: 8080 };
  await deploy('tcp', { collector: collector({ destination }, undefined, true) });
  const events = await eventsOf('tcp');
  assert.equal(events.filter(({ type }) => type === 'platform.report').length, 2);
  assert.equal(events[0]!.type, 'platform.initStart');
});

test('a subscriber by the Logs API gets its records in the form that they had there', async () => {
  const asked = { schemaVersion: '2021-03-18', types: ['platform'] };
  await deploy('logs', { collector: collector(asked, '/2020-08-15/logs') });
  const events = await eventsOf('logs');
  const invocation = ['platform.start', 'platform.runtimeDone', 'platform.end', 'platform.report'];
  assert.deepEqual(typesOf(events), ['platform.logsSubscription', 'platform.extension', ...invocation, ...invocation]);
  const { requestId } = recordOf(events, 'platform.start');
  assert.deepEqual(recordOf(events, 'platform.end'), { requestId });
  assert.deepEqual(recordOf(events, 'platform.runtimeDone'), { requestId, status: 'success' });
  assert.deepEqual(Object.keys(recordOf(events, 'platform.report')), ['requestId', 'metrics']);
});

test('what cannot be subscribed to is refused, and one API excludes the other', async () => {
  const asking = program(`
    await register(['INVOKE']);
    const body = (changes) => ({ schemaVersion: '2022-07-01', types: ['platform'], destination: { protocol: 'HTTP', URI: 'http://sandbox:8080' }, ...changes });
    const answers = [];
    const ask = async (path, headers, changes) => {
      const { status, body: answer } = await api('PUT', path, headers, body(changes));
      answers.push([status, answer.errorType ?? answer, answer.errorMessage ?? '']);
    };
    const telemetry = '/2022-07-01/telemetry';
    await ask(telemetry, {}, {});
    await ask(telemetry, { 'Lambda-Extension-Identifier': '00000000-0000-4000-8000-000000000000' }, {});
    await ask(telemetry, own(), { types: [], destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain' } });
    await ask(telemetry, own(), { destination: { protocol: 'HTTP', URI: 'http://example.com:80' } });
    await ask(telemetry, own(), { destination: { protocol: 'HTTP', URI: 'http://sandbox:9001' } });
    await ask(telemetry, own(), { buffering: { maxItems: 999, maxBytes: 262144, timeoutMs: 25 } });
    await ask(telemetry, own(), { schemaVersion: '1999-01-01' });
    await ask('/2020-08-15/logs', own(), { schemaVersion: '2020-08-15', types: [] });
    await ask(telemetry, own(), {});
    await ask(telemetry, own(), {});
    await ask('/2020-08-15/logs', own(), { schemaVersion: '2020-08-15' });
    await next();
    await ask(telemetry, own(), {});
    console.log('got ' + JSON.stringify(answers));
    await next();
  `);
  await deploy('refused', { asking });
  await invoke(client, 'refused');
  const unknown = 'Unknown extension 00000000-0000-4000-8000-000000000000';
  assert.deepEqual(await gotBy('refused'), [
    [403, 'Extension.MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header'],
    [403, 'Extension.UnknownExtensionIdentifier', unknown],
    [400, 'ValidationError', 'URI port is not provided; types should not be empty'],
    [400, 'ValidationError', 'URI host is not allowed'],
    [400, 'ValidationError', 'port 9001 is reserved'],
    [400, 'ValidationError', 'buffering.maxItems should be between 1000 and 10000'],
    [400, 'ValidationError', 'schemaVersion is not supported'],
    [400, 'Logs.ValidationError', 'types should not be empty'],
    [200, 'OK', ''],
    [200, 'OK', ''],
    [400, 'Logs.ValidationError', 'Already subscribed by the Telemetry API'],
    [403, 'Telemetry.SubscriptionClosed', 'Telemetry API subscription is closed already'],
  ]);
});

test('a subscriber that never answers does not slow the function down', async () => {
  const deaf = program(`
    await register(['INVOKE']);
    http.createServer(() => {}).listen(8080, async () => {
      await api('PUT', '/2022-07-01/telemetry', own(), {
        schemaVersion: '2022-07-01', types: ['function'], buffering: { timeoutMs: 25, maxItems: 1000, maxBytes: 262144 },
        destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080' },
      });
      for (;;) await next();
    });
  `);
  const text = `export const handler = async () => {
    for (let count = 0; count < 5000; count++) console.log('x'.repeat(1000));
    return 'done';
  };`;
  await deploy('deaf', { deaf }, { Code: { ZipFile: zipOf({ 'index.mjs': text }) } });
  for (let count = 0; count < 2; count++) assert.equal((await invoke(client, 'deaf')).value, 'done');
});

test('an init or invocation that fails is told of with its error', async () => {
  const text = `export const handler = async (event) => { if (event.exit) process.exit(9); return 1; };`;
  const observer = program(`
    await register(['SHUTDOWN']);
    const got = [];
    http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => { got.push(...JSON.parse(body)); response.end(); });
    }).listen(8080, async () => {
      await api('PUT', '/2022-07-01/telemetry', own(), {
        schemaVersion: '2022-07-01', types: ['platform'], destination: { protocol: 'HTTP', URI: 'http://sandbox:8080' },
      });
      await next();
      while (!got.some(({ type }) => type === 'platform.report')) await sleep(10);
      console.log('got ' + JSON.stringify(got));
      process.exit(0);
    });
  `);
  await deploy('failing', { observer }, { Code: { ZipFile: zipOf({ 'index.mjs': text }) } });
  await invoke(client, 'failing', { Payload: Buffer.from('{"exit":true}') });
  const events: Event[] = await gotBy('failing');
  const done = recordOf(events, 'platform.runtimeDone');
  assert.deepEqual([done.status, done.errorType], ['error', 'Runtime.ExitError']);
  const report = recordOf(events, 'platform.report');
  assert.deepEqual([report.status, report.errorType], ['error', 'Runtime.ExitError']);
});

test('the same events are the system records of JSON logs, by their levels', async () => {
  const text = 'export const handler = async (event) => { if (event.exit) process.exit(9); return 1; };';
  const quiet = program("await register(['INVOKE']); for (;;) await next();");
  const started = ['platform.initStart', 'platform.extension', 'platform.start', 'platform.report'];
  const expected = {
    DEBUG: [
      'platform.initStart',
      'platform.initRuntimeDone',
      'platform.extension',
      'platform.initReport',
      'platform.start',
      'platform.runtimeDone',
      'platform.report',
    ],
    INFO: started,
    WARN: [],
  };
  for (const [SystemLogLevel, types] of Object.entries(expected)) {
    const name = `level-${SystemLogLevel}`;
    const LoggingConfig = { LogFormat: 'JSON', SystemLogLevel } as lambda.LoggingConfig;
    await deploy(name, { quiet }, { Code: { ZipFile: zipOf({ 'index.mjs': text }) }, LoggingConfig });
    // With the end of its log: its extension is done then, and the next finds the environment free.
    await invoke(client, name, { LogType: 'Tail' });
    await invoke(client, name, { Payload: Buffer.from('{"exit":true}') });
    const records = await recordsUntil(
      name,
      ({ type, record }) => type === 'platform.report' && record.status === 'error',
    );
    const invocations = SystemLogLevel === 'WARN' ? [] : ['platform.start'];
    const failed = [...invocations, 'platform.runtimeDone', 'platform.report'];
    assert.deepEqual(
      records.map(({ type }) => type),
      [...types, ...failed],
      SystemLogLevel,
    );
    assert.equal(records.at(-1)!.record.errorType, 'Runtime.ExitError');
  }
});

/** The system records of a function's JSON log, once one of them is wanted. */
async function recordsUntil(name: string, isWanted: (event: Event) => boolean): Promise<Event[]> {
  const giveUpAt = performance.now() + 15_000;
  for (;;) {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    const records = events!
      .map(({ message }) => JSON.parse(message!) as Event)
      .filter(({ type }) => type !== undefined);
    if (records.some(isWanted)) return records;
    assert.ok(performance.now() < giveUpAt, JSON.stringify(records));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
