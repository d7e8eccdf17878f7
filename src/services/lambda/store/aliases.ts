// The rows of aliases.
import type { Queries, Row } from '../../../storage/index.ts';
import type { FunctionKey } from './keys.ts';

export interface AliasRecord {
  alias: string;
  /** The version it points to; 0 is $LATEST. */
  number: number;
  description: string;
  /** A second version and the fraction of invocations that it gets, from 0 to 1. */
  routing?: { number: number; weight: number };
  revisionId: string;
}

interface AliasRow extends Row {
  record: string;
}

export class AliasRows {
  readonly #queries: Queries;
  /** Whether anything was written through this object. */
  haveChanged = false;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get(key: FunctionKey, alias: string): Promise<AliasRecord | undefined> {
    const row = await this.#queries.get<AliasRow>(
      'SELECT record FROM lambda_aliases WHERE account = ? AND region = ? AND name = ? AND alias = ?',
      key.account,
      key.region,
      key.name,
      alias,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  /** Aliases of one function with a name above `after`, in the order of names. */
  async list(key: FunctionKey, after = '', limit = -1): Promise<AliasRecord[]> {
    const rows = await this.#queries.all<AliasRow>(
      `SELECT record FROM lambda_aliases WHERE account = ? AND region = ? AND name = ? AND alias > ?
       ORDER BY alias LIMIT ?`,
      key.account,
      key.region,
      key.name,
      after,
      limit,
    );
    return rows.map((row) => JSON.parse(row.record));
  }

  async put(key: FunctionKey, record: AliasRecord): Promise<void> {
    this.haveChanged = true;
    await this.#queries.run(
      `INSERT INTO lambda_aliases (account, region, name, alias, record) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name, alias) DO UPDATE SET record = excluded.record`,
      key.account,
      key.region,
      key.name,
      record.alias,
      JSON.stringify(record),
    );
  }

  /** Deletes an alias; false when there is none. */
  async delete(key: FunctionKey, alias: string): Promise<boolean> {
    this.haveChanged = true;
    const changes = await this.#queries.run(
      'DELETE FROM lambda_aliases WHERE account = ? AND region = ? AND name = ? AND alias = ?',
      key.account,
      key.region,
      key.name,
      alias,
    );
    return changes > 0;
  }

  async deleteAll(key: FunctionKey): Promise<void> {
    this.haveChanged = true;
    await this.#queries.run(
      'DELETE FROM lambda_aliases WHERE account = ? AND region = ? AND name = ?',
      key.account,
      key.region,
      key.name,
    );
  }
}
