// The rows of Lambda's functions and versions, and the versions in use kept in memory for invocations.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import type { PackageRegister } from '../code-folders.ts';
import { AccountConcurrency } from '../concurrency.ts';
import type { AliasRecord } from './aliases.ts';
import type { FunctionKey, VersionKey } from './keys.ts';
import type { SettingKind, SettingRows } from './settings.ts';
import { Tables } from './tables.ts';
import { type FunctionRecord, isSettled, type VersionRecord } from '../function-record.ts';
import { packagesOf, stackOf } from '../layer-record.ts';

interface FunctionRow extends Row {
  account: string;
  region: string;
  name: string;
  tags: string;
  last_number: number;
}

interface VersionRow extends Row {
  account: string;
  region: string;
  name: string;
  number: number;
  record: string;
}

/** A version together with the function that it belongs to. */
export interface StoredVersion extends VersionKey {
  version: VersionRecord;
}

/** What functions are set to run on. */
export interface RuntimeInUse {
  runtime: string;
  /** In MiB, most used first. */
  memorySizes: number[];
}

/** Invocations look a version up by its key; this many are kept in memory. */
const cachedVersions = 10_000;

/** What can be done within one transaction on functions and what belongs to them. */
export class FunctionTransaction extends Tables {
  readonly #queries: Queries;
  readonly changed: VersionKey[] = [];

  constructor(queries: Queries) {
    super(queries);
    this.#queries = queries;
  }

  function(key: FunctionKey): Promise<FunctionRecord | undefined> {
    return selectFunction(this.#queries, key);
  }

  version(key: VersionKey): Promise<VersionRecord | undefined> {
    return selectVersion(this.#queries, key);
  }

  async putFunction(record: FunctionRecord): Promise<void> {
    const { account, region, name, tags, lastNumber } = record;
    if ((await this.function(record)) === undefined) await this.usage.add(record, { functions: 1 });
    await this.#queries.run(
      `INSERT INTO lambda_functions (account, region, name, tags, last_number) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name) DO UPDATE SET tags = excluded.tags, last_number = excluded.last_number`,
      account,
      region,
      name,
      JSON.stringify(tags),
      lastNumber,
    );
  }

  async putVersion(key: FunctionKey, version: VersionRecord): Promise<void> {
    const { zippedBytes } = version.code;
    const before = await this.#codeBytes({ ...key, number: version.number });
    await this.usage.add(key, { codeBytes: zippedBytes - before });
    await this.#queries.run(
      `INSERT INTO lambda_versions (account, region, name, number, code_sha256, code_bytes, settled, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name, number) DO UPDATE SET
         code_sha256 = excluded.code_sha256, code_bytes = excluded.code_bytes,
         settled = excluded.settled, record = excluded.record`,
      key.account,
      key.region,
      key.name,
      version.number,
      version.code.sha256,
      zippedBytes,
      isSettled(version) ? 1 : 0,
      JSON.stringify(version),
    );
    const packages = packagesOf(version.configuration.layers);
    await this.layers.attach({ ...key, number: version.number }, stackOf(packages), packages);
    this.changed.push({ ...key, number: version.number });
  }

