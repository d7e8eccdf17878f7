// Rows of policies within roles, users and groups.
import type { Queries, Row } from '../../../storage/index.ts';
import type { InlinePolicy } from './records.ts';

/** By the unique id of whom they are within. */
export class InlinePolicyRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async of(ownerId: string): Promise<InlinePolicy[]> {
    const sql = 'SELECT name, document FROM iam_inline_policies WHERE owner_id = ?';
    return this.#queries.all<Row & InlinePolicy>(sql, ownerId);
  }

  async put(ownerId: string, policy: InlinePolicy): Promise<void> {
    await this.#queries.run(
      `INSERT INTO iam_inline_policies (owner_id, name, document) VALUES (?, ?, ?)
        ON CONFLICT (owner_id, name) DO UPDATE SET document = excluded.document`,
      ownerId,
      policy.name,
      policy.document,
    );
  }

  /** False when there was none. */
  async delete(ownerId: string, name: string): Promise<boolean> {
    const sql = 'DELETE FROM iam_inline_policies WHERE owner_id = ? AND name = ?';
    return (await this.#queries.run(sql, ownerId, name)) > 0;
  }
}
