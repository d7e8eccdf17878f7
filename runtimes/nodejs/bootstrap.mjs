// Lambent's Node.js runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.
//
// The process starts before it is known which function it will serve, so what Node reads only while starting has come
// and gone. Of NODE_OPTIONS, node-options.mjs applies --require, --import, --enable-source-maps, --stack-trace-limit
// and --dns-result-order; other options (--max-old-space-size, --experimental-*, --inspect, --loader, ...), as well as
// NODE_EXTRA_CA_CERTS, NODE_V8_COVERAGE, SSL_CERT_FILE and AWS_LAMBDA_EXEC_WRAPPER, have no effect.
import { becomeFunction } from './become-function.mjs';
import { createChannel } from './channel.mjs';
import { FrameType } from './frame-types.mjs';
import { rehearse } from './rehearse.mjs';
import { handOverServers } from './servers.mjs';

await handOverServers();
await rehearse();
// What the rehearsal left would stay in memory for as long as the environment idles; now nobody waits. Only this flavour
// gives the pages back as well.
globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
for (const name of Object.keys(process.env)) delete process.env[name];

let invoker;
const channel = createChannel(
  3,
  (type, head, payload) => {
    if (type === FrameType.invoke) invoker.invoke(head, payload);
    else if (type === FrameType.assign) become(head);
  },
  () => process.exit(0),
);
channel.sendJson(FrameType.booted, {});

async function become(assignment) {
  invoker = await becomeFunction(assignment, channel, { process, console, globalThis });
}