  /** The version published last, whether or not it is the highest number ever given. */
  async lastPublished(key: FunctionKey): Promise<VersionRecord | undefined> {
    const row = await this.#queries.get<VersionRow>(
      'SELECT * FROM lambda_versions WHERE account = ? AND region = ? AND name = ? AND number > 0 ORDER BY number DESC LIMIT 1',
      key.account,
      key.region,
      key.name,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  /** Deletes one version; false when there is none. */
  async deleteVersion(key: VersionKey): Promise<boolean> {
    this.changed.push(key);
    await this.usage.add(key, { codeBytes: -(await this.#codeBytes(key)) });
    await this.layers.detach(key);
    const changes = await this.#queries.run(
      'DELETE FROM lambda_versions WHERE account = ? AND region = ? AND name = ? AND number = ?',
      key.account,
      key.region,
      key.name,
      key.number,
    );
    return changes > 0;
  }

  /** Deletes a function with all its versions; undefined when there is none, else the hashes of their packages. */
  async deleteFunction(key: FunctionKey): Promise<string[] | undefined> {
    const { account, region, name } = key;
    const versions = await this.#queries.all<{ number: number; code_sha256: string; code_bytes: number }>(
      'SELECT number, code_sha256, code_bytes FROM lambda_versions WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    for (const { number } of versions) this.changed.push({ ...key, number });
    await this.aliases.deleteAll(key);
    await this.settings.deleteAll(key);
    await this.codeSigning.detach(key);
    const layers = await this.layers.detachAll(key);
    await this.#queries.run(
      'DELETE FROM lambda_versions WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    const changes = await this.#queries.run(
      'DELETE FROM lambda_functions WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    if (changes === 0) return undefined;
    const codeBytes = versions.reduce((sum, version) => sum + version.code_bytes, 0);
    await this.usage.add(key, { functions: -1, codeBytes: -codeBytes });
    return [...new Set([...versions.map((version) => version.code_sha256), ...layers])];
  }

  /** Bytes that a version counts with; none when it is not there. */
  async #codeBytes(key: VersionKey): Promise<number> {
    const row = await this.#queries.get<{ code_bytes: number }>(
      'SELECT code_bytes FROM lambda_versions WHERE account = ? AND region = ? AND name = ? AND number = ?',
      key.account,
      key.region,
      key.name,
      key.number,
    );
    return row?.code_bytes ?? 0;
  }
}

export class FunctionStore extends Tables {
  readonly #database: Database;
  readonly #cache = new Map<string, VersionRecord>();
  readonly #aliasCache = new Map<string, AliasRecord>();
  /** By account and region. */
  readonly #concurrencyCache = new Map<string, AccountConcurrency>();
  /** Settings of single functions, also those that are not there. */
  readonly #settingCache = new Map<string, { record: unknown }>();
  /** Counts changes: what was read before one may not be remembered after it. */
  #changes = 0;

  constructor(database: Database) {
    super(database);
    this.#database = database;
  }

