// `npm run soak -- --minutes N`: mixed load for so long, and whether anything is left of it on the machine or in the server.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import { collectGarbage, inspectorOptions } from './collect-garbage.ts';
import { holdingsOf, instanceOf, leftoversOf } from './leftovers.ts';
import { startTestServer, type TestServer } from './server.ts';
import { type Load, standing, type Step, steps } from './soak-load.ts';
import { account, lambdaClient, region } from './wire/lambda-client.ts';

/** What the server holds while it has nothing to do, beside its ready sandboxes. */
export interface Rest {
  processes: number;
  cgroups: number;
  mounts: number;
  folders: number;
  descriptors: number;
  rssMib: number;
}

export interface SoakSummary {
  seconds: number;
  operations: number;
  before: Rest;
  after: Rest;
  /** Sentences about what was not as it should be; none is good. */
  problems: string[];
}

const workers = 6;
/** A sandbox is two bwrap processes and what runs inside, which sees no host mounts of ours. */
const processesPerSandbox = 2;
/** Frames, stdout, stderr, Runtime API and endpoint. */
const descriptorsPerSandbox = 5;
/** Resident memory beside the garbage, which has been collected: allocators give back late, and logs are indexed. */
const rssAllowanceMib = 24;
/** Sockets of clients that are just closing, and descriptors that SQLite opens when it needs them. */
const descriptorsAllowance = 8;

/** `report` gets a line now and then for the person who waits. */
export async function soak(seconds: number, seed = 1, report: (line: string) => void = () => {}): Promise<SoakSummary> {
  const server = await startTestServer({
    flags: ['--idle-timeout-seconds', '5'],
    env: { NODE_OPTIONS: inspectorOptions },
  });
  const instance = instanceOf(server.dataDir);
  report(`the server has process id ${server.process.pid} and listens on ${server.url}`);
  const problems: string[] = [];
  let operations = 0;
  const run = async (duration: number) => {
    const load = newLoad(server, seed);
    for (const input of standing) await load.client.send(new lambda.CreateFunctionCommand(input));
    const end = Date.now() + duration * 1000;
    const underWay = new Map<number, string>();
    const work = async (_: unknown, worker: number) => {
      while (Date.now() < end) {
        const [name, step] = choose(load);
        operations += 1;
        underWay.set(worker, name);
        await step(load).catch((error: Error) => problems.push(`${name}: ${error.name} ${error.message}`));
        underWay.delete(worker);
      }
    };
    const reporting = setInterval(() => {
      report(`${operations} operations, ${problems.length} problems; under way: ${[...underWay.values()].join(', ')}`);
    }, 5_000);
    await Promise.all(Array.from({ length: workers }, work));
    clearInterval(reporting);
    for (const { FunctionName } of standing) await load.client.send(new lambda.DeleteFunctionCommand({ FunctionName }));
    load.client.destroy();
    load.logs.destroy();
  };
  try {
    // What is made once and kept is made before the first measurement.
    await run(Math.max(5, seconds / 4));
    const before = await restOf(server, instance, problems);
    await run(seconds);
    const after = await restOf(server, instance, problems);
    problems.push(...growth(before, after));
    const printed = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    if (printed.length > 0) problems.push(`the server complained: ${printed.slice(0, 3).join(' ')}`);
    await server.stop();
    problems.push(...(await leftoversOf(instance)).map((item) => `left after the end: ${item}`));
    return { seconds, operations, before, after, problems };
  } finally {
    await server.stop();
  }
}

function newLoad(server: TestServer, seed: number): Load {
  const config = {
    endpoint: server.url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  let state = seed;
  let number = 0;
  return {
    client: lambdaClient(server),
    logs: new CloudWatchLogsClient(config),
    url: server.url,
    random() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
    next: () => ++number,
  };
}

function choose(load: Load): [string, Step] {
  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  let at = load.random() * total;
  for (const [weight, name, step] of steps) {
    at -= weight;
    if (at < 0) return [name, step];
  }
  return [steps[0]![1], steps[0]![2]];
}

interface Execution {
  running: number;
  environments: number;
  ready: Record<string, number>;
}

async function executionOf(server: TestServer): Promise<Execution> {
  const health = (await (
    await fetch(`${server.url}/_lambent/health`, { headers: { connection: 'close' } })
  ).json()) as any;
  return health.execution;
}

/** Waits until the server has nothing to do and holds still, then looks at it. */
async function restOf(server: TestServer, instance: string, problems: string[]): Promise<Rest> {
  const giveUpAt = Date.now() + 30_000;
  let calm = 0;
  let ready = 0;
  while (calm < 8) {
    await pause(250);
    const { running, environments, ready: byRuntime } = await executionOf(server);
    const count = Object.values(byRuntime).reduce((sum, value) => sum + value, 0);
    const sandboxes =
      holdingsOf(instance).processes.filter((line) => line.includes(' bwrap ')).length / processesPerSandbox;
    calm = running === 0 && environments === 0 && count === ready && sandboxes === count ? calm + 1 : 0;
    ready = count;
    if (Date.now() < giveUpAt) continue;
    problems.push(
      `at rest there are ${running} invocations, ${environments} environments, and ${sandboxes} sandboxes where ${count} are ready`,
    );
    break;
  }
  const held = holdingsOf(instance);
  const pid = server.process.pid!;
  await collectGarbage(server);
  const samples: number[] = [];
  for (let sample = 0; sample < 8; sample++) {
    samples.push(rssOf(pid));
    await pause(250);
  }
  const controllers = new Set(held.cgroups.map((path) => path.split('/')[4])).size || 1;
  return {
    processes: held.processes.length - ready * processesPerSandbox,
    cgroups: held.cgroups.length - ready * controllers,
    mounts: held.mounts.length,
    folders: held.folders.length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length - ready * descriptorsPerSandbox,
    rssMib: Math.min(...samples),
  };
}

function rssOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return Math.round(Number(kib) / 1024);
}

function growth(before: Rest, after: Rest): string[] {
  const allowances: Rest = {
    processes: 0,
    cgroups: 0,
    mounts: 0,
    folders: 0,
    descriptors: descriptorsAllowance,
    rssMib: rssAllowanceMib,
  };
  return (Object.keys(allowances) as (keyof Rest)[])
    .filter((kind) => after[kind] > before[kind] + allowances[kind])
    .map((kind) => `${kind} grew from ${before[kind]} to ${after[kind]}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
  });
  const summary = await soak(Number(values.minutes) * 60, Number(values.seed), console.error);
  const seen = new Map<string, number>();
  for (const problem of summary.problems) seen.set(problem, (seen.get(problem) ?? 0) + 1);
  console.log(JSON.stringify({ ...summary, problems: Object.fromEntries([...seen].slice(0, 20)) }));
  process.exitCode = summary.problems.length === 0 ? 0 : 1;
}
