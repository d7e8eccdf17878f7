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

/** Compares invocations of a function with what comes closest to them elsewhere. */
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
  const [limit, peer] = [await context.limit(), await context.peer()];
  return compareRequests(context, {
    name,
    connections,
    lambent: { port: lambent.port, request: await lambent.request(functionName, event) },
    limit: { port: limit.port, request: await invokeRequest(limit.port, functionName, event) },
    peer: 'why' in peer ? peer : { port: peer.port, request: await peer.request('echo', event) },
  });
}

/** Where to send which bytes, again and again. */
interface RequestTo {
  port: number;
  request: Buffer;
}

export async function compareRequests(
  context: BenchContext,
  {
    name,
    connections,
    lambent,
    limit,
    peer,
  }: { name: string; connections: number; lambent: RequestTo; limit: RequestTo; peer: RequestTo | { why: string } },
): Promise<Comparison> {
  context.say(`${name}: ${rounds} rounds of ${durationMs / 1000} s for each of the targets`);
  const load = await context.load();
  const order = { connections, warmUpMs, durationMs };
  const own: LoadReport[] = [];
  const best: LoadReport[] = [];
  const theirs: LoadReport[] = [];
  let why = 'why' in peer ? peer.why : undefined;
  // Environments start, and their successors are made ready, before anything counts.
  await load.run({ ...order, target: 'lambent', ...lambent });
  await sleep(settleMs);
  for (let round = 0; round < rounds; round++) {
    own.push(await load.run({ ...order, target: 'lambent', ...lambent }));
    best.push(await load.run({ ...order, target: 'limit', ...limit }));
    if ('why' in peer || why !== undefined) continue;
    try {
      theirs.push(await load.run({ ...order, target: peerName, ...peer }));
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
