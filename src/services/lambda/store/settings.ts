// The rows of settings that belong to a function, or to one of its qualifiers: one record for each kind of setting.
import type { Queries, Row } from '../../../storage/index.ts';
import type { FunctionKey } from './keys.ts';

/** What a setting is; each kind has one type of record, declared beside the operations that write it. */
export type SettingKind =
  | 'policy'
  | 'url-config'
  | 'event-invoke-config'
  | 'reserved-concurrency'
  | 'provisioned-concurrency'
  | 'runtime-management'
  | 'recursion'
  | 'code-signing'
  | 'scaling';

/** The qualifier of settings that belong to the function as a whole. */
export const wholeFunction = '';

export interface StoredSetting<T> extends FunctionKey {
  qualifier: string;
  record: T;
}

interface SettingRow extends Row {
  name: string;
  qualifier: string;
  record: string;
}

/** Kinds that invocations look at. */
const invocationKinds: readonly SettingKind[] = [
  'reserved-concurrency',
  'provisioned-concurrency',
  'event-invoke-config',
  'recursion',
];

export class SettingRows {
  readonly #queries: Queries;
  /** Whether anything that invocations look at may have been changed through this object. */
  haveChanged = false;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get<T>(kind: SettingKind, key: FunctionKey, qualifier: string): Promise<T | undefined> {
    const row = await this.#queries.get<SettingRow>(
      `SELECT record FROM lambda_settings
       WHERE account = ? AND region = ? AND kind = ? AND name = ? AND qualifier = ?`,
      key.account,
      key.region,
      kind,
      key.name,
      qualifier,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  /** A setting by the text that it was put with for that; no two have the same. */
  async byLookup<T>(lookup: string): Promise<StoredSetting<T> | undefined> {
    const row = await this.#queries.get<SettingRow & { account: string; region: string }>(
      'SELECT account, region, name, qualifier, record FROM lambda_settings WHERE lookup = ?',
      lookup,
    );
    return row === undefined ? undefined : { ...row, record: JSON.parse(row.record) };
  }

  async put(
    kind: SettingKind,
    key: FunctionKey,
    qualifier: string,
    record: object,
    lookup: string | null = null,
  ): Promise<void> {
    this.#note(kind);
    await this.#queries.run(
      `INSERT INTO lambda_settings (account, region, kind, name, qualifier, record, lookup) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, kind, name, qualifier) DO UPDATE
         SET record = excluded.record, lookup = excluded.lookup`,
      key.account,
      key.region,
      kind,
      key.name,
      qualifier,
      JSON.stringify(record),
      lookup,
    );
  }

  /** Deletes a setting; false when there is none. */
  async delete(kind: SettingKind, key: FunctionKey, qualifier: string): Promise<boolean> {
    this.#note(kind);
    const changes = await this.#queries.run(
      'DELETE FROM lambda_settings WHERE account = ? AND region = ? AND kind = ? AND name = ? AND qualifier = ?',
      key.account,
      key.region,
      kind,
      key.name,
      qualifier,
    );
    return changes > 0;
  }

  /** One kind of setting of a function, for its qualifiers above `after` in their order. */
  async ofFunction<T>(kind: SettingKind, key: FunctionKey, after?: string, limit = -1): Promise<StoredSetting<T>[]> {
    const rows = await this.#queries.all<SettingRow>(
      `SELECT name, qualifier, record FROM lambda_settings
       WHERE account = ? AND region = ? AND kind = ? AND name = ? AND (qualifier > ? OR ? = 1) ORDER BY qualifier LIMIT ?`,
      key.account,
      key.region,
      kind,
      key.name,
      after ?? '',
      after === undefined ? 1 : 0,
      limit,
    );
    return rows.map((row) => ({ ...key, qualifier: row.qualifier, record: JSON.parse(row.record) }));
  }

  /** One kind of setting of all functions of an account in a region. */
  async ofAccount<T>(kind: SettingKind, account: string, region: string): Promise<StoredSetting<T>[]> {
    const rows = await this.#queries.all<SettingRow>(
      `SELECT name, qualifier, record FROM lambda_settings
       WHERE account = ? AND region = ? AND kind = ? ORDER BY name, qualifier`,
      account,
      region,
      kind,
    );
    return rows.map(({ name, qualifier, record }) => ({
      account,
      region,
      name,
      qualifier,
      record: JSON.parse(record),
    }));
  }

  /** The functions that have a kind of setting. */
  async functionsWith(kind: SettingKind): Promise<FunctionKey[]> {
    return this.#queries.all<{ account: string; region: string; name: string }>(
      'SELECT DISTINCT account, region, name FROM lambda_settings WHERE kind = ?',
      kind,
    );
  }

  /** Everything that belongs to one qualifier of a function, but for one kind of setting if `except` names it. */
  async deleteQualifier(key: FunctionKey, qualifier: string, except: SettingKind | '' = ''): Promise<void> {
    const changes = await this.#queries.run(
      'DELETE FROM lambda_settings WHERE account = ? AND region = ? AND name = ? AND qualifier = ? AND kind <> ?',
      key.account,
      key.region,
      key.name,
      qualifier,
      except,
    );
    this.haveChanged ||= changes > 0;
  }

  async deleteAll(key: FunctionKey): Promise<void> {
    const changes = await this.#queries.run(
      'DELETE FROM lambda_settings WHERE account = ? AND region = ? AND name = ?',
      key.account,
      key.region,
      key.name,
    );
    this.haveChanged ||= changes > 0;
  }

  #note(kind: SettingKind): void {
    this.haveChanged ||= invocationKinds.includes(kind);
  }
}
