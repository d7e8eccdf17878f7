// Rows of access keys.
import type { Queries, Row } from '../../../storage/index.ts';
import type { AccessKey } from './records.ts';

/** By their own ids, or by whom they belong to. */
export class AccessKeyRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async find(id: string): Promise<AccessKey | undefined> {
    const row = await this.#queries.get<AccessKeyRow>('SELECT * FROM iam_access_keys WHERE id = ?', id);
    return row && toAccessKey(row);
  }

  async of(ownerId: string): Promise<AccessKey[]> {
    const sql = 'SELECT * FROM iam_access_keys WHERE owner_id = ?';
    return (await this.#queries.all<AccessKeyRow>(sql, ownerId)).map(toAccessKey);
  }

  async insert(key: AccessKey): Promise<void> {
    await this.#queries.run(
      'INSERT INTO iam_access_keys (id, account, owner_id, secret, active, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      key.id,
      key.account,
      key.ownerId,
      key.secret,
      key.active ? 1 : 0,
      key.createdAt,
    );
  }

  async setActive(id: string, active: boolean): Promise<void> {
    await this.#queries.run('UPDATE iam_access_keys SET active = ? WHERE id = ?', active ? 1 : 0, id);
  }

  async delete(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_access_keys WHERE id = ?', id);
  }
}

interface AccessKeyRow extends Row {
  id: string;
  account: string;
  owner_id: string;
  secret: string;
  active: number;
  created_at: number;
}

function toAccessKey(row: AccessKeyRow): AccessKey {
  return {
    id: row.id,
    account: row.account,
    ownerId: row.owner_id,
    secret: row.secret,
    active: row.active === 1,
    createdAt: Number(row.created_at),
  };
}
