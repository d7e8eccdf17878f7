// The tables of IAM. Everything that belongs to a role, user or group is keyed by its unique id, so that renaming is one row.
import type { Migration } from '../../../storage/index.ts';

export const migrations: readonly Migration[] = [
  {
    name: 'roles, users, groups, policies and access keys',
    sql: `
      CREATE TABLE iam_identities (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        path TEXT NOT NULL,
        partition TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        tags TEXT NOT NULL,
        description TEXT,
        boundary TEXT,
        trust_policy TEXT,
        max_session_seconds INTEGER,
        UNIQUE (account, kind, name_key)
      );
      CREATE INDEX iam_identities_by_boundary ON iam_identities (account, boundary);
      CREATE TABLE iam_inline_policies (
        owner_id TEXT NOT NULL REFERENCES iam_identities (id),
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (owner_id, name)
      );
      CREATE TABLE iam_attachments (
        owner_id TEXT NOT NULL REFERENCES iam_identities (id),
        policy_arn TEXT NOT NULL,
        account TEXT NOT NULL,
        PRIMARY KEY (owner_id, policy_arn)
      );
      CREATE INDEX iam_attachments_by_policy ON iam_attachments (account, policy_arn);
      CREATE TABLE iam_memberships (
        group_id TEXT NOT NULL REFERENCES iam_identities (id),
        user_id TEXT NOT NULL REFERENCES iam_identities (id),
        PRIMARY KEY (group_id, user_id)
      );
      CREATE INDEX iam_memberships_by_user ON iam_memberships (user_id);
      CREATE TABLE iam_access_keys (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        owner_id TEXT NOT NULL,
        secret TEXT NOT NULL,
        active INTEGER NOT NULL,
        created_at BIGINT NOT NULL
      );
      CREATE INDEX iam_access_keys_by_owner ON iam_access_keys (owner_id);
      CREATE TABLE iam_policies (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        arn TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        path TEXT NOT NULL,
        description TEXT,
        tags TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        default_version INTEGER NOT NULL,
        last_version INTEGER NOT NULL,
        UNIQUE (account, name_key)
      );
      CREATE TABLE iam_policy_versions (
        policy_id TEXT NOT NULL REFERENCES iam_policies (id),
        number INTEGER NOT NULL,
        document TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (policy_id, number)
      );
    `,
  },
];
