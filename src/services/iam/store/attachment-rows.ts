// Rows of managed policies attached to roles, users and groups.
import type { Queries, Row } from '../../../storage/index.ts';
import { type IdentityRow, toIdentity } from './identity-rows.ts';
import type { Identity, PolicyUsage } from './records.ts';

/** By the unique id of whom they are attached to, or by account and ARN of the policy. */
export class AttachmentRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** ARNs of the managed policies attached to an identity. */
  async of(ownerId: string): Promise<string[]> {
    const sql = 'SELECT policy_arn AS arn FROM iam_attachments WHERE owner_id = ?';
    return (await this.#queries.all<Row & { arn: string }>(sql, ownerId)).map(({ arn }) => arn);
  }

  async insert(owner: Identity, policyArn: string): Promise<void> {
    const sql = 'INSERT INTO iam_attachments (owner_id, policy_arn, account) VALUES (?, ?, ?)';
    await this.#queries.run(sql, owner.id, policyArn, owner.account);
  }

  /** False when it was not attached. */
  async delete(ownerId: string, policyArn: string): Promise<boolean> {
    const sql = 'DELETE FROM iam_attachments WHERE owner_id = ? AND policy_arn = ?';
    return (await this.#queries.run(sql, ownerId, policyArn)) > 0;
  }

  /** The identities of an account that a policy is attached to. */
  async attachedTo(account: string, policyArn: string): Promise<Identity[]> {
    const rows = await this.#queries.all<IdentityRow>(
      `SELECT i.* FROM iam_attachments a JOIN iam_identities i ON i.id = a.owner_id
        WHERE a.account = ? AND a.policy_arn = ?`,
      account,
      policyArn,
    );
    return rows.map(toIdentity);
  }

  /** Usage of all policies of an account that are in use, by ARN. */
  async usage(account: string): Promise<Map<string, PolicyUsage>> {
    const usage = new Map<string, PolicyUsage>();
    const attached =
      'SELECT policy_arn AS arn, COUNT(*) AS n FROM iam_attachments WHERE account = ? GROUP BY policy_arn';
    for (const { arn, n } of await this.#queries.all<Row & { arn: string; n: number }>(attached, account)) {
      usage.set(arn, { attachments: Number(n), boundaries: 0 });
    }
    const bounding =
      'SELECT boundary AS arn, COUNT(*) AS n FROM iam_identities WHERE account = ? AND boundary IS NOT NULL GROUP BY boundary';
    for (const { arn, n } of await this.#queries.all<Row & { arn: string; n: number }>(bounding, account)) {
      usage.set(arn, { attachments: usage.get(arn)?.attachments ?? 0, boundaries: Number(n) });
    }
    return usage;
  }
}
