// Lambent's Node.js runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.
//
// The process starts before it is known which function it will serve, so what Node reads only while starting has come
// and gone. Of NODE_OPTIONS, node-options.mjs applies --require, --import, --enable-source-maps, --stack-trace-limit
// and --dns-result-order. For other options and for variables that Node reads while starting, and for a wrapper script,
// the platform starts a process for the function alone, which finds its assignment in LAMBENT_ASSIGNMENT.
import { becomeFunction } from './become-function.mjs';
import { createChannel } from './channel.mjs';
import { FrameType } from './frame-types.mjs';
import { rehearse } from './rehearse.mjs';
import { nodePath } from './search-node-path.mjs';
import { handOverServers } from './servers.mjs';

const given = process.env.LAMBENT_ASSIGNMENT;
delete process.env.LAMBENT_ASSIGNMENT;
if (given === undefined) {
  await handOverServers();
  await rehearse();
  // What the rehearsal left would stay in memory for as long as the environment idles; now nobody waits. Only this flavour
  // gives the pages back as well.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  for (const name of Object.keys(process.env)) delete process.env[name];
}

let invoker;
const channel = createChannel(
  3,
  (type, head, payload) => {
    if (type === FrameType.invoke) invoker.invoke(head, payload);
    else if (type === FrameType.assign) become(head);
  },
  () => process.exit(0),
);
if (given === undefined) channel.sendJson(FrameType.booted, {});
else become({ ...JSON.parse(given), env: { ...process.env } });

async function become(assignment) {
  invoker = await becomeFunction(assignment, channel, { process, console, globalThis, nodePath });
}
