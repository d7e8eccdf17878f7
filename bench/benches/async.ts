// async: events accepted durably, and events processed, a second; against bare synced inserts on the same disk.
import { setTimeout as sleep } from 'node:timers/promises';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { MonthlyBills } from '../../src/metering/index.ts';
import { insertsPerSecond } from '../bare-inserts.ts';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { invokeRequest } from '../load/invoke-request.ts';
import { processorMs, processTree } from '../processes.ts';
import { median, ratio, rounded } from '../statistics.ts';
import { lambdaClientOf } from '../targets/clients.ts';
import type { LambentTarget } from '../targets/lambent.ts';

const connections = 16;
const rounds = 3;
const durationMs = 3000;
const warmUpMs = 1000;
const events = 20_000;
const event = Buffer.from(JSON.stringify({ text: 'x'.repeat(245) }));
const source = 'export const handler = async () => {};\n';
const why = 'it has no durable queue';

export const async: Bench = {
  name: 'async',
  about: 'asynchronous events a second, accepted durably and processed, against bare synced inserts',
  async run(context) {
    await enqueue(context);
    await process(context);
  },
};

const asEvent = (port: number, functionName: string) =>
  invokeRequest(port, functionName, event, { 'x-amz-invocation-type': 'Event' });

/** Acceptance alone: the function's only environment is busy for as long as the bench takes. */
async function enqueue(context: BenchContext): Promise<void> {
  context.say(`async: ${rounds} rounds of enqueues, and of bare inserts`);
  const lambent = await context.lambent();
  await lambent.create({
    name: 'busy',
    runtime: 'nodejs24.x',
    source: 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 59_000));\n',
  });
  const client = lambdaClientOf(lambent.port);
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'busy', ReservedConcurrentExecutions: 1 }));
  client.destroy();
  const request = await asEvent(lambent.port, 'busy');
  const load = await context.load();
  const order = { target: 'lambent', port: lambent.port, request, connections, warmUpMs, durationMs, status: 202 };
  await load.run(order);
  const own: { perSecond: number; p50Ms: number; p99Ms: number }[] = [];
  const single: number[] = [];
  const grouped: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await load.run(order));
    single.push(insertsPerSecond(event.length, 1));
    grouped.push(insertsPerSecond(event.length, connections));
  }
  await lambent.stop();
  const perSecond = own.map((report) => report.perSecond);
  context.emit({
    name: 'async-enqueue',
    unit: 'events/s',
    lambent: rounded(median(perSecond)),
    limit: rounded(median(single)),
    ratio_to_limit: rounded(median(perSecond.map((value, round) => value / single[round]!))),
    peers: { [peerName]: null },
    why,
    goal: 'ratio_to_limit >= 0.5',
    p50: rounded(median(own.map((report) => report.p50Ms))),
    p99: rounded(median(own.map((report) => report.p99Ms))),
    limit_of_grouped_inserts: rounded(median(grouped)),
    ratio_to_grouped_inserts: rounded(median(perSecond.map((value, round) => value / grouped[round]!))),
    connections,
    event_bytes: event.length,
  });
}

/** From the first enqueue until the last event was processed: both go on at once. */
async function process(context: BenchContext): Promise<void> {
  const lambent = await context.lambent();
  await lambent.create({ name: 'trivial', runtime: 'nodejs24.x', source });
  const request = await asEvent(lambent.port, 'trivial');
  const load = await context.load();
  const processed: number[] = [];
  const accepted: number[] = [];
  const serverUs: number[] = [];
  const allUs: number[] = [];
  let done = 0;
  for (let round = 0; round < rounds + 1; round++) {
    context.say(`async: ${events} events`);
    const order = { target: 'lambent', port: lambent.port, request, connections, status: 202 };
    const before = [processorMs([lambent.pid]), processorMs(processTree(lambent.pid))] as const;
    const startedAt = performance.now();
    const { perSecond } = await load.run({ ...order, warmUpMs: 0, durationMs: 120_000, requests: events });
    done += events;
    await untilProcessed(lambent, done);
    const endedAt = performance.now();
    // The first round starts the environments.
    if (round === 0) continue;
    accepted.push(perSecond);
    processed.push((events * 1000) / (endedAt - startedAt));
    serverUs.push(((processorMs([lambent.pid]) - before[0]) * 1000) / events);
    allUs.push(((processorMs(processTree(lambent.pid)) - before[1]) * 1000) / events);
  }
  const { environments } = await lambent.counts();
  await lambent.stop();
  context.emit({
    name: 'async-processed',
    unit: 'events/s',
    lambent: rounded(median(processed)),
    limit: null,
    ratio_to_limit: null,
    peers: { [peerName]: null },
    why,
    goal: 'lambent >= 3000',
    accepted_meanwhile: rounded(median(accepted)),
    accepted_to_processed: ratio(median(accepted), median(processed)),
    server_cpu_us: rounded(median(serverUs)),
    cpu_us: rounded(median(allUs)),
    events,
    environments,
    connections,
  });
}

/** Each event that was processed has one request on the bill. */
async function untilProcessed(lambent: LambentTarget, count: number): Promise<void> {
  const giveUpAt = performance.now() + 120_000;
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${lambent.port}/_lambent/bill`);
    const { accounts } = (await response.json()) as MonthlyBills;
    const requests = accounts
      .flatMap(({ functions }) => functions)
      .reduce((sum, each) => sum + Number(each.requests), 0);
    if (requests >= count) return;
    if (performance.now() > giveUpAt) throw new Error(`${requests} of ${count} events were processed`);
    await sleep(20);
  }
}
