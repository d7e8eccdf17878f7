// Everything that IAM keeps, and the only file that reads or writes it.
import type { Database, Queries, Row } from '../../storage/index.ts';
import { migrations } from './migrations.ts';

export type IdentityKind = 'role' | 'user' | 'group';

export interface Tag {
  Key: string;
  Value: string;
}

/** A role, a user or a group. */
export interface Identity {
  /** `AROA…`, `AIDA…` or `AGPA…`; stays when the name changes. */
  id: string;
  account: string;
  kind: IdentityKind;
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  partition: string;
  /** Epoch milliseconds, whole seconds. */
  createdAt: number;
  /** Always empty for groups. */
  tags: Tag[];
  /** Roles only. */
  description: string | undefined;
  /** ARN of the policy that bounds a role's or user's permissions. */
  boundary: string | undefined;
  /** Roles only: the document as it was given. */
  trustPolicy: string | undefined;
  /** Roles only. */
  maxSessionSeconds: number | undefined;
}

export interface InlinePolicy {
  name: string;
  document: string;
}

export interface AccessKey {
  id: string;
  account: string;
  /** Unique id of the user; the account's number for keys of its root. */
  ownerId: string;
  secret: string;
  active: boolean;
  createdAt: number;
}

/** A managed policy of an account. Its documents are its versions. */
export interface Policy {
  id: string;
  account: string;
  arn: string;
  name: string;
  path: string;
  description: string | undefined;
  tags: Tag[];
  createdAt: number;
  updatedAt: number;
  defaultVersion: number;
  /** The highest number ever given: numbers of deleted versions are not used again. */
  lastVersion: number;
}

export interface PolicyVersion {
  number: number;
  document: string;
  createdAt: number;
}

/** How often a policy is in use. */
export interface PolicyUsage {
  attachments: number;
  boundaries: number;
}

export interface IamStore {
  /** What is committed. */
  readonly rows: IamRows;
  /** Runs `work` in one transaction: all of its changes are kept, or none when it rejects. */
  change<T>(work: (rows: IamRows) => Promise<T>): Promise<T>;
}

export async function openIamStore(database: Database): Promise<IamStore> {
  await database.migrate('iam', migrations);
  return {
    rows: new IamRows(database),
    change: (work) => database.transaction((queries) => work(new IamRows(queries))),
  };
}

