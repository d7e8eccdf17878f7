// Rows of managed policies and of their versions.
import type { Queries, Row } from '../../../storage/index.ts';
import { countOf } from './count.ts';
import type { Policy, PolicyVersion } from './records.ts';

/** Of an account; AWS's own policies are no rows. */
export class PolicyRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async find(arn: string): Promise<Policy | undefined> {
    const row = await this.#queries.get<PolicyRow>('SELECT * FROM iam_policies WHERE arn = ?', arn);
    return row && toPolicy(row);
  }

  async named(account: string, name: string): Promise<Policy | undefined> {
    const sql = 'SELECT * FROM iam_policies WHERE account = ? AND name_key = ?';
    const row = await this.#queries.get<PolicyRow>(sql, account, name.toLowerCase());
    return row && toPolicy(row);
  }

  async of(account: string): Promise<Policy[]> {
    return (await this.#queries.all<PolicyRow>('SELECT * FROM iam_policies WHERE account = ?', account)).map(toPolicy);
  }

  async count(account: string): Promise<number> {
    return countOf(this.#queries, 'SELECT COUNT(*) AS n FROM iam_policies WHERE account = ?', account);
  }

  async insert(policy: Policy): Promise<void> {
    await this.#queries.run(
      `INSERT INTO iam_policies (id, account, arn, name, name_key, path, description, tags, created_at, updated_at,
        default_version, last_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      policy.id,
      policy.account,
      policy.arn,
      policy.name,
      policy.name.toLowerCase(),
      policy.path,
      policy.description ?? null,
      JSON.stringify(policy.tags),
      policy.createdAt,
      policy.updatedAt,
      policy.defaultVersion,
      policy.lastVersion,
    );
  }

  async update(policy: Policy): Promise<void> {
    await this.#queries.run(
      'UPDATE iam_policies SET tags = ?, updated_at = ?, default_version = ?, last_version = ? WHERE id = ?',
      JSON.stringify(policy.tags),
      policy.updatedAt,
      policy.defaultVersion,
      policy.lastVersion,
      policy.id,
    );
  }

  /** Deletes a policy with all of its versions. */
  async delete(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_policy_versions WHERE policy_id = ?', id);
    await this.#queries.run('DELETE FROM iam_policies WHERE id = ?', id);
  }

  async versions(policyId: string): Promise<PolicyVersion[]> {
    const sql = 'SELECT number, document, created_at AS "createdAt" FROM iam_policy_versions WHERE policy_id = ?';
    return this.#queries.all<Row & PolicyVersion>(sql, policyId);
  }

  async countVersions(account: string): Promise<number> {
    return countOf(
      this.#queries,
      'SELECT COUNT(*) AS n FROM iam_policy_versions v JOIN iam_policies p ON p.id = v.policy_id WHERE p.account = ?',
      account,
    );
  }

  async insertVersion(policyId: string, version: PolicyVersion): Promise<void> {
    await this.#queries.run(
      'INSERT INTO iam_policy_versions (policy_id, number, document, created_at) VALUES (?, ?, ?, ?)',
      policyId,
      version.number,
      version.document,
      version.createdAt,
    );
  }

  async deleteVersion(policyId: string, number: number): Promise<void> {
    await this.#queries.run('DELETE FROM iam_policy_versions WHERE policy_id = ? AND number = ?', policyId, number);
  }
}

interface PolicyRow extends Row {
  id: string;
  account: string;
  arn: string;
  name: string;
  path: string;
  description: string | null;
  tags: string;
  created_at: number;
  updated_at: number;
  default_version: number;
  last_version: number;
}

function toPolicy(row: PolicyRow): Policy {
  return {
    id: row.id,
    account: row.account,
    arn: row.arn,
    name: row.name,
    path: row.path,
    description: row.description ?? undefined,
    tags: JSON.parse(row.tags),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    defaultVersion: row.default_version,
    lastVersion: row.last_version,
  };
}
