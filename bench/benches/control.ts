// control: create, get, list and delete functions, with few and with ten thousand stored.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { percentile, ratio, rounded } from '../statistics.ts';
import { zipOf } from '../zip.ts';

const few = 100;
const many = 10_000;
const samples = 200;
/** Creations are written one after the other, so that more connections than this only wait. */
const creationsAtOnce = 8;
const pageSize = 50;
const code = zipOf('index.mjs', 'export const handler = async () => 1;\n').toString('base64');

type Operation = 'create' | 'get' | 'list' | 'delete';
type Times = Record<Operation, { p50: number; p99: number }>;

const goals: Partial<Record<Operation, string>> = { list: 'lambent < 5, growth < 2' };

export const control: Bench = {
  name: 'control',
  about: 'create, get, list and delete with 100 and with 10,000 functions stored, against bare rows',
  async run(context) {
    const lambent = await context.lambent(['--prebooted', '0']);
    const connections = await Promise.all(
      Array.from({ length: creationsAtOnce }, () => HttpConnection.open(lambent.port)),
    );
    const store = async (from: number, to: number) => {
      let next = from;
      const work = async (connection: HttpConnection) => {
        while (next < to) await call(connection, 'create', name(next++));
      };
      await Promise.all(connections.map(work));
    };
    context.say(`control: ${few} functions`);
    await store(0, few);
    // What is compiled and prepared on first use is no cost of a call.
    await measure(connections[0]!);
    const atFew = await measure(connections[0]!);
    context.say(`control: ${many} functions`);
    const startedAt = performance.now();
    await store(few, many);
    const perSecond = rounded(((many - few) * 1000) / (performance.now() - startedAt));
    const atMany = await measure(connections[0]!);
    for (const connection of connections) connection.close();
    await lambent.stop();
    const bare = bareRows();
    for (const operation of ['create', 'get', 'list', 'delete'] as const) {
      emit(context, operation, atFew, atMany, bare, operation === 'create' ? { stored_per_second: perSecond } : {});
    }
  },
};

function emit(
  context: BenchContext,
  operation: Operation,
  atFew: Times,
  atMany: Times,
  bare: Times,
  details: Record<string, number>,
): void {
  const goal = goals[operation] ?? 'growth < 2';
  context.emit({
    name: `control-${operation}`,
    unit: 'ms p50',
    lambent: rounded(atMany[operation].p50),
    limit: rounded(bare[operation].p50),
    ratio_to_limit: ratio(atMany[operation].p50, bare[operation].p50),
    peers: { [peerName]: null },
    why: 'it has no control plane',
    goal,
    p99: rounded(atMany[operation].p99),
    with_few_p50: rounded(atFew[operation].p50),
    with_few_p99: rounded(atFew[operation].p99),
    growth: ratio(atMany[operation].p50, atFew[operation].p50),
    limit_p99: rounded(bare[operation].p99),
    few,
    functions: many,
    ...(operation === 'list' ? { page_size: pageSize } : {}),
    ...details,
  });
}

function name(number: number): string {
  return `function-${String(number).padStart(6, '0')}`;
}

/** One call after the other; what is created is deleted again. */
async function measure(connection: HttpConnection): Promise<Times> {
  const times: Record<Operation, number[]> = { create: [], get: [], list: [], delete: [] };
  for (let sample = 0; sample < samples; sample++) {
    const stored = name((sample * 37) % few);
    // In the middle of the others by name.
    const made = `${stored}-measured`;
    for (const [operation, functionName] of [
      ['create', made],
      ['get', stored],
      ['list', ''],
      ['delete', made],
    ] as const) {
      const startedAt = performance.now();
      await call(connection, operation, functionName);
      times[operation].push(performance.now() - startedAt);
    }
  }
  return summarised(times);
}

function summarised(times: Record<Operation, number[]>): Times {
  const of = (operation: Operation) => ({
    p50: percentile(times[operation], 0.5),
    p99: percentile(times[operation], 0.99),
  });
  return { create: of('create'), get: of('get'), list: of('list'), delete: of('delete') };
}

const requests: Record<Operation, { method: string; path(functionName: string): string; status: number }> = {
  create: { method: 'POST', path: () => '/2015-03-31/functions', status: 201 },
  get: { method: 'GET', path: (functionName) => `/2015-03-31/functions/${functionName}`, status: 200 },
  list: { method: 'GET', path: () => '/2015-03-31/functions', status: 200 },
  delete: { method: 'DELETE', path: (functionName) => `/2015-03-31/functions/${functionName}`, status: 204 },
};

async function call(connection: HttpConnection, operation: Operation, functionName: string): Promise<void> {
  const { method, path, status } = requests[operation];
  const body =
    operation === 'create'
      ? JSON.stringify({
          FunctionName: functionName,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/bench',
          Code: { ZipFile: code },
        })
      : '';
  const head = [
    `${method} ${path(functionName)} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const answer = await connection.exchange(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`));
  if (answer.status !== status) throw new Error(`${operation} was answered with ${answer.status}: ${answer.body}`);
}

/** The same on one table of SQLite, synced as fully, without HTTP, packages, rules or answers. */
function bareRows(): Times {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-bench-rows-'));
  const database = new DatabaseSync(join(folder, 'rows.sqlite'));
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('CREATE TABLE functions (name TEXT PRIMARY KEY, record TEXT)');
    const record = 'x'.repeat(1000);
    const insert = database.prepare('INSERT INTO functions VALUES (?, ?)');
    const select = database.prepare('SELECT * FROM functions WHERE name = ?');
    const page = database.prepare('SELECT * FROM functions WHERE name > ? ORDER BY name LIMIT ?');
    const remove = database.prepare('DELETE FROM functions WHERE name = ?');
    database.exec('BEGIN');
    for (let number = 0; number < many; number++) insert.run(name(number), record);
    database.exec('COMMIT');
    const times: Record<Operation, number[]> = { create: [], get: [], list: [], delete: [] };
    const timed = (operation: Operation, work: () => unknown) => {
      const startedAt = performance.now();
      work();
      times[operation].push(performance.now() - startedAt);
    };
    for (let sample = 0; sample < samples; sample++) {
      const stored = name((sample * 37) % few);
      timed('create', () => insert.run(`${stored}-measured`, record));
      timed('get', () => select.get(stored));
      timed('list', () => page.all('', pageSize));
      timed('delete', () => remove.run(`${stored}-measured`));
    }
    return summarised(times);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