  /** Runs `work` alone and whole: it commits when `work` resolves, and nothing happened when it rejects. */
  async change<T>(work: (transaction: FunctionTransaction) => Promise<T>): Promise<T> {
    let transaction: FunctionTransaction | undefined;
    const result = await this.#database.transaction((queries) => {
      transaction = new FunctionTransaction(queries);
      return work(transaction);
    });
    this.#changes += 1;
    for (const key of transaction!.changed) this.#cache.delete(cacheKey(key));
    if (transaction!.aliases.haveChanged) this.#aliasCache.clear();
    if (transaction!.settings.haveChanged) {
      this.#concurrencyCache.clear();
      this.#settingCache.clear();
    }
    return result;
  }

  function(key: FunctionKey): Promise<FunctionRecord | undefined> {
    return selectFunction(this.#database, key);
  }

  /** A version; synchronous when it is in memory. */
  version(key: VersionKey): VersionRecord | undefined | Promise<VersionRecord | undefined> {
    return this.#cache.get(cacheKey(key)) ?? this.#load(key);
  }

  /** An alias; synchronous when it is in memory. */
  alias(key: FunctionKey, alias: string): AliasRecord | undefined | Promise<AliasRecord | undefined> {
    const cached = this.#aliasCache.get(aliasCacheKey(key, alias));
    return cached ?? this.#loadAlias(key, alias);
  }

  /** How an account's concurrency is divided; synchronous when it is in memory. */
  concurrency(account: string, region: string): AccountConcurrency | Promise<AccountConcurrency> {
    return this.#concurrencyCache.get(`${account}/${region}`) ?? this.#loadConcurrency(account, region);
  }

  /** A setting that invocations look at; synchronous when it is in memory. */
  setting<T>(
    kind: 'event-invoke-config' | 'recursion',
    key: FunctionKey,
    qualifier: string,
  ): T | undefined | Promise<T | undefined> {
    const cached = this.#settingCache.get(settingCacheKey(kind, key, qualifier));
    return cached === undefined ? this.#loadSetting<T>(kind, key, qualifier) : (cached.record as T | undefined);
  }

  /** `$LATEST` of each function after `afterName`, in the order of names. */
  async latestVersions(account: string, region: string, afterName: string, limit: number): Promise<StoredVersion[]> {
    const rows = await this.#database.all<VersionRow>(
      `SELECT * FROM lambda_versions WHERE account = ? AND region = ? AND name IN (
         SELECT name FROM lambda_functions WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?
       ) AND number = 0 ORDER BY name`,
      account,
      region,
      account,
      region,
      afterName,
      limit,
    );
    return rows.map(toStored);
  }

  /** All versions of all functions after the one named, in the order of names and numbers. */
  async allVersions(
    account: string,
    region: string,
    after: { name: string; number: number },
    limit: number,
  ): Promise<StoredVersion[]> {
    const rows = await this.#database.all<VersionRow>(
      `SELECT * FROM lambda_versions WHERE account = ? AND region = ? AND (name > ? OR (name = ? AND number > ?))
       ORDER BY name, number LIMIT ?`,
      account,
      region,
      after.name,
      after.name,
      after.number,
      limit,
    );
    return rows.map(toStored);
  }

  /** Versions of one function with a number above `afterNumber`. */
  async versionsOf(key: FunctionKey, afterNumber: number, limit: number): Promise<StoredVersion[]> {
    const rows = await this.#database.all<VersionRow>(
      `SELECT * FROM lambda_versions WHERE account = ? AND region = ? AND name = ? AND number > ?
       ORDER BY number LIMIT ?`,
      key.account,
      key.region,
      key.name,
      afterNumber,
      limit,
    );
    return rows.map(toStored);
  }

  /** Versions that a crash left Pending or in the middle of an update. */
  async unsettled(): Promise<StoredVersion[]> {
    return (await this.#database.all<VersionRow>('SELECT * FROM lambda_versions WHERE settled = 0')).map(toStored);
  }

  /** Which packages lie in the blobs. */
  get packages(): PackageRegister {
    const database = this.#database;
    const { layers } = this;
    return {
      async note(sha256) {
        await database.run('INSERT INTO lambda_packages (sha256) VALUES (?) ON CONFLICT (sha256) DO NOTHING', sha256);
      },
      async forget(sha256) {
        await database.run('DELETE FROM lambda_packages WHERE sha256 = ?', sha256);
      },
      async isUsed(sha256) {
        const sql = 'SELECT 1 AS used FROM lambda_versions WHERE code_sha256 = ? LIMIT 1';
        return (await database.get(sql, sha256)) !== undefined || layers.needPackage(sha256);
      },
      async all() {
        const rows = await database.all<{ sha256: string }>('SELECT sha256 FROM lambda_packages');
        return rows.map((row) => row.sha256);
      },
    };
  }

  /** Versions of `runtime` that may be stored with another runtime version than that of `versionHash`. */
  async withOtherRuntimeVersion(runtime: string, versionHash: string): Promise<StoredVersion[]> {
    const rows = await this.#database.all<VersionRow>(
      'SELECT * FROM lambda_versions WHERE record LIKE ? AND record NOT LIKE ?',
      `%"runtime":"${runtime}"%`,
      `%"runtimeVersionHash":"${versionHash}"%`,
    );
    return rows.map(toStored);
  }

  /** Runtimes that functions have, most used first. */
  async runtimesInUse(): Promise<RuntimeInUse[]> {
    const rows = await this.#database.all<VersionRow>('SELECT * FROM lambda_versions WHERE number = 0');
    const runtimes = new Map<string, Map<number, number>>();
    for (const { version } of rows.map(toStored)) {
      const { runtime, packageType, memoryMib } = version.configuration;
      if (packageType === 'Image') continue;
      const sizes = runtimes.get(runtime) ?? new Map<number, number>();
      runtimes.set(runtime, sizes.set(memoryMib, (sizes.get(memoryMib) ?? 0) + 1));
    }
    const count = (sizes: Map<number, number>) => sizes.values().reduce((sum, functions) => sum + functions, 0);
    return [...runtimes]
      .sort(([, a], [, b]) => count(b) - count(a))
      .map(([runtime, sizes]) => ({
        runtime,
        memorySizes: [...sizes].sort(([, a], [, b]) => b - a).map(([memoryMib]) => memoryMib),
      }));
  }

  async #loadAlias(key: FunctionKey, alias: string): Promise<AliasRecord | undefined> {
    const changes = this.#changes;
    const record = await this.aliases.get(key, alias);
    if (record !== undefined && changes === this.#changes) {
      if (this.#aliasCache.size >= cachedVersions) this.#aliasCache.clear();
      this.#aliasCache.set(aliasCacheKey(key, alias), record);
    }
    return record;
  }

  async #loadSetting<T>(kind: SettingKind, key: FunctionKey, qualifier: string): Promise<T | undefined> {
    const changes = this.#changes;
    const record = await this.settings.get<T>(kind, key, qualifier);
    if (changes === this.#changes) {
      if (this.#settingCache.size >= cachedVersions) this.#settingCache.clear();
      this.#settingCache.set(settingCacheKey(kind, key, qualifier), { record });
    }
    return record;
  }

  async #loadConcurrency(account: string, region: string): Promise<AccountConcurrency> {
    const changes = this.#changes;
    const concurrency = await readConcurrency(this.settings, account, region);
    if (changes === this.#changes) {
      if (this.#concurrencyCache.size >= cachedVersions) this.#concurrencyCache.clear();
      this.#concurrencyCache.set(`${account}/${region}`, concurrency);
    }
    return concurrency;
  }

  async #load(key: VersionKey): Promise<VersionRecord | undefined> {
    const changes = this.#changes;
    const version = await selectVersion(this.#database, key);
    if (version !== undefined && changes === this.#changes) {
      if (this.#cache.size >= cachedVersions) this.#cache.delete(this.#cache.keys().next().value!);
      this.#cache.set(cacheKey(key), version);
    }
    return version;
  }
}

