// What CloudWatch keeps of dashboards, which belong to an account in all of its regions.
import type { Database, Migration, Row } from '../../../storage/index.ts';
import type { Tags } from '../tags.ts';

const migrations: readonly Migration[] = [
  {
    name: 'dashboards',
    sql: `
      CREATE TABLE cloudwatch_dashboard (
        account TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, modified INTEGER NOT NULL, size INTEGER NOT NULL,
        tags TEXT NOT NULL, PRIMARY KEY (account, name)
      );
    `,
  },
];

export interface DashboardEntry {
  name: string;
  /** Epoch milliseconds. */
  modified: number;
  /** Bytes of the body. */
  size: number;
}

interface DashboardRow extends Row {
  name: string;
  modified: number;
  size: number;
}

export class DashboardStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<DashboardStore> {
    await database.migrate('cloudwatch-dashboards', migrations);
    return new DashboardStore(database);
  }

  async body(account: string, name: string): Promise<string | undefined> {
    const row = await this.#database.get<{ body: string }>(
      'SELECT body FROM cloudwatch_dashboard WHERE account = ? AND name = ?',
      account,
      name,
    );
    return row?.body;
  }

  /** Keeps a dashboard; the tags of one that exists stay as they are. */
  async put(account: string, { name, modified, size }: DashboardEntry, body: string, tags: Tags): Promise<void> {
    await this.#database.run(
      `INSERT INTO cloudwatch_dashboard (account, name, body, modified, size, tags) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, name) DO UPDATE SET body = excluded.body, modified = excluded.modified, size = excluded.size`,
      account,
      name,
      body,
      modified,
      size,
      JSON.stringify(tags),
    );
  }

  /** Deletes dashboards, all or none; resolves to those that do not exist. */
  delete(account: string, names: readonly string[]): Promise<string[]> {
    return this.#database.transaction(async (queries) => {
      const missing: string[] = [];
      for (const name of new Set(names)) {
        const found = await queries.get(
          'SELECT name FROM cloudwatch_dashboard WHERE account = ? AND name = ?',
          account,
          name,
        );
        if (found === undefined) missing.push(name);
      }
      if (missing.length > 0) return missing;
      for (const name of names) {
        await queries.run('DELETE FROM cloudwatch_dashboard WHERE account = ? AND name = ?', account, name);
      }
      return [];
    });
  }

  /** The next dashboards after the name `after`, by name. */
  async list(account: string, prefix: string, after: string, limit: number): Promise<DashboardEntry[]> {
    return this.#database.all<DashboardRow>(
      `SELECT name, modified, size FROM cloudwatch_dashboard
       WHERE account = ? AND name >= ? AND name < ? AND name > ? ORDER BY name LIMIT ?`,
      account,
      prefix,
      `${prefix}\u{10ffff}`,
      after,
      limit,
    );
  }

  async tags(account: string, name: string): Promise<Tags | undefined> {
    const row = await this.#database.get<{ tags: string }>(
      'SELECT tags FROM cloudwatch_dashboard WHERE account = ? AND name = ?',
      account,
      name,
    );
    return row && JSON.parse(row.tags);
  }

  /** Changes tags; false when there is no such dashboard. */
  changeTags(account: string, name: string, change: (tags: Tags) => Tags): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      const row = await queries.get<{ tags: string }>(
        'SELECT tags FROM cloudwatch_dashboard WHERE account = ? AND name = ?',
        account,
        name,
      );
      if (row === undefined) return false;
      await queries.run(
        'UPDATE cloudwatch_dashboard SET tags = ? WHERE account = ? AND name = ?',
        JSON.stringify(change(JSON.parse(row.tags))),
        account,
        name,
      );
      return true;
    });
  }
}
