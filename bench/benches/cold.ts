// cold: from the request of a function that never ran to the first byte of its answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type BareInterpreter, bareNode, barePython, bareStartMs } from '../bare-interpreter.ts';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, percentile, ratio, rounded } from '../statistics.ts';
import { echo, memoryMib } from '../targets/lambent.ts';
import { peerColdFunctions } from '../targets/serverless-offline.ts';

const samples = 50;
/** Functions invoked before, so that the server's own code is compiled; the very first is reported as well. */
const warmUps = 5;
/** Between paced samples, so that the pool of started interpreters is full again. */
const pauseMs = 400;
const event = { key: 'value' };
const payload = Buffer.from(JSON.stringify(event));

export const cold: Bench = {
  name: 'cold',
  about: `first byte of a function never run, p50 of ${samples}, against the interpreter's own start`,
  async run(context) {
    await measure(context, await bareNode(), echo.node, await peerSamples(context));
    const python = await barePython();
    if (python !== undefined) await measure(context, python, echo.python, { why: 'measured with Node.js only' });
  },
};

async function measure(
  context: BenchContext,
  bare: BareInterpreter,
  source: string,
  peer: number[] | { why: string },
): Promise<void> {
  context.say(`${bare.runtime}: ${samples} cold starts, paced`);
  const paced = await coldStarts(context, bare, source, pauseMs);
  context.say(`${bare.runtime}: ${samples} cold starts, one after the other`);
  const unpaced = await coldStarts(context, bare, source, 0);
  context.emit({
    name: `cold-${bare.runtime}`,
    unit: 'ms p50',
    lambent: rounded(median(paced.cold)),
    limit: rounded(median(paced.bare)),
    ratio_to_limit: ratio(median(paced.cold), median(paced.bare)),
    peers: { [peerName]: 'why' in peer ? null : rounded(median(peer)) },
    ...('why' in peer ? { why: peer.why } : {}),
    ...(bare.runtime.startsWith('nodejs') ? { goal: 'ratio_to_limit <= 0.25' } : {}),
    p99: rounded(percentile(paced.cold, 0.99)),
    limit_p99: rounded(percentile(paced.bare, 0.99)),
    pacing_ms: pauseMs,
    first_after_start: rounded(paced.first),
    unpaced_p50: rounded(median(unpaced.cold)),
    unpaced_p99: rounded(percentile(unpaced.cold, 0.99)),
    samples,
    memory_mib: memoryMib,
    interpreter: bare.version,
  });
}

/** Every sample is a function of its own, created before the clock starts, with a package of its own. */
async function coldStarts(context: BenchContext, bare: BareInterpreter, source: string, pause: number) {
  const lambent = await context.lambent();
  const comment = bare.runtime.startsWith('python') ? '#' : '//';
  const names = Array.from({ length: warmUps + samples }, (_, index) => `cold-${index}`);
  for (const name of names) {
    await lambent.create({ name, runtime: bare.runtime, source: `${source}${comment} ${name}\n` });
  }
  await sleep(1000);
  const connection = await HttpConnection.open(lambent.port);
  const times: number[] = [];
  const bareTimes: number[] = [];
  for (const name of names) {
    const request = await lambent.request(name, payload);
    const startedAt = performance.now();
    const answer = await connection.exchange(request);
    times.push(answer.firstByteAt - startedAt);
    if (answer.status !== 200 || !isDeepStrictEqual(JSON.parse(answer.body), event)) {
      throw new Error(`${name}: ${answer.status} ${answer.body}`);
    }
    if (pause === 0) continue;
    await sleep(pause);
    bareTimes.push(await bareStartMs(bare));
  }
  connection.close();
  await lambent.stop();
  return { first: times[0]!, cold: times.slice(warmUps), bare: bareTimes.slice(warmUps) };
}

/** First requests of functions after the peer's start, each in a worker thread of its own. */
async function peerSamples(context: BenchContext): Promise<number[] | { why: string }> {
  const peer = await context.peer();
  if ('why' in peer) return peer;
  context.say(`${peerName}: ${samples} first requests`);
  const connection = await HttpConnection.open(peer.port);
  const times: number[] = [];
  for (let index = 0; index < peerColdFunctions; index++) {
    const request = await peer.request(`cold${index}`, payload);
    const startedAt = performance.now();
    const answer = await connection.exchange(request);
    times.push(answer.firstByteAt - startedAt);
    if (answer.status !== 200) return { why: answer.body.slice(0, 200) };
    await sleep(20);
  }
  connection.close();
  return times.slice(peerColdFunctions - samples);
}
