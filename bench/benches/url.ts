// url: requests a second through a function URL, beside Node's bare HTTP server and the peer's HTTP API.
import { type Bench, peerName } from '../bench.ts';
import { compareRequests } from '../load/compare.ts';
import { ratio } from '../statistics.ts';
import { startBareHttp } from '../targets/bare-http.ts';
import { memoryMib } from '../targets/lambent.ts';

const source = "export const handler = async () => ({ statusCode: 200, body: 'hello' });\n";

const get = (host: string, path: string) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n`);

export const url: Bench = {
  name: 'url',
  about: "requests a second through a function URL, against Node's bare HTTP server",
  async run(context) {
    const lambent = await context.lambent();
    await lambent.create({ name: 'web', runtime: 'nodejs24.x', source });
    const { host } = new URL(await lambent.functionUrl('web'));
    const bare = await startBareHttp();
    const peer = await context.peer();
    try {
      for (const connections of [1, 16]) {
        const compared = await compareRequests(context, {
          name: `url-${connections}`,
          connections,
          lambent: { port: lambent.port, request: get(host, '/') },
          limit: { port: bare.port, request: get('bare', '/') },
          peer: 'why' in peer ? peer : { port: peer.httpPort, request: get('peer', '/echo') },
        });
        const { lambent: own, limit, peer: theirs, ratioToLimit, ratioToPeer } = compared;
        context.emit({
          name: `url-${connections}`,
          unit: 'requests/s',
          lambent: own.perSecond,
          limit: limit.perSecond,
          ratio_to_limit: ratioToLimit,
          peers: { [peerName]: 'why' in theirs ? null : theirs.perSecond },
          ...('why' in theirs ? theirs : { ratio_to_peer: ratioToPeer }),
          p50: own.p50Ms,
          p99: own.p99Ms,
          limit_p50: limit.p50Ms,
          p50_ratio_to_limit: ratio(own.p50Ms, limit.p50Ms),
          connections,
          memory_mib: memoryMib,
        });
      }
    } finally {
      await bare.stop();
      await lambent.stop();
    }
  },
};
