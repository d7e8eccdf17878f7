// The embedded database: SQLite in WAL mode, one connection that writes and one that reads what is committed.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Migration, Queries, Row, Value } from '../database.ts';

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
  writing.exec(`PRAGMA synchronous = ${options.durability === 'full' ? 'FULL' : 'NORMAL'}`);
  writing.exec('PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000');
  writing.exec(
    'CREATE TABLE IF NOT EXISTS applied_migrations (owner TEXT, number INTEGER, name TEXT, PRIMARY KEY (owner, number))',
  );
  const reading = new DatabaseSync(path, { readOnly: true });
  return new SqliteDatabase(new Connection(writing), new Connection(reading));
}

class SqliteDatabase implements Database {
  readonly #writer: Connection;
  readonly #reader: Connection;
  /** Settles when all writes asked for so far are done; writes queue behind it. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(writer: Connection, reader: Connection) {
    this.#writer = writer;
    this.#reader = reader;
  }

  all<R extends Row>(sql: string, ...parameters: Value[]): Promise<R[]> {
    return this.#reader.all<R>(sql, ...parameters);
  }

  get<R extends Row>(sql: string, ...parameters: Value[]): Promise<R | undefined> {
    return this.#reader.get<R>(sql, ...parameters);
  }

  run(sql: string, ...parameters: Value[]): Promise<number> {
    return this.#alone(() => this.#writer.run(sql, ...parameters));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#alone(async () => {
      this.#writer.database.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(this.#writer);
        this.#writer.database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#writer.database.isTransaction) this.#writer.database.exec('ROLLBACK');
        throw error;
      }
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
    await this.#alone(async () => {
      this.#reader.database.close();
      this.#writer.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#writer.database.close();
    });
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(work);
    this.#lastWrite = turn.catch(() => {});
    return turn;
  }
}
