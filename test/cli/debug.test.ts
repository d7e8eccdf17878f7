// Debuggers attach to functions in their sandboxes, and time waits for them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer, type TestServer } from '../server.ts';
import { invoke, lambdaClient } from '../wire/lambda-client.ts';
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
  });
}
