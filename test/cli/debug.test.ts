// Debuggers attach to functions in their sandboxes, and time waits for them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { runCli } from '../cli-run.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { invoke, lambdaClient } from '../wire/lambda-client.ts';
import { attachDebugpy } from './debugpy-client.ts';
import { runDev } from './dev-run.ts';
import { attachInspector, type Inspector } from './inspector-client.ts';

/** Those of the command line where nothing is set. */
const credentials = { accessKeyId: '000000000000', secretAccessKey: 'lambent' };

const source = (answer: number) => `export const handler = async (event) => {
  const answer = event.n * ${answer};
  return { answer };
};
`;

/** Goes to the breakpoint in the handler's third line, and reads what \`answer\` is there. */
async function stopAndRead(inspector: Inspector): Promise<unknown> {
  const { callFrames } = await inspector.event('Debugger.paused');
  const { callFrameId, location } = callFrames[0];
  assert.equal(location.lineNumber, 2);
  const { result } = await inspector.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'answer' });
  return result.value;
}

async function prepare(inspector: Inspector): Promise<void> {
  await inspector.send('Runtime.enable');
  await inspector.send('Debugger.enable');
  await inspector.send('Debugger.setBreakpointByUrl', { lineNumber: 2, urlRegex: 'index\\.mjs$' });
  await inspector.send('Runtime.runIfWaitingForDebugger');
}

const pythonSource = `def lambda_handler(event, context):
    answer = event["n"] * 2
    return {"answer": answer}
`;

/** Where pip brings debugpy to. */
const debugpy = { folder: '', python: '', skip: false as string | false };
const packages = mkdtempSync(join(tmpdir(), 'lambent-debugpy-'));
try {
  debugpy.python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).match(/3\.\d+/)![0];
  const flags = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages, 'debugpy'];
  execFileSync('python3', flags, { stdio: 'ignore', timeout: 60_000 });
  debugpy.folder = join(packages, 'debugpy');
} catch {
  debugpy.skip = 'python3 with pip, and debugpy by it, cannot be had here';
}
after(() => rmSync(packages, { recursive: true, force: true }));

for (const isolation of ['auto', 'process']) {
  describe(`with isolation ${isolation}`, () => {
    let server: TestServer;
    let root: string;

    before(async () => {
      server = await startTestServer({ flags: ['--isolation', isolation] });
      root = mkdtempSync(join(tmpdir(), 'lambent-debug-'));
    });
    after(async () => {
      await server?.stop();
      rmSync(root, { recursive: true, force: true });
    });

    test('a breakpoint stops the handler beyond its timeout, in the code of each save', async (context) => {
      const folder = join(root, 'stopped');
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.mjs'), source(2));
      const dev = runDev(server.url, [folder, '--timeout', '1', '--inspect', '0']);
      context.after(() => dev.stop());
      const { port } = await dev.next(({ event }) => event === 'inspecting');
      const client = lambdaClient(server, { region: 'us-east-1', credentials });
      const inspector = await attachInspector(port!);
      await prepare(inspector);

      const first = invoke(client, 'stopped', { Payload: Buffer.from('{"n": 21}') });
      assert.equal(await stopAndRead(inspector), 42);
      // Longer than the function may run.
      await pause(1500);
      await inspector.send('Debugger.resume');
      assert.deepEqual((await first).value, { answer: 42 });

      const since = dev.events.length;
      writeFileSync(join(folder, 'index.mjs'), source(3));
      await dev.next(({ event }) => event === 'updated', since);
      await inspector.closed;
      // The debugger comes back by itself, and finds the new code before any of it has run.
      const second = invoke(client, 'stopped', { Payload: Buffer.from('{"n": 21}') });
      const again = await attachInspector(port!);
      await prepare(again);
      assert.equal(await stopAndRead(again), 63);
      await again.send('Debugger.resume');
      assert.deepEqual((await second).value, { answer: 63 });
      again.close();
    });

    test('debugpy stops a handler in Python beyond its timeout', { skip: debugpy.skip }, async (context) => {
      const folder = join(root, 'snake');
      mkdirSync(folder);
      cpSync(debugpy.folder, join(folder, 'debugpy'), { recursive: true });
      writeFileSync(join(folder, '.python-version'), debugpy.python);
      writeFileSync(join(folder, 'lambda_function.py'), pythonSource);
      const dev = runDev(server.url, [folder, '--timeout', '1', '--memory', '512', '--inspect', '0']);
      context.after(() => dev.stop());
      const { port } = await dev.next(({ event }) => event === 'inspecting');
      const adapter = attachDebugpy(port!);
      context.after(() => adapter.close());
      await adapter.send('initialize', { adapterID: 'test', pathFormat: 'path' });
      const remoteRoot = isolation === 'process' ? undefined : '/var/task';
      const pathMappings = remoteRoot === undefined ? [] : [{ localRoot: folder, remoteRoot }];
      const attaching = adapter.send('attach', { pathMappings, justMyCode: false });
      await adapter.event('initialized');
      const path = remoteRoot === undefined ? 'lambda_handler' : join(folder, 'lambda_function.py');
      if (remoteRoot === undefined) await adapter.send('setFunctionBreakpoints', { breakpoints: [{ name: path }] });
      else await adapter.send('setBreakpoints', { source: { path }, breakpoints: [{ line: 3 }] });
      await adapter.send('configurationDone');
      await attaching;

      const asked = invoke(lambdaClient(server, { region: 'us-east-1', credentials }), 'snake', {
        Payload: Buffer.from('{"n": 21}'),
      });
      const { threadId } = await adapter.event('stopped');
      const { stackFrames } = await adapter.send('stackTrace', { threadId, startFrame: 0, levels: 1 });
      const evaluated = await adapter.send('evaluate', { expression: 'event["n"]', frameId: stackFrames[0].id });
      assert.equal(evaluated.result, '21');
      await pause(1500);
      await adapter.send('continue', { threadId });
      assert.deepEqual((await asked).value, { answer: 42 });
    });
  });
}

test('functions cannot open other functions to debuggers', async (context) => {
  const server = await startTestServer();
  context.after(() => server.stop());
  const root = mkdtempSync(join(tmpdir(), 'lambent-debug-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(
    join(root, 'index.mjs'),
    `import { get } from 'node:http';
const headers = { Connection: 'Upgrade', Upgrade: 'lambent-debug' };
export const handler = (event, { invokedFunctionArn }) => new Promise((resolve, reject) => {
  const url = process.env.AWS_ENDPOINT_URL + '/_lambent/debug/open?port=0&function=' + invokedFunctionArn;
  const asked = get(url, { headers }, ({ statusCode }) => resolve(statusCode));
  asked.on('upgrade', () => resolve('open'));
  asked.on('error', reject);
});
`,
  );
  const { code, stderr } = await runCli(server.url, ['deploy', root, '--name', 'curious']);
  assert.equal(code, 0, stderr);
  const client = lambdaClient(server, { region: 'us-east-1', credentials });
  assert.equal((await invoke(client, 'curious')).value, 403);
});
