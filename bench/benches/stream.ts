// stream: how soon the first byte of a streamed response comes, and how fast 200 MB of it, beside a bare pipe.
import { connect } from 'node:net';
import type { Bench } from '../bench.ts';
import { memoryOf } from '../processes.ts';
import { median, percentile, ratio, rounded } from '../statistics.ts';
import { startBareHttp } from '../targets/bare-http.ts';
import { memoryMib } from '../targets/lambent.ts';

const totalBytes = 200 * 1024 * 1024;
const rounds = 5;
const firstByteSamples = 200;

const source = `
const piece = Buffer.alloc(65536, 'x');
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  if (event.rawPath === '/first') {
    stream.write('x');
    await new Promise((resolve) => setTimeout(resolve, 5));
    stream.end();
    return;
  }
  for (let left = ${totalBytes}; left > 0; left -= piece.length) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
});
`;

interface Received {
  bytes: number;
  firstByteMs: number;
  totalMs: number;
}

/** Asks over a connection of its own, and throws away what comes. */
function receive(port: number, host: string, path: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let firstByteMs = 0;
    let startedAt = 0;
    const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer,
        callback: (read) => {
          if (bytes === 0) firstByteMs = performance.now() - startedAt;
          bytes += read;
          return true;
        },
      },
    });
    socket.on('connect', () => {
      startedAt = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ bytes, firstByteMs, totalMs: performance.now() - startedAt }));
  });
}

export const stream: Bench = {
  name: 'stream',
  about: 'the first byte of a streamed response, and 200 MB of it, against a pipe of another process behind bare HTTP',
  async run(context) {
    const lambent = await context.lambent();
    await lambent.create({ name: 'streaming', runtime: 'nodejs24.x', source });
    const { host } = new URL(await lambent.functionUrl('streaming', 'RESPONSE_STREAM'));
    const bare = await startBareHttp();
    try {
      const first: number[] = [];
      for (let sample = 0; sample < firstByteSamples + 20; sample++) {
        const { firstByteMs } = await receive(lambent.port, host, '/first');
        if (sample >= 20) first.push(firstByteMs);
      }
      context.emit({
        name: 'stream-first-byte',
        unit: 'ms p50',
        lambent: rounded(median(first)),
        limit: null,
        ratio_to_limit: null,
        peers: {},
        p99: rounded(percentile(first, 0.99)),
      });
      const own: number[] = [];
      const limit: number[] = [];
      const before = memoryOf([lambent.pid]).rssMib;
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, memoryOf([lambent.pid]).rssMib);
      }, 50);
      for (let round = 0; round < rounds; round++) {
        context.say(`stream: round ${round + 1} of ${rounds}`);
        own.push(mibPerSecond(await receive(lambent.port, host, '/')));
        limit.push(mibPerSecond(await receive(bare.port, 'bare', `/stream/${totalBytes}`)));
      }
      clearInterval(watch);
      context.emit({
        name: 'stream-200mb',
        unit: 'MiB/s',
        lambent: rounded(median(own)),
        limit: rounded(median(limit)),
        ratio_to_limit: rounded(median(own.map((speed, round) => ratio(speed, limit[round]!)))),
        peers: {},
        goal: 'ratio_to_limit >= 0.5',
        server_rss_before: rounded(before),
        server_rss_most: rounded(most),
        memory_mib: memoryMib,
      });
    } finally {
      await bare.stop();
      await lambent.stop();
    }
  },
};

function mibPerSecond({ bytes, totalMs }: Received): number {
  if (bytes < totalBytes) throw new Error(`only ${bytes} bytes came`);
  return totalBytes / 1024 / 1024 / (totalMs / 1000);
}
