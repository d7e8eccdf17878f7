// payload: the largest event in and the largest answer out, one after the other.
import { type Bench, peerName } from '../bench.ts';
import { compare } from '../load/compare.ts';
import { ratio } from '../statistics.ts';
import { echo, memoryMib } from '../targets/lambent.ts';

/** AWS's limit of a synchronous payload is 6,291,456 bytes. */
const payloadBytes = 6_291_000;
const event = Buffer.from(JSON.stringify('x'.repeat(payloadBytes - 2)));

export const payload: Bench = {
  name: 'payload',
  about: '6 MB in and 6 MB out, against the same through HTTP and one frame',
  async run(context) {
    const lambent = await context.lambent();
    await lambent.create({ name: 'echo', runtime: 'nodejs24.x', source: echo.node });
    const what = { name: 'payload', functionName: 'echo', event, connections: 1 };
    const { lambent: own, limit, peer } = await compare(context, lambent, what);
    await lambent.stop();
    context.emit({
      name: 'payload',
      unit: 'ms p50',
      lambent: own.p50Ms,
      limit: limit.p50Ms,
      ratio_to_limit: ratio(own.p50Ms, limit.p50Ms),
      peers: { [peerName]: 'why' in peer ? null : peer.p50Ms },
      ...('why' in peer ? peer : {}),
      payload_bytes: event.length,
      p99: own.p99Ms,
      memory_mib: memoryMib,
    });
  },
};
