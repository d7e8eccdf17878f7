// What is kept of traces: each segment as it came, and of each trace when it was. The only file that reads or writes it.
import type { Database, Migration, Row } from '../../../storage/index.ts';
import type { Owner } from '../xray.ts';

const migrations: readonly Migration[] = [
  {
    name: 'segments and traces',
    sql: `
      CREATE TABLE xray_traces (
        account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL,
        begun INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
        PRIMARY KEY (account, region, id)
      );
      CREATE INDEX xray_traces_by_begin ON xray_traces (account, region, begun, id);
      CREATE INDEX xray_traces_by_start ON xray_traces (account, region, started, id);
      CREATE INDEX xray_traces_by_age ON xray_traces (begun);
      CREATE TABLE xray_segments (
        account TEXT NOT NULL, region TEXT NOT NULL, trace TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (account, region, trace, number)
      );
    `,
  },
];

/** A segment that is to be kept. Times are epoch milliseconds. */
export interface NewSegment extends Owner {
  trace: string;
  /** When the trace began, as its id tells. */
  begun: number;
  started: number;
  ended: number;
  document: string;
}

/** Where a page of traces ended: the time that it is ordered by, and the trace. */
export interface TracePlace {
  time: number;
  id: string;
}

/** By which of its times a trace is found: when it began, as its id tells, or when its segments were. */
export type TimeRangeType = 'begun' | 'started';

interface TraceRow extends Row {
  id: string;
  time: number;
}

export class SegmentStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<SegmentStore> {
    await database.migrate('xray', migrations);
    return new SegmentStore(database);
  }

  /** Keeps segments behind those that their traces have. */
  async add(segments: readonly NewSegment[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const { account, region, trace, begun, started, ended, document } of segments) {
        await queries.run(
          `INSERT INTO xray_traces (account, region, id, begun, started, ended) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (account, region, id) DO UPDATE SET
             started = CASE WHEN excluded.started < xray_traces.started THEN excluded.started ELSE xray_traces.started END,
             ended = CASE WHEN excluded.ended > xray_traces.ended THEN excluded.ended ELSE xray_traces.ended END`,
          ...[account, region, trace, begun, started, ended],
        );
        await queries.run(
          `INSERT INTO xray_segments (account, region, trace, number, document)
           SELECT ?, ?, ?, coalesce(max(number), 0) + 1, ? FROM xray_segments
           WHERE account = ? AND region = ? AND trace = ?`,
          ...[account, region, trace, document, account, region, trace],
        );
      }
    });
  }

  /** Documents of a trace in the order in which they came; none for a trace that is not there. */
  async documents({ account, region }: Owner, trace: string): Promise<string[]> {
    const rows = await this.#database.all<{ document: string }>(
      'SELECT document FROM xray_segments WHERE account = ? AND region = ? AND trace = ? ORDER BY number',
      ...[account, region, trace],
    );
    return rows.map((row) => row.document);
  }

  /** Traces from `from` to before `to` (epoch milliseconds) and before a place, the latest first. */
  async traces(
    { account, region }: Owner,
    { by, from, to }: { by: TimeRangeType; from: number; to: number },
    before: TracePlace | undefined,
    limit: number,
  ): Promise<TracePlace[]> {
    const time = before?.time ?? Number.MAX_SAFE_INTEGER;
    // `by` is one of two names of columns.
    return this.#database.all<TraceRow>(
      `SELECT id, ${by} AS time FROM xray_traces
       WHERE account = ? AND region = ? AND ${by} >= ? AND ${by} < ? AND (${by} < ? OR (${by} = ? AND id < ?))
       ORDER BY ${by} DESC, id DESC LIMIT ?`,
      ...[account, region, from, to, time, time, before?.id ?? '', limit],
    );
  }

  /** Forgets up to `limit` traces that began before `time`; resolves to how many. */
  async forget(time: number, limit: number): Promise<number> {
    return this.#database.transaction(async (queries) => {
      const rows = await queries.all<{ account: string; region: string; id: string }>(
        'SELECT account, region, id FROM xray_traces WHERE begun < ? ORDER BY begun LIMIT ?',
        ...[time, limit],
      );
      for (const { account, region, id } of rows) {
        const key = [account, region, id];
        await queries.run('DELETE FROM xray_segments WHERE account = ? AND region = ? AND trace = ?', ...key);
        await queries.run('DELETE FROM xray_traces WHERE account = ? AND region = ? AND id = ?', ...key);
      }
      return rows.length;
    });
  }
}
