// scale: from no environment to 200 that run at once, and back; and what a warm function beside them notices of it.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BareInterpreter, bareNode } from '../bare-interpreter.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { median, percentile, ratio, rounded } from '../statistics.ts';
import { echo, type LambentTarget } from '../targets/lambent.ts';

const invocations = 200;
const rounds = 3;
const sleepMs = 1000;
const sleeping = `export const handler = () => new Promise((resolve) => setTimeout(resolve, ${sleepMs}));\n`;
/** Some milliseconds of computing, so that the backlog lasts. */
const working = `export const handler = () => { const end = Date.now() + 5; while (Date.now() < end); };\n`;
const backlogEvents = 10_000;
const backlogMs = 5000;
const event = Buffer.from('{"key":"value"}');
const idleTimeoutSeconds = 1;
/** Between two requests of the warm function: it is called now and then, and takes little of the machine itself. */
const paceMs = 5;
const aloneMs = 3000;
/** A function of AWS's usual size: its memory and its share of the processor are small. */
const memoryMib = 256;

export const scale: Bench = {
  name: 'scale',
  about: `0 to ${invocations} invocations of a second each at once and back to no environment, beside a warm function`,
  async run(context) {
    const bare = await bareNode();
    const own: number[] = [];
    const best: number[] = [];
    const back: number[] = [];
    for (let round = 0; round < rounds; round++) {
      context.say(`scale: round ${round + 1} of ${rounds}`);
      const lambent = await prepared(context);
      const { allRunMs } = await burst(lambent);
      own.push(allRunMs);
      back.push(await untilNone(lambent));
      await lambent.stop();
      best.push(await bareSleepersMs(bare));
    }
    context.emit({
      name: 'scale',
      unit: 'ms until all run',
      lambent: rounded(median(own)),
      limit: rounded(median(best)),
      ratio_to_limit: ratio(median(own), median(best)),
      peers: {},
      back_to_none: rounded(median(back)),
      idle_timeout: idleTimeoutSeconds * 1000,
      invocations,
      rounds,
      memory_mib: memoryMib,
    });
    await neighbourOfBurst(context);
    await neighbourOfBacklog(context);
  },
};

async function prepared(context: BenchContext): Promise<LambentTarget> {
  const lambent = await context.lambent(['--idle-timeout-seconds', String(idleTimeoutSeconds)]);
  await lambent.create({ name: 'sleeping', runtime: 'nodejs24.x', source: sleeping, memoryMib });
  await lambent.create({ name: 'warm', runtime: 'nodejs24.x', source: echo.node });
  const connection = await HttpConnection.open(lambent.port);
  await connection.exchange(await lambent.request('warm', event));
  connection.close();
  await sleep(1000);
  return lambent;
}

/** Until all of them run: until the last has answered, less the time that it slept. */
async function burst(lambent: LambentTarget): Promise<{ allRunMs: number }> {
  const request = await lambent.request('sleeping', event);
  const connections = await Promise.all(Array.from({ length: invocations }, () => HttpConnection.open(lambent.port)));
  const startedAt = performance.now();
  const answers = await Promise.all(connections.map((connection) => connection.exchange(request)));
  const allRunMs = performance.now() - startedAt - sleepMs;
  for (const connection of connections) connection.close();
  const failed = answers.find(({ status }) => status !== 200);
  if (failed !== undefined) throw new Error(`${failed.status} ${failed.body.slice(0, 300)}`);
  return { allRunMs };
}

async function untilNone(lambent: LambentTarget): Promise<number> {
  const startedAt = performance.now();
  while ((await lambent.counts()).environments > 0) {
    if (performance.now() - startedAt > 60_000) throw new Error('environments do not end');
    await sleep(50);
  }
  return performance.now() - startedAt;
}

async function bareSleepersMs({ idleCommand: [file] }: BareInterpreter): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: invocations }, () => {
      const child = spawn(file, ['-e', `setTimeout(() => {}, ${sleepMs})`], { stdio: 'ignore' });
      return new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
    }),
  );
  return performance.now() - startedAt - sleepMs;
}

async function neighbourOfBurst(context: BenchContext): Promise<void> {
  context.say('scale: a warm function beside them');
  const lambent = await prepared(context);
  await compareWith(context, lambent, 'scale-neighbour', () => burst(lambent), { invocations });
  await lambent.stop();
}

async function neighbourOfBacklog(context: BenchContext): Promise<void> {
  context.say(`scale: a warm function beside a backlog of ${backlogEvents} events`);
  const lambent = await prepared(context);
  await lambent.create({ name: 'backlog', runtime: 'nodejs24.x', source: working, memoryMib });
  const details = { events: backlogEvents, goal: 'ratio_to_limit <= 1.5' };
  await compareWith(
    context,
    lambent,
    'scale-neighbour-backlog',
    () => sleep(backlogMs),
    details,
    () => enqueue(lambent),
  );
  await lambent.stop();
}

/** How long the warm function takes alone, and then while `work` goes on, which `prepare` may make ready. */
async function compareWith(
  context: BenchContext,
  lambent: LambentTarget,
  name: string,
  work: () => Promise<unknown>,
  details: object,
  prepare: () => Promise<unknown> = async () => {},
): Promise<void> {
  const request = await lambent.request('warm', event);
  const alone = await paced(lambent.port, request, sleep(aloneMs));
  await prepare();
  const beside = await paced(lambent.port, request, work());
  context.emit({
    name,
    unit: 'ms at p50',
    lambent: rounded(median(beside)),
    limit: rounded(median(alone)),
    ratio_to_limit: ratio(median(beside), median(alone)),
    peers: {},
    p99: rounded(percentile(beside, 0.99)),
    alone_p99: rounded(percentile(alone, 0.99)),
    samples: beside.length,
    ...details,
  });
}

async function enqueue(lambent: LambentTarget): Promise<void> {
  const request = await lambent.request('backlog', event, { 'x-amz-invocation-type': 'Event' });
  let left = backlogEvents;
  const lane = async () => {
    const connection = await HttpConnection.open(lambent.port);
    while (left-- > 0) {
      const { status, body } = await connection.exchange(request);
      if (status !== 202) throw new Error(`${status} ${body.slice(0, 300)}`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: 32 }, lane));
}

/** How long requests take, one after the other with pauses, until `end`. */
async function paced(port: number, request: Buffer, end: Promise<unknown>): Promise<number[]> {
  const connection = await HttpConnection.open(port);
  const samples: number[] = [];
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const startedAt = performance.now();
    const { status, body } = await connection.exchange(request);
    if (status !== 200) throw new Error(`${status} ${body.slice(0, 300)}`);
    samples.push(performance.now() - startedAt);
    await sleep(paceMs);
  }
  connection.close();
  await over;
  return samples;
}
