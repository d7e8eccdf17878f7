// Loads Lambent, the limit and the peer in turns, so that what else the machine does falls on all of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchContext, peerName } from '../bench.ts';
import { median, rounded } from '../statistics.ts';
import type { LambentTarget } from '../targets/lambent.ts';
import { invokeRequest } from './invoke-request.ts';
import type { LoadReport } from './load.ts';

const rounds = 3;
const durationMs = 3000;
const warmUpMs = 1000;
const settleMs = 3000;

export interface Comparison {
  lambent: LoadReport;
  limit: LoadReport;
  peer: LoadReport | { why: string };
  /** Of throughput, from rounds that lay side by side. */
  ratioToLimit: number;
  ratioToPeer: number | undefined;
}

export async function compare(
  context: BenchContext,
  lambent: LambentTarget,
  {
    name,
    functionName,
    event,
    connections,
  }: { name: string; functionName: string; event: Buffer; connections: number },
): Promise<Comparison> {
  context.say(`${name}: ${rounds} rounds of ${durationMs / 1000} s for each of the targets`);
  const [limit, peer, load] = [await context.limit(), await context.peer(), await context.load()];
  const order = { connections, warmUpMs, durationMs };
  const own: LoadReport[] = [];
  const best: LoadReport[] = [];
  const theirs: LoadReport[] = [];
  let why = 'why' in peer ? peer.why : undefined;
  const ownRequest = await lambent.request(functionName, event);
  // Environments start, and their successors are made ready, before anything counts.
  await load.run({ ...order, target: 'lambent', port: lambent.port, request: ownRequest });
  await sleep(settleMs);
  for (let round = 0; round < rounds; round++) {
    own.push(await load.run({ ...order, target: 'lambent', port: lambent.port, request: ownRequest }));
    const limitRequest = await invokeRequest(limit.port, functionName, event);
    best.push(await load.run({ ...order, target: 'limit', port: limit.port, request: limitRequest }));
    if ('why' in peer || why !== undefined) continue;
    try {
      const request = await peer.request('echo', event);
      theirs.push(await load.run({ ...order, target: peerName, port: peer.port, request }));
    } catch (error) {
      why = (error as Error).message;
    }
  }
  return {
    lambent: middle(own),
    limit: middle(best),
    peer: why === undefined ? middle(theirs) : { why },
    ratioToLimit: ratioOf(own, best),
    ratioToPeer: why === undefined ? ratioOf(own, theirs) : undefined,
  };
}

function ratioOf(own: LoadReport[], others: LoadReport[]): number {
  return rounded(median(own.map((report, index) => report.perSecond / others[index]!.perSecond)));
}

/** The medians of all figures. */
function middle(reports: LoadReport[]): LoadReport {
  const of = (field: 'perSecond' | 'p50Ms' | 'p99Ms') => rounded(median(reports.map((report) => report[field])));
  return { ...reports[0]!, perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
}
