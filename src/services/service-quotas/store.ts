// What Service Quotas keeps: values that accounts were given, and the requests for them. The only file that reads or writes it.
import type { Database, Migration, Queries, Row } from '../../storage/index.ts';

const migrations: readonly Migration[] = [
  {
    name: 'applied values and requests',
    sql: `
      CREATE TABLE service_quotas_applied (
        account TEXT NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL, quota TEXT NOT NULL, value REAL NOT NULL,
        PRIMARY KEY (account, region, service, quota)
      );
      CREATE TABLE service_quotas_requests (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL, quota TEXT NOT NULL,
        status TEXT NOT NULL, created INTEGER NOT NULL, record TEXT NOT NULL
      );
      CREATE INDEX service_quotas_requests_in_order ON service_quotas_requests (account, region, created, id);
      CREATE INDEX service_quotas_requests_by_status ON service_quotas_requests (status, account, region);
    `,
  },
];

export interface QuotaKey {
  account: string;
  region: string;
  service: string;
  quota: string;
}

export interface RequestRecord extends QuotaKey {
  id: string;
  status: 'PENDING' | 'APPROVED';
  desiredValue: number;
  /** Epoch milliseconds, as is `lastUpdated`. */
  created: number;
  lastUpdated: number;
  /** ARN of the caller. */
  requester: string;
}

export interface RequestFilter {
  service?: string | undefined;
  quota?: string | undefined;
  status?: string | undefined;
}

/** Where a page of requests ended. */
export interface RequestPlace {
  created: number;
  id: string;
}

interface AppliedRow extends Row {
  account: string;
  region: string;
  service: string;
  quota: string;
  value: number;
}

interface RequestRow extends Row {
  record: string;
}

export class QuotaStore {
  readonly #database: Database;
  /** Few, and asked for with each invocation: all are kept in memory. */
  readonly #applied = new Map<string, number>();

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<QuotaStore> {
    await database.migrate('service-quotas', migrations);
    const store = new QuotaStore(database);
    const rows = await database.all<AppliedRow>('SELECT * FROM service_quotas_applied');
    for (const row of rows) store.#applied.set(nameOf(row), row.value);
    return store;
  }

  /** What an account was given; undefined when it has what every account has. */
  applied(key: QuotaKey): number | undefined {
    return this.#applied.get(nameOf(key));
  }

  /** Keeps a request, unless one for the same quota is still open; then nothing is kept and it resolves to false. */
  add(request: RequestRecord): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      const { account, region, service, quota } = request;
      const open = await queries.get(
        `SELECT id FROM service_quotas_requests
         WHERE status = 'PENDING' AND account = ? AND region = ? AND service = ? AND quota = ?`,
        account,
        region,
        service,
        quota,
      );
      if (open !== undefined) return false;
      await put(queries, request);
      return true;
    });
  }

  /** Gives an account what a request asks for. Nothing happens when the request was decided before. */
  async grant(id: string, now: number): Promise<void> {
    const granted = await this.#database.transaction(async (queries) => {
      const request = await find(queries, id);
      if (request?.status !== 'PENDING') return undefined;
      const { account, region, service, quota, desiredValue } = request;
      await put(queries, { ...request, status: 'APPROVED', lastUpdated: now });
      await queries.run(
        `INSERT INTO service_quotas_applied (account, region, service, quota, value) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (account, region, service, quota) DO UPDATE SET value = excluded.value`,
        account,
        region,
        service,
        quota,
        desiredValue,
      );
      return request;
    });
    if (granted !== undefined) this.#applied.set(nameOf(granted), granted.desiredValue);
  }

  request(id: string): Promise<RequestRecord | undefined> {
    return find(this.#database, id);
  }

  /** Ids of requests that nothing was decided about. */
  async pending(): Promise<string[]> {
    const rows = await this.#database.all<{ id: string }>(
      "SELECT id FROM service_quotas_requests WHERE status = 'PENDING'",
    );
    return rows.map(({ id }) => id);
  }

  /** Requests of an account in a region before a place, the newest first. */
  async requests(
    { account, region }: { account: string; region: string },
    { service, quota, status }: RequestFilter,
    before: RequestPlace | undefined,
    limit: number,
  ): Promise<RequestRecord[]> {
    const created = before?.created ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.#database.all<RequestRow>(
      `SELECT record FROM service_quotas_requests
       WHERE account = ? AND region = ? AND (created < ? OR (created = ? AND id < ?))
         AND (? = '' OR service = ?) AND (? = '' OR quota = ?) AND (? = '' OR status = ?)
       ORDER BY created DESC, id DESC LIMIT ?`,
      account,
      region,
      created,
      created,
      before?.id ?? '',
      ...twice(service),
      ...twice(quota),
      ...twice(status),
      limit,
    );
    return rows.map((row) => JSON.parse(row.record));
  }
}

function nameOf({ account, region, service, quota }: QuotaKey): string {
  return `${account}/${region}/${service}/${quota}`;
}

/** For a condition that an empty value switches off. */
function twice(value: string | undefined): [string, string] {
  return [value ?? '', value ?? ''];
}

async function find(queries: Queries, id: string): Promise<RequestRecord | undefined> {
  const row = await queries.get<RequestRow>('SELECT record FROM service_quotas_requests WHERE id = ?', id);
  return row === undefined ? undefined : JSON.parse(row.record);
}

async function put(queries: Queries, request: RequestRecord): Promise<void> {
  await queries.run(
    `INSERT INTO service_quotas_requests (id, account, region, service, quota, status, created, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, record = excluded.record`,
    request.id,
    request.account,
    request.region,
    request.service,
    request.quota,
    request.status,
    request.created,
    JSON.stringify(request),
  );
}
