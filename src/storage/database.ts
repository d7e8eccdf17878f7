// Durable rows. SQL stays in the common subset of SQLite and PostgreSQL, with `?` parameters, in the services' store.ts files.

export type Value = string | number | bigint | null | Uint8Array;
export type Row = Record<string, Value>;

/** What can be asked of the database, inside and outside of a transaction. */
export interface Queries {
  all<R extends Row>(sql: string, ...parameters: Value[]): Promise<R[]>;
  /** The first row, or undefined. */
  get<R extends Row>(sql: string, ...parameters: Value[]): Promise<R | undefined>;
  /** Runs a statement; resolves to the number of rows it changed. */
  run(sql: string, ...parameters: Value[]): Promise<number>;
}

/** One numbered step of a schema. Never edited once released: a later change is a further migration. */
export interface Migration {
  /** What it brings, for whoever reads the table of applied migrations. */
  name: string;
  sql: string;
}

export interface WriteOptions {
  /**
   * The write may be undone by a loss of power, though not by a crash of the process, and costs less for it: right for
   * what is only repeated then, such as that a message was handed out.
   */
  lossy?: boolean;
}

export interface Database extends Queries {
  /**
   * Runs `work` alone: no other write or transaction runs meanwhile. Commits when it resolves, rolls back when it rejects;
   * those that are asked for at once may be made durable together. `work` must use the queries it is handed, never the
   * database itself, and must not wait for another write.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** Brings the tables of `owner` up to date; migrations are applied in order, each once and whole. */
  migrate(owner: string, migrations: readonly Migration[]): Promise<void>;
  close(): Promise<void>;
}
