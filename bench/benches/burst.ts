// burst: 50 invocations at once of one function that never ran, to the last answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { bareNode, bareStartsMs } from '../bare-interpreter.ts';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, ratio, rounded } from '../statistics.ts';
import { echo, memoryMib } from '../targets/lambent.ts';

const invocations = 50;
const rounds = 3;
/** How long a holding handler waits, so that no environment can serve twice. */
const holdMs = 5000;
const holding = `export const handler = (event) => new Promise((resolve) => setTimeout(resolve, ${holdMs}, event));\n`;
const event = Buffer.from('{"key":"value"}');

export const burst: Bench = {
  name: 'burst',
  about: `${invocations} invocations at once of a function never run, against as many starts of the bare interpreter`,
  async run(context) {
    const bare = await bareNode();
    const own: number[] = [];
    const held: number[] = [];
    const best: number[] = [];
    const environments: number[] = [];
    for (let round = 0; round < rounds; round++) {
      context.say(`burst: round ${round + 1} of ${rounds}`);
      const quick = await lambentBurst(context, echo.node);
      own.push(quick.ms);
      environments.push(quick.environments);
      best.push(await bareStartsMs(bare, invocations));
      held.push((await lambentBurst(context, holding)).ms - holdMs);
    }
    const peer = await peerBurst(context);
    context.emit({
      name: 'burst',
      unit: 'ms to the last answer',
      lambent: rounded(median(own)),
      limit: rounded(median(best)),
      ratio_to_limit: ratio(median(own), median(best)),
      peers: { [peerName]: typeof peer === 'number' ? rounded(peer) : null },
      ...(typeof peer === 'number' ? {} : peer),
      environments: median(environments),
      all_in_environments_of_their_own: rounded(median(held)),
      all_in_environments_of_their_own_ratio_to_limit: ratio(median(held), median(best)),
      invocations,
      rounds,
      memory_mib: memoryMib,
    });
  },
};

async function lambentBurst(context: BenchContext, source: string): Promise<{ ms: number; environments: number }> {
  const lambent = await context.lambent();
  await lambent.create({ name: 'burst', runtime: 'nodejs24.x', source });
  // As any running server has it: some code compiled by a function that is not the one measured.
  await lambent.create({ name: 'before', runtime: 'nodejs24.x', source: echo.node });
  await together(lambent.port, await lambent.request('before', event), 1);
  await sleep(1000);
  const ms = await together(lambent.port, await lambent.request('burst', event), invocations);
  const { environments } = await lambent.counts();
  await lambent.stop();
  // The one of the other function is not of the burst.
  return { ms, environments: environments - 1 };
}

async function peerBurst(context: BenchContext): Promise<number | { why: string }> {
  const peer = await context.peer();
  if ('why' in peer) return peer;
  await together(peer.port, await peer.request('echo', event), 1);
  return together(peer.port, await peer.request('burst', event), invocations);
}

async function together(port: number, request: Buffer, count: number): Promise<number> {
  const connections = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(port)));
  const startedAt = performance.now();
  const answers = await Promise.all(connections.map((connection) => connection.exchange(request)));
  const ms = performance.now() - startedAt;
  for (const connection of connections) connection.close();
  const failed = answers.find((answer) => answer.status !== 200);
  if (failed !== undefined) throw new Error(`${failed.status} ${failed.body.slice(0, 300)}`);
  return ms;
}
