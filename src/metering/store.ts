// The rows of usage: one for each account, day and function version.
import type { Database, Migration, Row } from '../storage/index.ts';
import { quantities, type Usage, type UsageCounts, type UsageKey } from './usage.ts';

const migrations: readonly Migration[] = [
  {
    name: 'usage by account, day and function version',
    sql: `CREATE TABLE usage (
      account TEXT NOT NULL,
      day TEXT NOT NULL,
      region TEXT NOT NULL,
      function_name TEXT NOT NULL,
      version TEXT NOT NULL,
      architecture TEXT NOT NULL,
      requests BIGINT NOT NULL,
      duration_mb_ms BIGINT NOT NULL,
      provisioned_duration_mb_ms BIGINT NOT NULL,
      provisioned_mb_ms BIGINT NOT NULL,
      ephemeral_storage_mb_ms BIGINT NOT NULL,
      streamed_bytes BIGINT NOT NULL,
      PRIMARY KEY (account, day, region, function_name, version, architecture)
    );
    CREATE INDEX usage_by_day ON usage (day, account)`,
  },
];

/** What a version used on a day, beyond what is stored of it. */
export interface UsageOfDay {
  key: UsageKey;
  day: string;
  counts: UsageCounts;
}

interface UsageRow extends Row {
  region: string;
  function_name: string;
  version: string;
  architecture: string;
  requests: number;
  duration_mb_ms: number;
  provisioned_duration_mb_ms: number;
  provisioned_mb_ms: number;
  ephemeral_storage_mb_ms: number;
  streamed_bytes: number;
}

export class UsageStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<UsageStore> {
    await database.migrate('metering', migrations);
    return new UsageStore(database);
  }

  /** Adds to what is stored, all or nothing. */
  async add(usages: readonly UsageOfDay[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const { key, day, counts } of usages) {
        await queries.run(
          `INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (account, day, region, function_name, version, architecture) DO UPDATE SET
             requests = usage.requests + excluded.requests,
             duration_mb_ms = usage.duration_mb_ms + excluded.duration_mb_ms,
             provisioned_duration_mb_ms = usage.provisioned_duration_mb_ms + excluded.provisioned_duration_mb_ms,
             provisioned_mb_ms = usage.provisioned_mb_ms + excluded.provisioned_mb_ms,
             ephemeral_storage_mb_ms = usage.ephemeral_storage_mb_ms + excluded.ephemeral_storage_mb_ms,
             streamed_bytes = usage.streamed_bytes + excluded.streamed_bytes`,
          key.account,
          day,
          key.region,
          key.functionName,
          key.version,
          key.architecture,
          ...quantities.map((quantity) => counts[quantity]),
        );
      }
    });
  }

  /** Accounts that used anything from `firstDay` to `lastDay`, both included. */
  async accounts(firstDay: string, lastDay: string): Promise<string[]> {
    const rows = await this.#database.all<{ account: string }>(
      'SELECT DISTINCT account FROM usage WHERE day >= ? AND day <= ? ORDER BY account',
      firstDay,
      lastDay,
    );
    return rows.map(({ account }) => account);
  }

  /** What the versions of an account used from `firstDay` to `lastDay`, both included; by region, function and version. */
  async usage(account: string, firstDay: string, lastDay: string): Promise<Usage[]> {
    const rows = await this.#database.all<UsageRow>(
      `SELECT * FROM usage WHERE account = ? AND day >= ? AND day <= ?
       ORDER BY region, function_name, version, architecture`,
      account,
      firstDay,
      lastDay,
    );
    const found: Usage[] = [];
    for (const row of rows) {
      const { region, function_name: functionName, version, architecture } = row;
      let usage = found.at(-1);
      if (
        usage?.region !== region ||
        usage.functionName !== functionName ||
        usage.version !== version ||
        usage.architecture !== architecture
      ) {
        usage = { region, functionName, version, architecture, used: usedIn() };
        found.push(usage);
      }
      const used = usage.used;
      used.requests += BigInt(row.requests);
      used.durationMbMs += BigInt(row.duration_mb_ms);
      used.provisionedDurationMbMs += BigInt(row.provisioned_duration_mb_ms);
      used.provisionedMbMs += BigInt(row.provisioned_mb_ms);
      used.ephemeralStorageMbMs += BigInt(row.ephemeral_storage_mb_ms);
      used.streamedBytes += BigInt(row.streamed_bytes);
    }
    return found;
  }
}

function usedIn(): Usage['used'] {
  return Object.fromEntries(quantities.map((quantity) => [quantity, 0n])) as Usage['used'];
}
