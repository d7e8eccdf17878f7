// extension: what one external extension, and a subscription to telemetry, add to warm invocations.
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import type { LoadReport } from '../load/load.ts';
import { median, ratio, rounded } from '../statistics.ts';
import { echo, memoryMib, type LambentTarget } from '../targets/lambent.ts';

const rounds = 5;
const order = { connections: 1, warmUpMs: 1000, durationMs: 3000 };
const payload = Buffer.from('{"key":"value"}');

/** Asks for one event after the other; with `subscribe` it takes records of telemetry as well. */
const extension = (subscribe: boolean) => `#!/usr/bin/env node
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const call = (method, path, headers, body) => new Promise((resolve) => {
  http.request({ agent, host, port, method, path, headers }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.headers));
  }).end(body);
});
const types = ['platform', 'function'];
const listen = () => new Promise((resolve) => {
  const server = http.createServer((request, response) => request.resume().on('end', () => response.end()));
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
});
(async () => {
  const registered = await call('POST', '/2020-01-01/extension/register', { 'Lambda-Extension-Name': 'bench' }, '{"events":["INVOKE"]}');
  const own = { 'Lambda-Extension-Identifier': registered['lambda-extension-identifier'] };
  if (${subscribe}) {
    const destination = { protocol: 'HTTP', URI: 'http://sandbox.localdomain:' + await listen() };
    const body = { schemaVersion: '2022-12-13', types, destination };
    await call('PUT', '/2022-07-01/telemetry', own, JSON.stringify(body));
  }
  for (;;) await call('GET', '/2020-01-01/extension/event/next', own);
})();
`;

export const extensions: Bench = {
  name: 'extension',
  about: 'what one external extension, and a subscription to telemetry, add to a warm invocation',
  async run(context) {
    const lambent = await context.lambent();
    const plain = { runtime: 'nodejs24.x', source: echo.node };
    await lambent.create({ name: 'none', ...plain });
    await lambent.create({ name: 'external', ...plain, extension: extension(false) });
    await lambent.create({ name: 'telemetry', ...plain, extension: extension(true) });
    await measure(context, lambent);
    await lambent.stop();
  },
};

async function measure(context: BenchContext, lambent: LambentTarget): Promise<void> {
  context.say(`extension: ${rounds} rounds of ${order.durationMs / 1000} s for each of three functions`);
  const load = await context.load();
  const reports: Record<string, LoadReport[]> = { none: [], external: [], telemetry: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(reports)) {
      const request = await lambent.request(name, payload);
      reports[name]!.push(await load.run({ ...order, target: name, port: lambent.port, request }));
    }
  }
  const p50 = (name: string) => median(reports[name]!.map(({ p50Ms }) => p50Ms));
  const none = p50('none');
  for (const name of ['external', 'telemetry']) {
    const own = p50(name);
    context.emit({
      name: `extension-${name}`,
      unit: 'ms p50',
      lambent: rounded(own),
      limit: rounded(none),
      ratio_to_limit: ratio(own, none),
      peers: { [peerName]: null },
      why: 'it has no extensions',
      added_ms: rounded(own - none),
      p99: rounded(median(reports[name]!.map(({ p99Ms }) => p99Ms))),
      memory_mib: memoryMib,
    });
  }
}
