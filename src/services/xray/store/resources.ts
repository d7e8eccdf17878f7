// What is kept of sampling rules and groups. The only file that reads or writes it.
import type { SamplingCriteria } from '../sampling.ts';
import type { Database, Migration, Row } from '../../../storage/index.ts';
import type { Owner } from '../xray.ts';

const migrations: readonly Migration[] = [
  {
    name: 'sampling rules and groups',
    sql: `
      CREATE TABLE xray_resources (
        account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (account, region, kind, name)
      );
    `,
  },
];

/** Times are epoch milliseconds. */
export interface RuleRecord extends SamplingCriteria {
  kind: 'rule';
  tags: Record<string, string>;
  createdAt: number;
  modifiedAt: number;
}

export interface GroupRecord {
  kind: 'group';
  name: string;
  /** Ends its ARN. */
  id: string;
  filterExpression?: string;
  tags: Record<string, string>;
}

export type ResourceRecord = RuleRecord | GroupRecord;

interface ResourceRow extends Row {
  account: string;
  region: string;
  record: string;
}

/** Rules are asked for with each invocation that is traced, groups with each filter, and both are few: all are in memory. */
export class ResourceStore {
  readonly #database: Database;
  /** By account and region, then by kind and name. */
  readonly #owners = new Map<string, Map<string, ResourceRecord>>();

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<ResourceStore> {
    await database.migrate('xray-resources', migrations);
    const store = new ResourceStore(database);
    const rows = await database.all<ResourceRow>('SELECT account, region, record FROM xray_resources');
    for (const row of rows) store.#remember(row, JSON.parse(row.record));
    return store;
  }

  get<K extends ResourceRecord['kind']>(owner: Owner, kind: K, name: string) {
    const found = this.#owners.get(ownerKey(owner))?.get(`${kind}/${name}`);
    return found as Extract<ResourceRecord, { kind: K }> | undefined;
  }

  /** In the order of their names. */
  list<K extends ResourceRecord['kind']>(owner: Owner, kind: K): Extract<ResourceRecord, { kind: K }>[] {
    const found = [...(this.#owners.get(ownerKey(owner))?.values() ?? [])].filter((each) => each.kind === kind);
    return (found as Extract<ResourceRecord, { kind: K }>[]).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Keeps what `change` makes of a resource; it throws what is to be refused, and sees no other change half done. */
  async change<R extends ResourceRecord>(
    { account, region }: Owner,
    kind: R['kind'],
    name: string,
    change: (current: R | undefined) => R | undefined,
  ): Promise<R | undefined> {
    const changed = await this.#database.transaction(async (queries) => {
      const result = change(this.get({ account, region }, kind, name) as R | undefined);
      if (result === undefined) {
        const key = [account, region, kind, name];
        await queries.run(
          'DELETE FROM xray_resources WHERE account = ? AND region = ? AND kind = ? AND name = ?',
          ...key,
        );
        return undefined;
      }
      await queries.run(
        `INSERT INTO xray_resources (account, region, kind, name, record) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (account, region, kind, name) DO UPDATE SET record = excluded.record`,
        ...[account, region, kind, name, JSON.stringify(result)],
      );
      return result;
    });
    if (changed === undefined) this.#owners.get(ownerKey({ account, region }))?.delete(`${kind}/${name}`);
    else this.#remember({ account, region }, changed);
    return changed;
  }

  #remember(owner: Owner, record: ResourceRecord): void {
    const key = ownerKey(owner);
    let resources = this.#owners.get(key);
    if (resources === undefined) {
      resources = new Map();
      this.#owners.set(key, resources);
    }
    resources.set(`${record.kind}/${record.name}`, record);
  }
}

function ownerKey({ account, region }: Owner): string {
  return `${account}/${region}`;
}
