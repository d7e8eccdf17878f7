// Rows of roles, users and groups.
import type { Queries, Row } from '../../../storage/index.ts';
import { countOf } from './count.ts';
import type { Identity, IdentityKind } from './records.ts';

/** Names are found whatever their case, as IAM does. */
export class IdentityRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async find(account: string, kind: IdentityKind, name: string): Promise<Identity | undefined> {
    const row = await this.#queries.get<IdentityRow>(
      'SELECT * FROM iam_identities WHERE account = ? AND kind = ? AND name_key = ?',
      account,
      kind,
      name.toLowerCase(),
    );
    return row && toIdentity(row);
  }

  async byId(id: string): Promise<Identity | undefined> {
    const row = await this.#queries.get<IdentityRow>('SELECT * FROM iam_identities WHERE id = ?', id);
    return row && toIdentity(row);
  }

  async of(account: string, kind: IdentityKind): Promise<Identity[]> {
    const sql = 'SELECT * FROM iam_identities WHERE account = ? AND kind = ?';
    return (await this.#queries.all<IdentityRow>(sql, account, kind)).map(toIdentity);
  }

  async count(account: string, kind: IdentityKind): Promise<number> {
    return countOf(
      this.#queries,
      'SELECT COUNT(*) AS n FROM iam_identities WHERE account = ? AND kind = ?',
      account,
      kind,
    );
  }

  async insert(identity: Identity): Promise<void> {
    await this.#queries.run(
      `INSERT INTO iam_identities (name, name_key, path, tags, description, boundary, trust_policy, max_session_seconds,
        id, account, kind, partition, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...changeable(identity),
      identity.id,
      identity.account,
      identity.kind,
      identity.partition,
      identity.createdAt,
    );
  }

  async update(identity: Identity): Promise<void> {
    await this.#queries.run(
      `UPDATE iam_identities SET name = ?, name_key = ?, path = ?, tags = ?, description = ?, boundary = ?,
        trust_policy = ?, max_session_seconds = ? WHERE id = ?`,
      ...changeable(identity),
      identity.id,
    );
  }

  async delete(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_identities WHERE id = ?', id);
  }

  /** The identities of an account that a policy bounds. */
  async boundedBy(account: string, policyArn: string): Promise<Identity[]> {
    const sql = 'SELECT * FROM iam_identities WHERE account = ? AND boundary = ?';
    return (await this.#queries.all<IdentityRow>(sql, account, policyArn)).map(toIdentity);
  }
}

export interface IdentityRow extends Row {
  id: string;
  account: string;
  kind: string;
  name: string;
  path: string;
  partition: string;
  created_at: number;
  tags: string;
  description: string | null;
  boundary: string | null;
  trust_policy: string | null;
  max_session_seconds: number | null;
}

/** A row of the table of identities as the record that it is. */
export function toIdentity(row: IdentityRow): Identity {
  return {
    id: row.id,
    account: row.account,
    kind: row.kind as IdentityKind,
    name: row.name,
    path: row.path,
    partition: row.partition,
    createdAt: Number(row.created_at),
    tags: JSON.parse(row.tags),
    description: row.description ?? undefined,
    boundary: row.boundary ?? undefined,
    trustPolicy: row.trust_policy ?? undefined,
    maxSessionSeconds: row.max_session_seconds ?? undefined,
  };
}

/** The values of an identity's columns that can change, in the order of the statements above. */
function changeable(identity: Identity) {
  return [
    identity.name,
    identity.name.toLowerCase(),
    identity.path,
    JSON.stringify(identity.tags),
    identity.description ?? null,
    identity.boundary ?? null,
    identity.trustPolicy ?? null,
    identity.maxSessionSeconds ?? null,
  ] as const;
}
