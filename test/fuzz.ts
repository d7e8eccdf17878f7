// `npm run fuzz -- --requests N --seed S`: generated requests to every service, and whether each gets an answer that is no fault of ours.
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { builtServices, operationsBuilt } from '../scripts/operations-table.ts';
import { loadContract, type ServiceName, serviceNames } from '../src/contracts/index.ts';
import { damageInput, damageRequest } from './fuzz/damage.ts';
import { encode, type FuzzRequest } from './fuzz/encode.ts';
import { inputOf } from './fuzz/inputs.ts';
import { type Random, randomOf } from './fuzz/random.ts';
import { startTestServer, type TestServer } from './server.ts';

export interface FuzzOptions {
  /** Ends after so many requests, or when the time is over, whichever is first. */
  requests: number;
  seconds?: number;
  seed: number;
  report?(line: string): void;
}

export interface FuzzSummary {
  seed: number;
  requests: number;
  seconds: number;
  statuses: Record<string, number>;
  /** Operations of which at least one request was answered with success. */
  succeeded: string[];
  rssMib: [before: number, after: number];
  descriptors: [before: number, after: number];
  /** What was not as it should be, each with the request as a line for `--replay`; none is good. */
  problems: string[];
}

const concurrency = 16;
const answerLimitMs = 10_000;
const problemsKept = 200;
/** A process that has been busy keeps what its garbage collector may need next. */
const rssAllowanceMib = 160;
const descriptorsAllowance = 16;
/** Of every so many requests that would run a function, one is sent. */
const invocationsOneIn = 40;
const invocations = new Set(['Invoke', 'InvokeWithResponseStream']);
/** More often than others, so that there is something for the others to find. */
const foundations = [
  'CreateFunction',
  'CreateFunction',
  'CreateFunction',
  'PublishVersion',
  'CreateAlias',
  'PublishLayerVersion',
  'GetFunction',
  'UpdateFunctionCode',
  'UpdateFunctionConfiguration',
];
const identifiers = [
  'UUID',
  'RevisionId',
  'CodeSigningConfigArn',
  'NextMarker',
  'AccessKeyId',
  'nextToken',
  'RequestId',
];

interface Answer {
  status: number;
  /** `x-amzn-ErrorType`. */
  errorType: string;
  body: string;
}

export async function fuzz({ requests, seconds = 3600, seed, report = () => {} }: FuzzOptions): Promise<FuzzSummary> {
  const server = await startTestServer({ flags: ['--prebooted', '0', '--idle-timeout-seconds', '2'] });
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const startedAt = Date.now();
  const deadline = startedAt + seconds * 1000;
  const statuses: Record<string, number> = {};
  const succeeded = new Set<string>();
  const problems: string[] = [];
  const made: Record<string, string[]> = {};
  let sent = 0;
  let before: Held | undefined;
  const complain = (what: string, request?: FuzzRequest) => {
    if (problems.length < problemsKept)
      problems.push(request === undefined ? what : `${what} --replay '${line(request)}'`);
    report(problems.at(-1)!.slice(0, 1500));
  };
  const work = async () => {
    while (sent < requests && Date.now() < deadline && server.process.exitCode === null) {
      const number = sent++;
      const { name, request } = generate(seed, number, made);
      if (request === undefined) continue;
      try {
        const answer = await exchange(server, agent, request);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (isFault(answer, name)) complain(`${number} ${name}: ${answer.status}`, request);
        if (answer.status < 300) {
          succeeded.add(name);
          harvest(answer.body, made);
        }
      } catch (error) {
        complain(`${number} ${name}: ${(error as Error).message}`, request);
      }
      if (sent === Math.floor(requests / 4)) before = heldBy(server);
    }
  };
  const watch = new AbortController();
  const watching = watchHealth(server, watch.signal, complain, () =>
    report(`${sent} requests, ${problems.length} problems`),
  );
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
    watch.abort();
    await watching;
    agent.destroy();
    if (server.process.exitCode !== null || server.process.signalCode !== null)
      complain(`the server ended: ${server.output().slice(-2000)}`);
    else problems.push(...(await growth(server, before ?? heldBy(server))));
    for (const fault of faultsIn(server.output())) report(fault);
    const after = server.process.exitCode === null ? heldBy(server) : { rssMib: 0, descriptors: 0 };
    return {
      seed,
      requests: sent,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      statuses,
      succeeded: [...succeeded].sort(),
      rssMib: [before?.rssMib ?? 0, after.rssMib],
      descriptors: [before?.descriptors ?? 0, after.descriptors],
      problems,
    };
  } finally {
    watch.abort();
    agent.destroy();
    await server.stop();
  }
}

/** 501 refuses by name; 502 is how AWS says that a function's code or runtime cannot be used, by errors of the contract. */
function isFault({ status, errorType }: Answer, name: string): boolean {
  const [service, operation] = name.split('.') as [ServiceName, string];
  if (status === 502) return !loadContract(service).operations.get(operation)!.errors.includes(errorType);
  return status >= 500 && status !== 501;
}

/** Request `number` of the run; none where it would run a function and it is not one's turn. */
function generate(seed: number, number: number, made: Record<string, string[]>) {
  const random = randomOf(seed, number);
  const service = chooseService(random);
  const contract = loadContract(service);
  const operation = contract.operations.get(chooseOperation(service, random))!;
  const name = `${service}.${operation.name}`;
  const input = inputOf(contract, operation, random, made);
  if (invocations.has(operation.name) && !random.chance(1 / invocationsOneIn)) {
    if (operation.name !== 'Invoke') return { name, request: undefined };
    input['InvocationType'] = 'DryRun';
  }
  if (random.chance(0.35)) damageInput(input, random);
  const request = encode(contract, operation, input);
  while (random.chance(0.25)) damageRequest(request, random);
  return { name, request: request.path.startsWith('/') ? request : { ...request, path: `/${request.path}` } };
}

