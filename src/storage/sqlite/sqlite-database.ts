// The embedded database: SQLite in WAL mode, one connection that writes and one that reads what is committed.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Migration, Queries, Row, Value, WriteOptions } from '../database.ts';

export interface SqliteOptions {
  /** `full`: a resolved write survives power loss. `normal`: it survives a crash of the process. */
  durability: 'full' | 'normal';
}

/** Statements are prepared once: they are few, since SQL is written in store files and never composed from input. */
class Connection implements Queries {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  async all<R extends Row>(sql: string, ...parameters: Value[]): Promise<R[]> {
    return this.#prepare(sql).all(...(parameters as [])) as R[];
  }

  async get<R extends Row>(sql: string, ...parameters: Value[]): Promise<R | undefined> {
    return this.#prepare(sql).get(...(parameters as [])) as R | undefined;
  }

  async run(sql: string, ...parameters: Value[]): Promise<number> {
    return Number(this.#prepare(sql).run(...(parameters as [])).changes);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Opens or creates the database file at `path`. Throws when the file is no database or cannot be written. */
export function openSqlite(path: string, options: SqliteOptions): Database {
  const writing = new DatabaseSync(path);
  writing.exec('PRAGMA journal_mode = WAL');
  writing.exec('PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000');
  writing.exec(
    'CREATE TABLE IF NOT EXISTS applied_migrations (owner TEXT, number INTEGER, name TEXT, PRIMARY KEY (owner, number))',
  );
  const reading = new DatabaseSync(path, { readOnly: true });
  return new SqliteDatabase(new Connection(writing), new Connection(reading), options);
}

/** A write that waits for its turn, and whoever waits for it. */
interface Job {
  work(queries: Queries): Promise<unknown>;
  lossy: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** How many writes may share one commit: whoever was first must not wait for ever more. */
const maxGroup = 256;

class SqliteDatabase implements Database {
  readonly #writer: Connection;
  readonly #reader: Connection;
  /** Writes in the order in which they were asked for. */
  readonly #jobs: Job[] = [];
  /** Settles when the writes that have begun are committed. */
  #writing: Promise<void> | undefined;
  /** What writes that must last are made with. */
  readonly #durability: 'FULL' | 'NORMAL';
  #synchronous: 'FULL' | 'NORMAL' | undefined;

  constructor(writer: Connection, reader: Connection, { durability }: SqliteOptions) {
    this.#writer = writer;
    this.#reader = reader;
    this.#durability = durability === 'full' ? 'FULL' : 'NORMAL';
  }

  all<R extends Row>(sql: string, ...parameters: Value[]): Promise<R[]> {
    return this.#reader.all<R>(sql, ...parameters);
  }

  get<R extends Row>(sql: string, ...parameters: Value[]): Promise<R | undefined> {
    return this.#reader.get<R>(sql, ...parameters);
  }

  run(sql: string, ...parameters: Value[]): Promise<number> {
    return this.transaction((queries) => queries.run(sql, ...parameters));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>, { lossy = false }: WriteOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, lossy, resolve: resolve as Job['resolve'], reject });
      this.#writing ??= this.#write();
    });
  }

  async migrate(owner: string, migrations: readonly Migration[]): Promise<void> {
    await this.transaction(async (queries) => {
      const applied = await queries.get<{ last: number | null }>(
        'SELECT MAX(number) AS last FROM applied_migrations WHERE owner = ?',
        owner,
      );
      const last = applied?.last ?? 0;
      if (last > migrations.length) {
        throw new Error(`the data folder was written by a newer release: ${owner} is at schema ${last}`);
      }
      for (const [index, migration] of migrations.entries()) {
        if (index + 1 <= last) continue;
        this.#writer.database.exec(migration.sql);
        await queries.run('INSERT INTO applied_migrations VALUES (?, ?, ?)', owner, index + 1, migration.name);
      }
    });
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    this.#reader.database.close();
    try {
      this.#writer.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Without room on the disk the log of writes stays as it is: whoever opens the file next reads it.
    }
    this.#writer.database.close();
  }

  /**
   * Commits what waits, in groups: making a commit safe on disk takes longer than most writes, and serves all of a group.
   * It begins after the requests that have arrived by now were read, so that they share it.
   */
  async #write(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#jobs.length > 0) {
      const settle = await this.#writeGroup();
      for (const tell of settle) tell();
    }
    this.#writing = undefined;
  }

  /** In force from the next transaction on. */
  #sync(synchronous: 'FULL' | 'NORMAL'): void {
    if (this.#synchronous === synchronous) return;
    this.#writer.database.exec(`PRAGMA synchronous = ${synchronous}`);
    this.#synchronous = synchronous;
  }

  /** Runs jobs in one transaction, each within a savepoint of its own; what to tell them afterwards. */
  async #writeGroup(): Promise<(() => void)[]> {
    const { database } = this.#writer;
    const group: { job: Job; settle: () => void }[] = [];
    const failAll = (error: unknown) => {
      if (database.isTransaction) database.exec('ROLLBACK');
      return group.map(
        ({ job }) =>
          () =>
            job.reject(error),
      );
    };
    const { lossy } = this.#jobs[0]!;
    try {
      this.#sync(lossy ? 'NORMAL' : this.#durability);
      database.exec('BEGIN IMMEDIATE');
    } catch (error) {
      return this.#jobs.splice(0).map((job) => () => job.reject(error));
    }
    // A write that must last is not for a group that need not.
    while (this.#jobs.length > 0 && group.length < maxGroup && (this.#jobs[0]!.lossy || !lossy)) {
      const job = this.#jobs.shift()!;
      database.exec('SAVEPOINT job');
      try {
        const result = await job.work(this.#writer);
        database.exec('RELEASE job');
        group.push({ job, settle: () => job.resolve(result) });
      } catch (error) {
        group.push({ job, settle: () => job.reject(error) });
        // A disk that is full or broken undoes the whole transaction.
        if (!database.isTransaction) return failAll(error);
        database.exec('ROLLBACK TO job; RELEASE job');
      }
    }
    try {
      database.exec('COMMIT');
    } catch (error) {
      return failAll(error);
    }
    return group.map(({ settle }) => settle);
  }
}
