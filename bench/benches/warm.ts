// warm: how many invocations a second, and how long each takes, over 1, 16 and 64 connections.
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { compare } from '../load/compare.ts';
import { ratio } from '../statistics.ts';
import { echo, type LambentTarget, memoryMib } from '../targets/lambent.ts';

const eventBytes = 256;
const event = Buffer.from(JSON.stringify({ padding: 'x'.repeat(eventBytes - '{"padding":""}'.length) }));
const logging = `export const handler = async (event) => {
  console.log('an invocation', event.padding.length);
  return event;
};
`;

export const warm: Bench = {
  name: 'warm',
  about: 'invocations a second over 1, 16 and 64 connections, against HTTP in, one frame to a process and back',
  async run(context) {
    const lambent = await context.lambent();
    await lambent.create({ name: 'echo', runtime: 'nodejs24.x', source: echo.node });
    await lambent.create({ name: 'logging', runtime: 'nodejs24.x', source: logging });
    await measure(context, lambent, { name: 'warm-1', functionName: 'echo', connections: 1 }, 'p50 <= 0.5');
    const goal = 'ratio_to_limit >= 0.5, ratio_to_peer >= 4';
    await measure(context, lambent, { name: 'warm-16', functionName: 'echo', connections: 16 }, goal);
    await measure(context, lambent, { name: 'warm-64', functionName: 'echo', connections: 64 });
    await measure(context, lambent, { name: 'warm-16-console', functionName: 'logging', connections: 16 });
    await lambent.stop();
  },
};

async function measure(
  context: BenchContext,
  lambent: LambentTarget,
  what: { name: string; functionName: string; connections: number },
  goal?: string,
): Promise<void> {
  const { lambent: own, limit, peer, ratioToLimit, ratioToPeer } = await compare(context, lambent, { ...what, event });
  const { environments } = await lambent.counts();
  context.emit({
    name: what.name,
    unit: 'requests/s',
    lambent: own.perSecond,
    limit: limit.perSecond,
    ratio_to_limit: ratioToLimit,
    peers: { [peerName]: 'why' in peer ? null : peer.perSecond },
    ...('why' in peer ? peer : { ratio_to_peer: ratioToPeer }),
    ...(goal === undefined ? {} : { goal }),
    p50: own.p50Ms,
    p99: own.p99Ms,
    limit_p50: limit.p50Ms,
    p50_ratio_to_limit: ratio(own.p50Ms, limit.p50Ms),
    ...('why' in peer ? {} : { peer_p50: peer.p50Ms }),
    connections: what.connections,
    event_bytes: event.length,
    environments,
    memory_mib: memoryMib,
  });
}
