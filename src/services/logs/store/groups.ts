// Rows of log groups.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import { nextId } from './next-id.ts';

export interface LogGroup {
  id: number;
  account: string;
  region: string;
  name: string;
  /** Epoch milliseconds. */
  creationTime: number;
  retentionDays: number | undefined;
  deletionProtection: boolean;
  storedBytes: number;
  tags: Record<string, string>;
}

interface GroupRow extends Row {
  id: number;
  account: string;
  region: string;
  name: string;
  creation_time: number;
  retention_days: number | null;
  deletion_protection: number;
  stored_bytes: number;
  tags: string;
}

const columns = 'id, account, region, name, creation_time, retention_days, deletion_protection, stored_bytes, tags';

export class GroupStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** False when a group of that name exists. */
  create(group: Omit<LogGroup, 'id' | 'storedBytes'>): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      if ((await findGroup(queries, group.account, group.region, group.name)) !== undefined) return false;
      await insertGroup(queries, group);
      return true;
    });
  }

  find(account: string, region: string, name: string): Promise<LogGroup | undefined> {
    return findGroup(this.#database, account, region, name);
  }

  /** Groups whose names begin with `prefix` and come after `after`, by name. */
  async list(account: string, region: string, prefix: string, after: string, limit: number): Promise<LogGroup[]> {
    const rows = await this.#database.all<GroupRow>(
      `SELECT ${columns} FROM log_group WHERE account = ? AND region = ? AND name > ? AND name >= ? AND name < ? ORDER BY name LIMIT ?`,
      account,
      region,
      after,
      prefix,
      `${prefix}\u{10ffff}`,
      limit,
    );
    return rows.map(toGroup);
  }

  async withRetention(): Promise<LogGroup[]> {
    const rows = await this.#database.all<GroupRow>(
      `SELECT ${columns} FROM log_group WHERE retention_days IS NOT NULL`,
    );
    return rows.map(toGroup);
  }

  /** Deletes the group and all that is in it; false when there is none. */
  delete(id: number): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      await queries.run('DELETE FROM log_delivery WHERE group_id = ?', id);
      await queries.run('DELETE FROM log_subscription WHERE group_id = ?', id);
      await queries.run('DELETE FROM log_block WHERE group_id = ?', id);
      await queries.run('DELETE FROM log_stream WHERE group_id = ?', id);
      return (await queries.run('DELETE FROM log_group WHERE id = ?', id)) > 0;
    });
  }

  async setRetention(id: number, days: number | undefined): Promise<void> {
    await this.#database.run('UPDATE log_group SET retention_days = ? WHERE id = ?', days ?? null, id);
  }

  async setDeletionProtection(id: number, enabled: boolean): Promise<void> {
    await this.#database.run('UPDATE log_group SET deletion_protection = ? WHERE id = ?', enabled ? 1 : 0, id);
  }

  /** Replaces the tags by what `change` makes of them; what it throws leaves them as they are. */
  changeTags(id: number, change: (tags: Record<string, string>) => Record<string, string>): Promise<void> {
    return this.#database.transaction(async (queries) => {
      const row = await queries.get<{ tags: string }>('SELECT tags FROM log_group WHERE id = ?', id);
      if (row === undefined) return;
      await queries.run('UPDATE log_group SET tags = ? WHERE id = ?', JSON.stringify(change(JSON.parse(row.tags))), id);
    });
  }
}

export async function findGroup(
  queries: Queries,
  account: string,
  region: string,
  name: string,
): Promise<LogGroup | undefined> {
  const row = await queries.get<GroupRow>(
    `SELECT ${columns} FROM log_group WHERE account = ? AND region = ? AND name = ?`,
    account,
    region,
    name,
  );
  return row && toGroup(row);
}

/** Inserts a group and returns its id. */
export async function insertGroup(queries: Queries, group: Omit<LogGroup, 'id' | 'storedBytes'>): Promise<number> {
  const id = await nextId(queries, 'group');
  await queries.run(
    `INSERT INTO log_group (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    id,
    group.account,
    group.region,
    group.name,
    group.creationTime,
    group.retentionDays ?? null,
    group.deletionProtection ? 1 : 0,
    JSON.stringify(group.tags),
  );
  return id;
}

function toGroup(row: GroupRow): LogGroup {
  return {
    id: row.id,
    account: row.account,
    region: row.region,
    name: row.name,
    creationTime: row.creation_time,
    retentionDays: row.retention_days ?? undefined,
    deletionProtection: row.deletion_protection !== 0,
    storedBytes: row.stored_bytes,
    tags: JSON.parse(row.tags),
  };
}
