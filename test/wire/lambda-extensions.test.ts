// Extensions beside and inside a function: what they are told, how long is waited for them, what their failures do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { pythonBuilds } from '../runtimes/builds.ts';
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

/** Says what it is told, to its end. */
const teller = program(`
  console.log('registered ' + JSON.stringify((await register(['INVOKE', 'SHUTDOWN'], { 'Lambda-Extension-Accept-Feature': 'accountId' })).body));
  for (;;) {
    const event = await next();
    console.log('told ' + JSON.stringify(event));
    if (event.eventType === 'SHUTDOWN') process.exit(0);
  }
`);

const code = (text: string) => zipOf({ 'index.mjs': text });
const echo = 'export const handler = async (event) => { console.log("handled"); return event; };';

async function deploy(
  name: string,
  programs: Record<string, string>,
  changes: Partial<lambda.CreateFunctionCommandInput> = {},
  text = echo,
): Promise<void> {
  const Layers = Object.keys(programs).length === 0 ? [] : [await extensionLayer(client, name, programs)];
  await create(client, name, { Code: { ZipFile: code(text) }, Layers, Timeout: 10, ...changes });
  await settled(client, name);
}

/** All lines of the function's log, once one of them matches. */
async function linesUntil(
  name: string,
  wanted: RegExp,
  from = logs,
  between: () => unknown = () => {},
): Promise<string[]> {
  const give = performance.now() + 15_000;
  let lines: string[] = [];
  while (performance.now() < give) {
    const { events } = await from.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    lines = events!.map(({ message }) => message!);
    if (lines.some((line) => wanted.test(line))) return lines;
    await between();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`no ${wanted} in\n${lines.join('')}`);
}

/** Ends the function's environments. */
const retire = (name: string) =>
  client.send(
    new lambda.UpdateFunctionConfigurationCommand({ FunctionName: name, Description: String(Math.random()) }),
  );

const toldIn = (lines: string[]) =>
  lines.filter((line) => line.startsWith('told ')).map((line) => JSON.parse(line.slice('told '.length)));