function chooseService(random: Random): ServiceName {
  if (random.chance(0.02)) return random.pick(serviceNames);
  return random.chance(0.7) ? 'lambda' : random.pick(builtServices);
}

const built = new Map(builtServices.map((service) => [service, operationsBuilt(service)]));

function chooseOperation(service: ServiceName, random: Random): string {
  const names = built.get(service);
  if (names === undefined || random.chance(0.02)) return random.pick([...loadContract(service).operations.keys()]);
  // What deletes whole functions comes seldom, so that they live long enough to be something.
  const name = random.pick(names);
  if (service === 'lambda' && (random.chance(0.2) || (name === 'DeleteFunction' && random.chance(0.5)))) {
    return random.pick(foundations);
  }
  return name;
}

/** Remembers identifiers that the server made up, the last few of each kind. */
function harvest(body: string, made: Record<string, string[]>): void {
  for (const member of identifiers) {
    const found = new RegExp(`"${member}":"([^"]{1,400})"|<${member}>([^<]{1,400})<`).exec(body);
    if (found === null) continue;
    const name = member === 'NextMarker' ? 'Marker' : member;
    made[name] ??= [];
    const list = made[name];
    list.push((found[1] ?? found[2])!);
    if (list.length > 6) list.shift();
  }
}

function exchange(server: TestServer, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: server.port,
      agent,
      method,
      path: path.replaceAll(/[^\x21-\x7e]/g, '?'),
      headers: {
        ...Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[^\x20-\x7e]/g, '?')]),
        ),
        'content-length': body.length,
      },
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${answerLimitMs} ms`)), answerLimitMs);
    const settle = (answer: Answer | Error) => {
      clearTimeout(timer);
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    };
    request.on('error', settle);
    request.on('response', (response) => {
      const status = response.statusCode!;
      const errorType = String(response.headers['x-amzn-errortype']);
      // A live tail goes on for as long as one listens.
      if (String(response.headers['content-type']).includes('eventstream')) {
        settle({ status, errorType: '', body: '' });
        request.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => settle({ status, errorType, body: Buffer.concat(chunks).toString() }));
      response.on('error', settle);
    });
    request.end(body);
  });
}

async function watchHealth(
  server: TestServer,
  signal: AbortSignal,
  complain: (what: string) => void,
  tell: () => void,
): Promise<void> {
  for (let second = 1; !signal.aborted; second++) {
    const answer = fetch(`${server.url}/_lambent/health`, {
      signal: AbortSignal.timeout(answerLimitMs),
      headers: { connection: 'close' },
    });
    const status = await answer.then((response) => response.status).catch((error: Error) => error.message);
    if (status !== 200 && !signal.aborted) complain(`health: ${status}`);
    if (second % 10 === 0) tell();
    await pause(1000, undefined, { signal }).catch(() => {});
  }
}

interface Held {
  rssMib: number;
  descriptors: number;
}

function heldBy(server: TestServer): Held {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return {
    rssMib: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024),
    descriptors: readdirSync(`/proc/${server.process.pid}/fd`).length,
  };
}

/** Waits for what ends by itself, and says what is still more than it was. */
async function growth(server: TestServer, before: Held): Promise<string[]> {
  let after = heldBy(server);
  for (let attempt = 0; attempt < 20 && excess(before, after).length > 0; attempt++) {
    await pause(500);
    after = heldBy(server);
  }
  return excess(before, after);
}

function excess(before: Held, after: Held): string[] {
  const found: string[] = [];
  if (after.rssMib > before.rssMib + rssAllowanceMib)
    found.push(`memory grew from ${before.rssMib} to ${after.rssMib} MiB`);
  if (after.descriptors > before.descriptors + descriptorsAllowance) {
    found.push(`descriptors grew from ${before.descriptors} to ${after.descriptors}`);
  }
  return found;
}

/** What the server itself logged of its faults, each kind once. */
function faultsIn(output: string): string[] {
  const stacks = output.split('\n').filter((each) => each.startsWith('{') && each.includes('"stack"'));
  return [...new Set(stacks.map((each) => String(JSON.parse(each).err?.stack).split('\n').slice(0, 8).join('\n')))];
}

function line({ body, ...head }: FuzzRequest): string {
  return JSON.stringify({ ...head, body: body.toString('base64') }).replaceAll("'", '\\u0027');
}

async function replay(text: string): Promise<void> {
  const parsed = JSON.parse(text);
  const server = await startTestServer({ flags: ['--prebooted', '0'] });
  const agent = new Agent();
  try {
    const answer = await exchange(server, agent, { ...parsed, body: Buffer.from(parsed.body, 'base64') });
    console.log(answer.status, answer.body);
    for (const fault of faultsIn(server.output())) console.log(fault);
  } finally {
    agent.destroy();
    await server.stop();
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      replay: { type: 'string' },
    },
  });
  if (values.replay !== undefined) await replay(values.replay);
  else {
    const seed = Number(values.seed);
    console.error(`seed ${seed}`);
    const summary = await fuzz({ requests: Number(values.requests), seed, report: console.error });
    console.log(JSON.stringify({ ...summary, problems: summary.problems.map((problem) => problem.slice(0, 4000)) }));
    process.exitCode = summary.problems.length === 0 ? 0 : 1;
  }
}