/**
 * What functions hold of an account's concurrency. There are no more rows of it than functions that hold some, and all of
 * them together hold no more than the account has.
 */
export async function readConcurrency(
  settings: SettingRows,
  account: string,
  region: string,
): Promise<AccountConcurrency> {
  return new AccountConcurrency(
    await settings.ofAccount('reserved-concurrency', account, region),
    await settings.ofAccount('provisioned-concurrency', account, region),
  );
}

function cacheKey({ account, region, name, number }: VersionKey): string {
  return `${account}/${region}/${name}/${number}`;
}

function settingCacheKey(kind: SettingKind, { account, region, name }: FunctionKey, qualifier: string): string {
  return `${kind}/${account}/${region}/${name}:${qualifier}`;
}

function aliasCacheKey({ account, region, name }: FunctionKey, alias: string): string {
  return `${account}/${region}/${name}:${alias}`;
}

async function selectFunction(queries: Queries, key: FunctionKey): Promise<FunctionRecord | undefined> {
  const row = await queries.get<FunctionRow>(
    'SELECT * FROM lambda_functions WHERE account = ? AND region = ? AND name = ?',
    key.account,
    key.region,
    key.name,
  );
  if (row === undefined) return undefined;
  const { account, region, name, tags, last_number: lastNumber } = row;
  return { account, region, name, tags: JSON.parse(tags), lastNumber };
}

async function selectVersion(queries: Queries, key: VersionKey): Promise<VersionRecord | undefined> {
  const row = await queries.get<VersionRow>(
    'SELECT * FROM lambda_versions WHERE account = ? AND region = ? AND name = ? AND number = ?',
    key.account,
    key.region,
    key.name,
    key.number,
  );
  return row === undefined ? undefined : JSON.parse(row.record);
}

function toStored({ account, region, name, number, record }: VersionRow): StoredVersion {
  return { account, region, name, number, version: JSON.parse(record) };
}
