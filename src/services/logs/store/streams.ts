// Rows of log streams.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import { nextId } from './next-id.ts';

export interface LogStream {
  id: number;
  groupId: number;
  name: string;
  /** Times are epoch milliseconds; undefined until the first event. */
  creationTime: number;
  firstEventTime: number | undefined;
  lastEventTime: number | undefined;
  lastIngestionTime: number | undefined;
}

interface StreamRow extends Row {
  id: number;
  group_id: number;
  name: string;
  creation_time: number;
  first_event_time: number | null;
  /** -1 when there is none, so that an index can order by it. */
  last_event_time: number;
  last_ingestion_time: number | null;
}

const columns = 'id, group_id, name, creation_time, first_event_time, last_event_time, last_ingestion_time';

/** Where the next page of streams ordered by last event begins. */
export interface LastEventCursor {
  /** -1 for streams without events. */
  time: number;
  name: string;
}

export class StreamStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** False when the group has a stream of that name. */
  create(groupId: number, name: string, creationTime: number): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      if ((await findStream(queries, groupId, name)) !== undefined) return false;
      await insertStream(queries, groupId, name, creationTime);
      return true;
    });
  }

  find(groupId: number, name: string): Promise<LogStream | undefined> {
    return findStream(this.#database, groupId, name);
  }

  /** Streams whose names begin with `prefix`, by name; `after` is exclusive. */
  async listByName(
    groupId: number,
    options: { prefix: string; after: string | undefined; descending: boolean; limit: number },
  ): Promise<LogStream[]> {
    const { prefix, after, descending, limit } = options;
    const end = `${prefix}\u{10ffff}`;
    const rows = descending
      ? await this.#database.all<StreamRow>(
          `SELECT ${columns} FROM log_stream WHERE group_id = ? AND name >= ? AND name < ? ORDER BY name DESC LIMIT ?`,
          groupId,
          prefix,
          after ?? end,
          limit,
        )
      : await this.#database.all<StreamRow>(
          `SELECT ${columns} FROM log_stream WHERE group_id = ? AND name >= ? AND name > ? AND name < ? ORDER BY name LIMIT ?`,
          groupId,
          prefix,
          after ?? '',
          end,
          limit,
        );
    return rows.map(toStream);
  }

  /** All streams of a group by the time of their last event, those without any first; `after` is exclusive. */
  async listByLastEvent(
    groupId: number,
    options: { after: LastEventCursor | undefined; descending: boolean; limit: number },
  ): Promise<LogStream[]> {
    const { after, descending, limit } = options;
    const rows = descending
      ? await this.#database.all<StreamRow>(
          `SELECT ${columns} FROM log_stream WHERE group_id = ? AND (last_event_time, name) < (?, ?)
           ORDER BY last_event_time DESC, name DESC LIMIT ?`,
          groupId,
          after?.time ?? Number.MAX_SAFE_INTEGER,
          after?.name ?? '',
          limit,
        )
      : await this.#database.all<StreamRow>(
          `SELECT ${columns} FROM log_stream WHERE group_id = ? AND (last_event_time, name) > (?, ?)
           ORDER BY last_event_time, name LIMIT ?`,
          groupId,
          after?.time ?? -2,
          after?.name ?? '',
          limit,
        );
    return rows.map(toStream);
  }

  async idsByPrefix(groupId: number, prefix: string): Promise<number[]> {
    const rows = await this.#database.all<{ id: number }>(
      'SELECT id FROM log_stream WHERE group_id = ? AND name >= ? AND name < ?',
      groupId,
      prefix,
      `${prefix}\u{10ffff}`,
    );
    return rows.map(({ id }) => id);
  }

  async nameOf(id: number): Promise<string | undefined> {
    return (await this.#database.get<{ name: string }>('SELECT name FROM log_stream WHERE id = ?', id))?.name;
  }

  /** Deletes the stream and its events; false when there is none. */
  delete(id: number): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      const stream = await queries.get<{ group_id: number; stored_bytes: number }>(
        'SELECT group_id, stored_bytes FROM log_stream WHERE id = ?',
        id,
      );
      if (stream === undefined) return false;
      await queries.run('DELETE FROM log_block WHERE stream_id = ?', id);
      await queries.run('DELETE FROM log_stream WHERE id = ?', id);
      await queries.run(
        'UPDATE log_group SET stored_bytes = stored_bytes - ? WHERE id = ?',
        stream.stored_bytes,
        stream.group_id,
      );
      return true;
    });
  }
}

async function findStream(queries: Queries, groupId: number, name: string): Promise<LogStream | undefined> {
  const row = await queries.get<StreamRow>(
    `SELECT ${columns} FROM log_stream WHERE group_id = ? AND name = ?`,
    groupId,
    name,
  );
  return row && toStream(row);
}

/** The id of a stream, which is made when there is none; only within a transaction. */
export async function findOrInsertStream(
  queries: Queries,
  groupId: number,
  name: string,
  now: number,
): Promise<number> {
  return (await findStream(queries, groupId, name))?.id ?? insertStream(queries, groupId, name, now);
}

async function insertStream(queries: Queries, groupId: number, name: string, creationTime: number): Promise<number> {
  const id = await nextId(queries, 'stream');
  await queries.run(
    'INSERT INTO log_stream (id, group_id, name, creation_time, last_event_time, stored_bytes, next_sequence) VALUES (?, ?, ?, ?, -1, 0, 1)',
    id,
    groupId,
    name,
    creationTime,
  );
  return id;
}

function toStream(row: StreamRow): LogStream {
  return {
    id: row.id,
    groupId: row.group_id,
    name: row.name,
    creationTime: row.creation_time,
    firstEventTime: row.first_event_time ?? undefined,
    lastEventTime: row.last_event_time === -1 ? undefined : row.last_event_time,
    lastIngestionTime: row.last_ingestion_time ?? undefined,
  };
}