test('an external extension is started before the function, told of each invocation, and told of the end', async () => {
  await deploy('told', { teller });
  for (let count = 0; count < 2; count++) {
    const { value, FunctionError } = await invoke(client, 'told', { Payload: Buffer.from(`{"count":${count}}`) });
    assert.equal(FunctionError, undefined);
    assert.deepEqual(value, { count });
  }
  const before = Date.now();
  await retire('told');
  const lines = await linesUntil('told', /told .*SHUTDOWN/);
  const [first, second, last] = toldIn(lines);
  const registered = lines.find((line) => line.startsWith('registered '))!;
  assert.deepEqual(JSON.parse(registered.slice('registered '.length)), {
    functionName: 'told',
    functionVersion: '$LATEST',
    handler: 'index.handler',
    accountId: account,
  });
  assert.match(first.requestId, /^[\da-f-]{36}$/);
  assert.deepEqual(
    { ...first, requestId: '', deadlineMs: 0, tracing: { ...first.tracing, value: '' } },
    {
      eventType: 'INVOKE',
      deadlineMs: 0,
      requestId: '',
      invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:told`,
      tracing: { type: 'X-Amzn-Trace-Id', value: '' },
    },
  );
  assert.ok(Math.abs(first.deadlineMs - before - 10_000) < 5_000);
  assert.notEqual(second.requestId, first.requestId);
  assert.deepEqual({ ...last, deadlineMs: 0 }, { eventType: 'SHUTDOWN', shutdownReason: 'SPINDOWN', deadlineMs: 0 });
  assert.ok(last.deadlineMs >= before && last.deadlineMs <= Date.now() + 2_000);
  assert.ok(lines.includes('EXTENSION\tName: teller\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n'));
});

test('an invocation ends when its extensions are done, and its caller has the answer before', async () => {
  const slow = program(`
    await register(['INVOKE']);
    for (;;) { await next(); await sleep(700); }
  `);
  await deploy('tail', { slow });
  await invoke(client, 'tail');
  await linesUntil('tail', /^REPORT/);
  const startedAt = performance.now();
  await invoke(client, 'tail', { Payload: Buffer.from('{"no":2}') });
  const waitedMs = performance.now() - startedAt;
  assert.ok(waitedMs < 650, `the answer took ${waitedMs} ms`);
  const { logs: tail } = await invoke(client, 'tail', { LogType: 'Tail' });
  assert.match(
    tail.replace(/^.*handled\n/m, ''),
    /^START .*\nEND .*\nREPORT /,
    'who asks for the end of the log waits for it',
  );
  const [, durationMs] = /Duration: ([\d.]+) ms\tBilled/.exec(tail)!;
  assert.ok(Number(durationMs) >= 690, durationMs);
});

test('an extension that takes more than the timeout ends the environment, and is told so', async () => {
  const stuck = program(`
    await register(['INVOKE', 'SHUTDOWN']);
    await next();
    await sleep(1500);
    console.log('told ' + JSON.stringify(await next()));
    process.exit(0);
  `);
  await deploy('stuck', { stuck }, { Timeout: 1 });
  const { value, FunctionError } = await invoke(client, 'stuck', { Payload: Buffer.from('"mine"') });
  assert.deepEqual([value, FunctionError], ['mine', undefined]);
  const lines = await linesUntil('stuck', /told .*SHUTDOWN/);
  assert.equal(toldIn(lines)[0].shutdownReason, 'TIMEOUT');
  assert.ok(lines.some((line) => /Task timed out after 1\.00 seconds/.test(line)));
  assert.ok(lines.some((line) => /^REPORT .*Status: timeout/.test(line)));
});

test('a function that times out, fails or ends lets its extensions end in good order', async () => {
  const text = `export const handler = async ({ how }) => {
    if (how === 'hang') await new Promise(() => setInterval(() => {}, 1000));
    if (how === 'exit') process.exit(3);
    return how;
  };`;
  await deploy('hanging', { teller }, { Timeout: 1 }, text);
  const hung = await invoke(client, 'hanging', { Payload: Buffer.from('{"how":"hang"}') });
  assert.equal(hung.value.errorType, 'Sandbox.Timedout');
  assert.equal(toldIn(await linesUntil('hanging', /told .*SHUTDOWN/)).at(-1).shutdownReason, 'TIMEOUT');

  await deploy('exiting', { teller }, {}, text);
  const ended = await invoke(client, 'exiting', { Payload: Buffer.from('{"how":"exit"}') });
  assert.match(ended.value.errorMessage, /Runtime exited with error: exit status 3$/);
  const lines = await linesUntil('exiting', /told .*SHUTDOWN/);
  assert.equal(toldIn(lines).at(-1).shutdownReason, 'FAILURE');
  assert.ok(
    lines.some((line) =>
      /^RequestId: \S+ Error: Runtime exited with error: exit status 3\nRuntime\.ExitError\n/.test(line),
    ),
  );
});

const failing: Record<string, { program: string; errorType: string; message: RegExp; state: RegExp }> = {
  'crashes before it registers': {
    program: program('process.exit(4);'),
    errorType: 'Extension.Crash',
    message: /Error: exit status 4$/,
    state: /State: Exited\tEvents: \[\]/,
  },
  'reports an error of its init': {
    program: program(`
      await register(['INVOKE']);
      const headers = own({ 'Lambda-Extension-Function-Error-Type': 'Extension.NoConfig' });
      await api('POST', '/2020-01-01/extension/init/error', headers, {});
      process.exit(1);
    `),
    errorType: 'Extension.InitError',
    message: /Error: exit status 1$/,
    state: /State: InitError\tEvents: \[INVOKE\]\tError Type: Extension\.NoConfig/,
  },
  'cannot be started': {
    program: '#!/no/such/interpreter\n',
    errorType: 'Extension.LaunchError',
    message: /Error: fork\/exec \/opt\/extensions\/broken: no such file or directory$/,
    state: /State: LaunchError\tEvents: \[\]\tError Type: UnknownError/,
  },
};

for (const [what, { program: broken, errorType, message, state }] of Object.entries(failing)) {
  test(`an extension that ${what} fails the init, and the invocation that repeats it`, async () => {
    const name = `fails-${errorType.replace('.', '-')}`;
    await deploy(name, { broken });
    const { value, FunctionError, logs: tail } = await invoke(client, name, { LogType: 'Tail' });
    assert.equal(FunctionError, 'Unhandled');
    assert.equal(value.errorType, errorType);
    assert.match(value.errorMessage, message);
    assert.match(tail, new RegExp(`Status: error\\tError Type: ${errorType}`));
    const lines = await linesUntil(name, /^REPORT/);
    assert.ok(
      lines.some((line) => state.test(line)),
      lines.join(''),
    );
    assert.ok(
      lines.some((line) =>
        new RegExp(`INIT_REPORT .*Phase: init\\tStatus: error\\tError Type: ${errorType}`).test(line),
      ),
    );
  });
}

test('an extension that ends in an invocation fails it, by its exit or by its own report', async () => {
  const crashing = program(`
    await register(['INVOKE']);
    await next();
    process.exit(2);
  `);
  const text = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 5000, "late"));';
  await deploy('crashing', { crashing }, {}, text);
  const crashed = await invoke(client, 'crashing');
  assert.equal(crashed.value.errorType, 'Extension.Crash');
  assert.match(crashed.value.errorMessage, /^RequestId: \S+ Error: exit status 2$/);

  const reporting = program(`
    await register(['INVOKE']);
    await next();
    await api('POST', '/2020-01-01/extension/exit/error', own({ 'Lambda-Extension-Function-Error-Type': 'Extension.Gone' }), {});
    process.exit(0);
  `);
  await deploy('reporting', { reporting }, {}, text);
  const reported = await invoke(client, 'reporting');
  assert.equal(reported.value.errorType, 'Extension.ExitError');
});

test('the Extensions API refuses what it does not allow, in the words of AWS', async () => {
  const asking = program(`
    const path = '/2020-01-01/extension';
    const answers = {};
    const ask = async (what, ...call) => { const { status, body } = await api(...call); answers[what] = { status, ...body }; };
    const named = { 'Lambda-Extension-Name': name };
    await ask('unnamed', 'POST', path + '/register', {}, { events: [] });
    await ask('unknown event', 'POST', path + '/register', named, { events: ['PAUSE'] });
    await ask('internal shutdown', 'POST', path + '/register', { 'Lambda-Extension-Name': 'inner' }, { events: ['SHUTDOWN'] });
    await ask('no id', 'GET', path + '/event/next');
    await ask('bad id', 'GET', path + '/event/next', { 'Lambda-Extension-Identifier': 'me' });
    const stranger = '00000000-0000-4000-8000-000000000000';
    await ask('stranger', 'GET', path + '/event/next', { 'Lambda-Extension-Identifier': stranger });
    for (let count = 0; count < 9; count++) {
      const { headers } = await api('POST', path + '/register', { 'Lambda-Extension-Name': 'inner' + count }, { events: ['INVOKE'] });
      const inner = headers['lambda-extension-identifier'];
      (async () => { for (;;) await api('GET', path + '/event/next', { 'Lambda-Extension-Identifier': inner }); })();
    }
    await ask('eleventh', 'POST', path + '/register', { 'Lambda-Extension-Name': 'eleventh' }, { events: ['INVOKE'] });
    await register(['INVOKE']);
    await ask('again', 'POST', path + '/register', named, { events: [] });
    await ask('no type', 'POST', path + '/init/error', own(), {});
    await next();
    await ask('late', 'POST', path + '/register', { 'Lambda-Extension-Name': 'late' }, { events: ['INVOKE'] });
    console.log('answers ' + JSON.stringify(answers));
    await next();
  `);
  await deploy('asking', { asking });
  await invoke(client, 'asking');
  const line = (await linesUntil('asking', /^answers /)).find((each) => each.startsWith('answers '))!;
  const stateOf = (from: string, to: string, who: string) =>
    `State transition from ${from} to ${to} failed for extension ${who}. Error: State transition is not allowed`;
  const refused = (errorType: string, errorMessage: string) => ({ status: 403, errorMessage, errorType });
  assert.deepEqual(JSON.parse(line.slice('answers '.length)), {
    unnamed: refused('Extension.InvalidExtensionName', 'Empty extension name'),
    'unknown event': refused('Extension.InvalidEventType', 'PAUSE: ErrorInvalidEventType'),
    'internal shutdown': refused(
      'Extension.InvalidEventType',
      'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
    ),
    'no id': refused('Extension.MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header'),
    'bad id': refused('Extension.InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier'),
    stranger: refused('Extension.UnknownExtensionIdentifier', 'Unknown extension 00000000-0000-4000-8000-000000000000'),
    again: refused('Extension.InvalidExtensionState', stateOf('Registered', 'Registered', 'asking')),
    'no type': refused('Extension.MissingHeader', 'Lambda-Extension-Function-Error-Type not found'),
    eleventh: refused('Extension.TooManyExtensions', 'Extension limit (10) reached'),
    late: refused('Extension.RegistrationClosed', 'Extension registration closed already'),
  });
});

test('an internal extension is told of invocations, and gives its function the time to end', async () => {
  const text = `
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
    const headers = { 'Lambda-Extension-Name': 'inner' };
    const registered = await fetch(api + '/register', { method: 'POST', headers, body: '{"events":["INVOKE"]}' });
    const id = registered.headers.get('lambda-extension-identifier');
    const told = [];
    (async () => {
      for (;;) {
        const event = await fetch(api + '/event/next', { headers: { 'Lambda-Extension-Identifier': id } });
        told.push((await event.json()).requestId);
      }
    })();
    process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
    export const handler = async (event, { awsRequestId }) => {
      while (!told.includes(awsRequestId)) await new Promise((resolve) => setTimeout(resolve, 5));
      return told.length;
    };`;
  await deploy('internal', {}, {}, text);
  assert.equal((await invoke(client, 'internal')).value, 1);
  assert.equal((await invoke(client, 'internal')).value, 2);
  await retire('internal');
  const lines = await linesUntil('internal', /asked to end/);
  assert.ok(lines.includes('EXTENSION\tName: inner\tState: Ready\tEvents: [INVOKE]\n'));
});

test('extensions have the variables of the function, but for those of its runtime', async () => {
  const variables = program(`
    await register([]);
    console.log('variables ' + JSON.stringify(process.env));
    await next();
  `);
  await deploy('variables', { variables }, { Environment: { Variables: { MINE: 'yes' } } });
  await invoke(client, 'variables');
  const lines = await linesUntil('variables', /^variables /);
  const found = JSON.parse(lines.find((line) => line.startsWith('variables '))!.slice('variables '.length));
  assert.equal(found.MINE, 'yes');
  assert.equal(found.AWS_LAMBDA_FUNCTION_NAME, 'variables');
  assert.ok(found.AWS_SESSION_TOKEN.length > 0);
  for (const name of ['_HANDLER', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR', 'AWS_EXECUTION_ENV', 'NODE_CHANNEL_FD']) {
    assert.equal(found[name], undefined, name);
  }
  assert.deepEqual(
    Object.keys(found).filter((name) => name.startsWith('LAMBENT')),
    [],
  );
});

const python = pythonBuilds.findLast(({ build }) => build !== null);
const bootstrap = readFileSync(new URL('../../examples/hello-shell/bootstrap', import.meta.url));
const families: Record<string, { changes: Partial<lambda.CreateFunctionCommandInput>; skip?: string | undefined }> = {
  'nodejs24.x': { changes: {} },
  python: {
    changes: {
      Runtime: (python?.runtime ?? 'python3.13') as lambda.Runtime,
      Code: { ZipFile: zipOf({ 'index.py': 'def handler(event, context):\n    return event' }) },
    },
    skip: python === undefined ? 'there is no Python on this machine' : undefined,
  },
  'provided.al2023': {
    changes: {
      Runtime: 'provided.al2023',
      Code: { ZipFile: zipOf([{ name: 'bootstrap', content: bootstrap, mode: 0o100755 }]) },
    },
  },
};

test('extensions run beside each family of runtimes, isolated or not', async (t) => {
  const processes = await startTestServer({ flags: ['--isolation', 'process'] });
  t.after(() => processes.stop());
  const subscriber = program(`
    await register(['INVOKE']);
    const server = http.createServer((request, response) => { request.resume(); console.log('delivered'); response.end(); });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await api('PUT', '/2022-07-01/telemetry', own(), {
      schemaVersion: '2022-07-01', types: ['platform'], buffering: { maxItems: 1000, maxBytes: 262144, timeoutMs: 25 },
      destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:' + server.address().port },
    });
    for (;;) await next();
  `);
  for (const [isolation, at] of Object.entries({ isolated: server, processes })) {
    const own = lambdaClient(at);
    const layer = await extensionLayer(own, 'subscriber', { subscriber });
    for (const [family, { changes, skip }] of Object.entries(families)) {
      await t.test(`${family}, ${isolation}`, { skip: skip ?? false }, async () => {
        const name = `beside-${family.replace('.', '-')}`;
        await create(own, name, { Code: { ZipFile: code(echo) }, Layers: [layer], Timeout: 10, ...changes });
        await settled(own, name);
        const { text, FunctionError } = await invoke(own, name, { Payload: Buffer.from('{"a":1}') });
        assert.equal(FunctionError, undefined, text);
        // What is not delivered when the environment comes to rest waits for its next invocation.
        const again = () => invoke(own, name, { Payload: Buffer.from('{"a":2}') });
        const credentials = { accessKeyId: account, secretAccessKey: 'any' };
        await linesUntil(
          name,
          /^delivered/,
          new CloudWatchLogsClient({ endpoint: at.url, region, credentials }),
          again,
        );
      });
    }
  }
});
