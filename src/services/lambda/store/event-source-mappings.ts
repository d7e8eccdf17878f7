// The rows of event source mappings, found by their UUID, their function's ARN, or their source's ARN.
import type { Queries, Row } from '../../../storage/index.ts';
import type { SourceKind } from '../event-source.ts';
import type { MappingSettings, MappingState } from '../event-source-mapping.ts';

export interface MappingRecord {
  kind: SourceKind;
  /** With the qualifier that the mapping was made for, if any. */
  functionArn: string;
  /** What the caller set, and the defaults of the kind of source, as AWS shows them. */
  settings: MappingSettings;
  state: MappingState;
  /** Whether it polls once it has settled. */
  enabled: boolean;
  /** Epoch milliseconds. */
  lastModified: number;
  tags: Record<string, string>;
}

export interface StoredMapping {
  account: string;
  region: string;
  uuid: string;
  record: MappingRecord;
}

/** Both absent: all mappings of the account in a region. */
export interface MappingFilter {
  functionArn?: string | undefined;
  sourceArn?: string | undefined;
}

interface MappingRow extends Row {
  account: string;
  region: string;
  uuid: string;
  record: string;
}

export class EventSourceMappingRows {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get(account: string, region: string, uuid: string): Promise<MappingRecord | undefined> {
    const row = await this.#queries.get<MappingRow>(
      'SELECT * FROM lambda_event_source_mappings WHERE account = ? AND region = ? AND uuid = ?',
      account,
      region,
      uuid,
    );
    return row === undefined ? undefined : JSON.parse(row.record);
  }

  /** Mappings with a UUID above `after`, in the order of UUIDs. */
  async list(account: string, region: string, filter: MappingFilter, after = '', limit = -1): Promise<StoredMapping[]> {
    const conditions = ['account = ?', 'region = ?'];
    const values = [account, region];
    if (filter.functionArn !== undefined) {
      conditions.push('function_arn = ?');
      values.push(filter.functionArn);
    }
    if (filter.sourceArn !== undefined) {
      conditions.push('source = ?');
      values.push(filter.sourceArn);
    }
    const rows = await this.#queries.all<MappingRow>(
      `SELECT * FROM lambda_event_source_mappings WHERE ${conditions.join(' AND ')} AND uuid > ? ORDER BY uuid LIMIT ?`,
      ...values,
      after,
      limit,
    );
    return rows.map(toStored);
  }

  async put({ account, region, uuid, record }: StoredMapping): Promise<void> {
    await this.#queries.run(
      `INSERT INTO lambda_event_source_mappings (account, region, uuid, function_arn, source, settled, record)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, uuid)
       DO UPDATE SET function_arn = excluded.function_arn, settled = excluded.settled, record = excluded.record`,
      account,
      region,
      uuid,
      record.functionArn,
      record.settings.EventSourceArn ?? '',
      record.state === 'Enabled' || record.state === 'Disabled' ? 1 : 0,
      JSON.stringify(record),
    );
  }

  async delete(account: string, region: string, uuid: string): Promise<void> {
    await this.#queries.run(
      'DELETE FROM lambda_event_source_mappings WHERE account = ? AND region = ? AND uuid = ?',
      account,
      region,
      uuid,
    );
  }

  /** All that are polled. */
  async enabled(): Promise<StoredMapping[]> {
    const rows = await this.#queries.all<MappingRow>('SELECT * FROM lambda_event_source_mappings WHERE settled = 1');
    return rows.map(toStored).filter(({ record }) => record.state === 'Enabled');
  }

  /** What a crash left on its way to another state. */
  async unsettled(): Promise<StoredMapping[]> {
    const rows = await this.#queries.all<MappingRow>('SELECT * FROM lambda_event_source_mappings WHERE settled = 0');
    return rows.map(toStored);
  }
}

function toStored({ account, region, uuid, record }: MappingRow): StoredMapping {
  return { account, region, uuid, record: JSON.parse(record) };
}