/** The rows of IAM, inside or outside of a transaction. Names are found whatever their case, as IAM does. */
export class IamRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async identity(account: string, kind: IdentityKind, name: string): Promise<Identity | undefined> {
    const row = await this.#queries.get<IdentityRow>(
      'SELECT * FROM iam_identities WHERE account = ? AND kind = ? AND name_key = ?',
      account,
      kind,
      name.toLowerCase(),
    );
    return row && toIdentity(row);
  }

  async identityById(id: string): Promise<Identity | undefined> {
    const row = await this.#queries.get<IdentityRow>('SELECT * FROM iam_identities WHERE id = ?', id);
    return row && toIdentity(row);
  }

  async identities(account: string, kind: IdentityKind): Promise<Identity[]> {
    const sql = 'SELECT * FROM iam_identities WHERE account = ? AND kind = ?';
    return (await this.#queries.all<IdentityRow>(sql, account, kind)).map(toIdentity);
  }

  async countIdentities(account: string, kind: IdentityKind): Promise<number> {
    return this.#count('SELECT COUNT(*) AS n FROM iam_identities WHERE account = ? AND kind = ?', account, kind);
  }

  async insertIdentity(identity: Identity): Promise<void> {
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

  async updateIdentity(identity: Identity): Promise<void> {
    await this.#queries.run(
      `UPDATE iam_identities SET name = ?, name_key = ?, path = ?, tags = ?, description = ?, boundary = ?,
        trust_policy = ?, max_session_seconds = ? WHERE id = ?`,
      ...changeable(identity),
      identity.id,
    );
  }

  async deleteIdentity(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_identities WHERE id = ?', id);
  }

  async inlinePolicies(ownerId: string): Promise<InlinePolicy[]> {
    const sql = 'SELECT name, document FROM iam_inline_policies WHERE owner_id = ?';
    return this.#queries.all<Row & InlinePolicy>(sql, ownerId);
  }

  async putInlinePolicy(ownerId: string, policy: InlinePolicy): Promise<void> {
    await this.#queries.run(
      `INSERT INTO iam_inline_policies (owner_id, name, document) VALUES (?, ?, ?)
        ON CONFLICT (owner_id, name) DO UPDATE SET document = excluded.document`,
      ownerId,
      policy.name,
      policy.document,
    );
  }

  /** False when there was none. */
  async deleteInlinePolicy(ownerId: string, name: string): Promise<boolean> {
    const sql = 'DELETE FROM iam_inline_policies WHERE owner_id = ? AND name = ?';
    return (await this.#queries.run(sql, ownerId, name)) > 0;
  }

  /** ARNs of the managed policies attached to an identity. */
  async attachments(ownerId: string): Promise<string[]> {
    const sql = 'SELECT policy_arn AS arn FROM iam_attachments WHERE owner_id = ?';
    return (await this.#queries.all<Row & { arn: string }>(sql, ownerId)).map(({ arn }) => arn);
  }

  async attach(owner: Identity, policyArn: string): Promise<void> {
    const sql = 'INSERT INTO iam_attachments (owner_id, policy_arn, account) VALUES (?, ?, ?)';
    await this.#queries.run(sql, owner.id, policyArn, owner.account);
  }

  /** False when it was not attached. */
  async detach(ownerId: string, policyArn: string): Promise<boolean> {
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

  /** The identities of an account that a policy bounds. */
  async boundedBy(account: string, policyArn: string): Promise<Identity[]> {
    const sql = 'SELECT * FROM iam_identities WHERE account = ? AND boundary = ?';
    return (await this.#queries.all<IdentityRow>(sql, account, policyArn)).map(toIdentity);
  }

  /** Usage of all policies of an account that are in use, by ARN. */
  async policyUsage(account: string): Promise<Map<string, PolicyUsage>> {
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

  async groupsOf(userId: string): Promise<Identity[]> {
    const sql = 'SELECT i.* FROM iam_memberships m JOIN iam_identities i ON i.id = m.group_id WHERE m.user_id = ?';
    return (await this.#queries.all<IdentityRow>(sql, userId)).map(toIdentity);
  }

  async membersOf(groupId: string): Promise<Identity[]> {
    const sql = 'SELECT i.* FROM iam_memberships m JOIN iam_identities i ON i.id = m.user_id WHERE m.group_id = ?';
    return (await this.#queries.all<IdentityRow>(sql, groupId)).map(toIdentity);
  }

  async addMember(groupId: string, userId: string): Promise<void> {
    await this.#queries.run('INSERT INTO iam_memberships (group_id, user_id) VALUES (?, ?)', groupId, userId);
  }

  async removeMember(groupId: string, userId: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_memberships WHERE group_id = ? AND user_id = ?', groupId, userId);
  }

  async accessKey(id: string): Promise<AccessKey | undefined> {
    const row = await this.#queries.get<AccessKeyRow>('SELECT * FROM iam_access_keys WHERE id = ?', id);
    return row && toAccessKey(row);
  }

  async accessKeys(ownerId: string): Promise<AccessKey[]> {
    const sql = 'SELECT * FROM iam_access_keys WHERE owner_id = ?';
    return (await this.#queries.all<AccessKeyRow>(sql, ownerId)).map(toAccessKey);
  }

  async insertAccessKey(key: AccessKey): Promise<void> {
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

  async setAccessKeyActive(id: string, active: boolean): Promise<void> {
    await this.#queries.run('UPDATE iam_access_keys SET active = ? WHERE id = ?', active ? 1 : 0, id);
  }

  async deleteAccessKey(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_access_keys WHERE id = ?', id);
  }

  async policy(arn: string): Promise<Policy | undefined> {
    const row = await this.#queries.get<PolicyRow>('SELECT * FROM iam_policies WHERE arn = ?', arn);
    return row && toPolicy(row);
  }

  async policyNamed(account: string, name: string): Promise<Policy | undefined> {
    const sql = 'SELECT * FROM iam_policies WHERE account = ? AND name_key = ?';
    const row = await this.#queries.get<PolicyRow>(sql, account, name.toLowerCase());
    return row && toPolicy(row);
  }

  async policies(account: string): Promise<Policy[]> {
    return (await this.#queries.all<PolicyRow>('SELECT * FROM iam_policies WHERE account = ?', account)).map(toPolicy);
  }

  async countPolicies(account: string): Promise<number> {
    return this.#count('SELECT COUNT(*) AS n FROM iam_policies WHERE account = ?', account);
  }

  async insertPolicy(policy: Policy): Promise<void> {
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

  async updatePolicy(policy: Policy): Promise<void> {
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
  async deletePolicy(id: string): Promise<void> {
    await this.#queries.run('DELETE FROM iam_policy_versions WHERE policy_id = ?', id);
    await this.#queries.run('DELETE FROM iam_policies WHERE id = ?', id);
  }

  async policyVersions(policyId: string): Promise<PolicyVersion[]> {
    const sql = 'SELECT number, document, created_at AS "createdAt" FROM iam_policy_versions WHERE policy_id = ?';
    return this.#queries.all<Row & PolicyVersion>(sql, policyId);
  }

  async countPolicyVersions(account: string): Promise<number> {
    return this.#count(
      'SELECT COUNT(*) AS n FROM iam_policy_versions v JOIN iam_policies p ON p.id = v.policy_id WHERE p.account = ?',
      account,
    );
  }

  async insertPolicyVersion(policyId: string, version: PolicyVersion): Promise<void> {
    await this.#queries.run(
      'INSERT INTO iam_policy_versions (policy_id, number, document, created_at) VALUES (?, ?, ?, ?)',
      policyId,
      version.number,
      version.document,
      version.createdAt,
    );
  }

  async deletePolicyVersion(policyId: string, number: number): Promise<void> {
    await this.#queries.run('DELETE FROM iam_policy_versions WHERE policy_id = ? AND number = ?', policyId, number);
  }

  async #count(sql: string, ...parameters: string[]): Promise<number> {
    return Number((await this.#queries.get<Row & { n: number }>(sql, ...parameters))!.n);
  }
}

interface IdentityRow extends Row {
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

interface AccessKeyRow extends Row {
  id: string;
  account: string;
  owner_id: string;
  secret: string;
  active: number;
  created_at: number;
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

function toIdentity(row: IdentityRow): Identity {
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
