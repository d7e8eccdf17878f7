// The rows of code signing configurations, and which functions have one.
import type { Queries, Row } from '../../../storage/index.ts';
import type { FunctionKey } from './keys.ts';

export interface CodeSigningConfigRecord {
  /** `csc-` and seventeen characters. */
  id: string;
  description: string;
  /** ARNs of the signing profile versions whose signatures are trusted. */
  publishers: string[];
  /** What is done with code that no publisher signed. */
  policy: 'Warn' | 'Enforce';
  /** Epoch milliseconds. */
  lastModified: number;
  tags: Record<string, string>;
}

interface ConfigRow extends Row {
  record: string;
}

export class CodeSigningRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get(account: string, region: string, id: string): Promise<CodeSigningConfigRecord | undefined> {
    const row = await this.#queries.get<ConfigRow>(
      'SELECT record FROM lambda_code_signing_configs WHERE account = ? AND region = ? AND id = ?',
      account,
      region,
      id,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  /** Configurations with an id above `after`, in the order of ids. */
  async list(account: string, region: string, after: string, limit: number): Promise<CodeSigningConfigRecord[]> {
    const rows = await this.#queries.all<ConfigRow>(
      'SELECT record FROM lambda_code_signing_configs WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?',
      account,
      region,
      after,
      limit,
    );
    return rows.map((row) => JSON.parse(row.record));
  }

  async put(account: string, region: string, record: CodeSigningConfigRecord): Promise<void> {
    await this.#queries.run(
      `INSERT INTO lambda_code_signing_configs (account, region, id, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, region, id) DO UPDATE SET record = excluded.record`,
      account,
      region,
      record.id,
      JSON.stringify(record),
    );
  }

  /** Deletes a configuration; false when there is none. */
  async delete(account: string, region: string, id: string): Promise<boolean> {
    const changes = await this.#queries.run(
      'DELETE FROM lambda_code_signing_configs WHERE account = ? AND region = ? AND id = ?',
      account,
      region,
      id,
    );
    return changes > 0;
  }

  /** Id of the configuration that a function has. */
  async of(key: FunctionKey): Promise<string | undefined> {
    const row = await this.#queries.get<{ config_id: string }>(
      'SELECT config_id FROM lambda_code_signing_functions WHERE account = ? AND region = ? AND name = ?',
      key.account,
      key.region,
      key.name,
    );
    return row?.config_id;
  }

  async attach(key: FunctionKey, id: string): Promise<void> {
    await this.#queries.run(
      `INSERT INTO lambda_code_signing_functions (account, region, name, config_id) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, region, name) DO UPDATE SET config_id = excluded.config_id`,
      key.account,
      key.region,
      key.name,
      id,
    );
  }

  async detach(key: FunctionKey): Promise<void> {
    await this.#queries.run(
      'DELETE FROM lambda_code_signing_functions WHERE account = ? AND region = ? AND name = ?',
      key.account,
      key.region,
      key.name,
    );
  }

  /** Names of the functions that have a configuration, above `after` in their order. */
  async functionsWith(account: string, region: string, id: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.#queries.all<{ name: string }>(
      `SELECT name FROM lambda_code_signing_functions
       WHERE account = ? AND region = ? AND config_id = ? AND name > ? ORDER BY name LIMIT ?`,
      account,
      region,
      id,
      after,
      limit,
    );
    return rows.map((row) => row.name);
  }
}
