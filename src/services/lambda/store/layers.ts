// The rows of layers, of their versions, and of which function versions have which.
import type { Queries, Row } from '../../../storage/index.ts';
import type { LayerVersionRecord } from '../layer-record.ts';
import { AccountUsageRows } from './account-usage.ts';
import type { FunctionKey, VersionKey } from './keys.ts';

/** A layer: its name is in a namespace of its own. */
export type LayerKey = FunctionKey;

export interface StoredLayerVersion extends LayerKey {
  version: LayerVersionRecord;
}

/** Which layer versions to list: those that name this runtime and this architecture. */
export interface LayerFilter {
  runtime?: string | undefined;
  architecture?: string | undefined;
}

interface LayerVersionRow extends Row {
  name: string;
  record: string;
}

export class LayerRows {
  readonly #queries: Queries;
  readonly #usage: AccountUsageRows;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#usage = new AccountUsageRows(queries);
  }

  /** The number of a layer's next version; numbers are never reused, also when all versions were deleted. */
  async nextNumber({ account, region, name }: LayerKey): Promise<number> {
    await this.#queries.run(
      `INSERT INTO lambda_layers (account, region, name, last_number) VALUES (?, ?, ?, 1)
       ON CONFLICT (account, region, name) DO UPDATE SET last_number = lambda_layers.last_number + 1`,
      account,
      region,
      name,
    );
    const row = await this.#queries.get<{ last_number: number }>(
      'SELECT last_number FROM lambda_layers WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    return row!.last_number;
  }

  async get({ account, region, name }: LayerKey, number: number): Promise<LayerVersionRecord | undefined> {
    const row = await this.#queries.get<LayerVersionRow>(
      'SELECT record FROM lambda_layer_versions WHERE account = ? AND region = ? AND name = ? AND number = ?',
      account,
      region,
      name,
      number,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  async put({ account, region, name }: LayerKey, version: LayerVersionRecord): Promise<void> {
    const before = await this.get({ account, region, name }, version.number);
    const codeBytes = version.code.zippedBytes - (before?.code.zippedBytes ?? 0);
    await this.#usage.add({ account, region }, { codeBytes });
    await this.#queries.run(
      `INSERT INTO lambda_layer_versions
         (account, region, name, number, code_sha256, runtimes, architectures, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name, number) DO UPDATE SET record = excluded.record`,
      account,
      region,
      name,
      version.number,
      version.code.sha256,
      words(version.runtimes),
      words(version.architectures),
      JSON.stringify(version),
    );
  }

  async delete({ account, region, name }: LayerKey, number: number): Promise<void> {
    const before = await this.get({ account, region, name }, number);
    await this.#usage.add({ account, region }, { codeBytes: -(before?.code.zippedBytes ?? 0) });
    await this.#queries.run(
      'DELETE FROM lambda_layer_versions WHERE account = ? AND region = ? AND name = ? AND number = ?',
      account,
      region,
      name,
      number,
    );
  }

  /** Versions of one layer below a number, the highest first. */
  async versionsOf(
    { account, region, name }: LayerKey,
    below: number,
    filter: LayerFilter,
    limit: number,
  ): Promise<LayerVersionRecord[]> {
    const rows = await this.#queries.all<LayerVersionRow>(
      `SELECT record FROM lambda_layer_versions
       WHERE account = ? AND region = ? AND name = ? AND number < ? AND runtimes LIKE ? AND architectures LIKE ?
       ORDER BY number DESC LIMIT ?`,
      account,
      region,
      name,
      below,
      ...patterns(filter),
      limit,
    );
    return rows.map((row) => JSON.parse(row.record));
  }

  /** The highest matching version of each layer after the one named, in the order of names; layers without are left out. */
  async latest(
    account: string,
    region: string,
    afterName: string,
    filter: LayerFilter,
    limit: number,
  ): Promise<StoredLayerVersion[]> {
    const rows = await this.#queries.all<LayerVersionRow>(
      `SELECT v.name, v.record FROM lambda_layers l JOIN lambda_layer_versions v
         ON v.account = l.account AND v.region = l.region AND v.name = l.name AND v.number = (
           SELECT number FROM lambda_layer_versions m
           WHERE m.account = l.account AND m.region = l.region AND m.name = l.name
             AND m.runtimes LIKE ? AND m.architectures LIKE ?
           ORDER BY m.number DESC LIMIT 1
         )
       WHERE l.account = ? AND l.region = ? AND l.name > ? ORDER BY l.name LIMIT ?`,
      ...patterns(filter),
      account,
      region,
      afterName,
      limit,
    );
    return rows.map((row) => ({ account, region, name: row.name, version: JSON.parse(row.record) }));
  }

  /** Whether a layer version, or a function version that has the layer, needs this package. */
  async needPackage(sha256: string): Promise<boolean> {
    const row = await this.#queries.get(
      `SELECT 1 AS used WHERE EXISTS (SELECT 1 FROM lambda_layer_versions WHERE code_sha256 = ?)
         OR EXISTS (SELECT 1 FROM lambda_version_layers WHERE code_sha256 = ?)`,
      sha256,
      sha256,
    );
    return row !== undefined;
  }

  /** Whether a function version has exactly the layers that `stack` names. */
  async needStack(stack: string): Promise<boolean> {
    const row = await this.#queries.get('SELECT 1 AS used FROM lambda_version_layers WHERE stack = ? LIMIT 1', stack);
    return row !== undefined;
  }

  /** Notes what a function version has, in the place of what it had. */
  async attach(key: VersionKey, stack: string, packages: readonly string[]): Promise<void> {
    await this.detach(key);
    for (const sha256 of packages) {
      await this.#queries.run(
        `INSERT INTO lambda_version_layers (account, region, name, number, code_sha256, stack) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, region, name, number, code_sha256) DO NOTHING`,
        key.account,
        key.region,
        key.name,
        key.number,
        sha256,
        stack,
      );
    }
  }

  async detach({ account, region, name, number }: VersionKey): Promise<void> {
    await this.#queries.run(
      'DELETE FROM lambda_version_layers WHERE account = ? AND region = ? AND name = ? AND number = ?',
      account,
      region,
      name,
      number,
    );
  }

  /** The same for all versions of a function; resolves to the packages that they had. */
  async detachAll({ account, region, name }: FunctionKey): Promise<string[]> {
    const rows = await this.#queries.all<{ code_sha256: string }>(
      'SELECT DISTINCT code_sha256 FROM lambda_version_layers WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    await this.#queries.run(
      'DELETE FROM lambda_version_layers WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
    return rows.map((row) => row.code_sha256);
  }
}

/** Each word between spaces, so that one can be found whole. */
function words(list: readonly string[] | undefined): string {
  return ` ${(list ?? []).join(' ')} `;
}

function patterns({ runtime, architecture }: LayerFilter): [string, string] {
  const patternOf = (word: string | undefined) => (word === undefined ? '%' : `% ${word} %`);
  return [patternOf(runtime), patternOf(architecture)];
}
