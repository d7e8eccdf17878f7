// Rows of blocks: writing batches of events, and finding and reading blocks by time.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import { type Block, decodeBlock, encodeBlocks, type Events } from '../block.ts';
import { bounds, limits } from '../limits.ts';
import { concatenated, ordered } from '../order-events.ts';
import { type Delivery, insertDelivery } from './deliveries.ts';
import { findGroup, insertGroup } from './groups.ts';
import { findOrInsertStream } from './streams.ts';

/** Events of one stream that came in together, in the order in which they came. */
export interface Batch {
  account: string;
  region: string;
  group: string;
  stream: string;
  /** When known. */
  streamId: number | undefined;
  /** Epoch milliseconds. */
  timestamps: number[];
  messages: string[];
}

/** A batch as it was stored. */
export interface StoredBatch extends Batch {
  groupId: number;
  streamId: number;
  /** Ordered by timestamp, then sequence. */
  events: Events;
}

export type DeliveryDraft = Omit<Delivery, 'id' | 'attempts'>;

/** What is known of a block without reading it. */
export interface BlockHeader {
  groupId: number;
  streamId: number;
  firstTime: number;
  firstSequence: number;
  lastTime: number;
}

interface HeaderRow extends Row {
  group_id: number;
  stream_id: number;
  first_time: number;
  first_sequence: number;
  last_time: number;
}

/** Blocks of a group or of one stream that hold events from `from` to `to`, both included. */
export interface BlockRange {
  scope: { groupId: number } | { streamId: number };
  from: number;
  to: number;
}

const headerColumns = 'group_id, stream_id, first_time, first_sequence, last_time';

export class BlockStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores batches in one transaction, and with them the deliveries that `deliver` draws up. With `create`, groups and
   * streams that are missing spring into being; without it a batch whose stream is gone is left out of the result.
   */
  write(
    batches: Batch[],
    options: { now: number; create: boolean; deliver: (batch: StoredBatch) => DeliveryDraft[] },
  ): Promise<StoredBatch[]> {
    return this.#database.transaction(async (queries) => {
      const stored: StoredBatch[] = [];
      const bytesOfGroup = new Map<number, number>();
      for (const batch of batches) {
        const written = await writeBatch(queries, batch, options);
        if (written === undefined) continue;
        stored.push(written.batch);
        for (const draft of options.deliver(written.batch)) await insertDelivery(queries, draft);
        bytesOfGroup.set(written.batch.groupId, (bytesOfGroup.get(written.batch.groupId) ?? 0) + written.bytes);
      }
      for (const [groupId, bytes] of bytesOfGroup) {
        await queries.run('UPDATE log_group SET stored_bytes = stored_bytes + ? WHERE id = ?', bytes, groupId);
      }
      return stored;
    });
  }

  /** The next blocks by first time, ascending, that come after the block `after`. */
  async headersForward(range: BlockRange, after: BlockHeader | undefined, limit: number): Promise<BlockHeader[]> {
    const [column, id] = scopeOf(range);
    const lowest = after?.firstTime ?? range.from - bounds.blockSpanMs;
    const rows = await this.#database.all<HeaderRow>(
      `SELECT ${headerColumns} FROM log_block
       WHERE ${column} = ? AND first_time >= ? AND first_time <= ? AND (first_time, stream_id, first_sequence) > (?, ?, ?) AND last_time >= ?
       ORDER BY first_time, stream_id, first_sequence LIMIT ?`,
      id,
      lowest,
      range.to,
      lowest,
      after?.streamId ?? 0,
      after?.firstSequence ?? 0,
      range.from,
      limit,
    );
    return rows.map(toHeader);
  }

  /** The next blocks by first time, descending, that come before the block `before`. */
  async headersBackward(range: BlockRange, before: BlockHeader | undefined, limit: number): Promise<BlockHeader[]> {
    const [column, id] = scopeOf(range);
    const highest = before?.firstTime ?? range.to;
    const rows = await this.#database.all<HeaderRow>(
      `SELECT ${headerColumns} FROM log_block
       WHERE ${column} = ? AND first_time >= ? AND first_time <= ? AND (first_time, stream_id, first_sequence) < (?, ?, ?) AND last_time >= ?
       ORDER BY first_time DESC, stream_id DESC, first_sequence DESC LIMIT ?`,
      id,
      range.from - bounds.blockSpanMs,
      highest,
      highest,
      before?.streamId ?? Number.MAX_SAFE_INTEGER,
      before?.firstSequence ?? Number.MAX_SAFE_INTEGER,
      range.from,
      limit,
    );
    return rows.map(toHeader);
  }

  /** The events of a block, and what its body weighs in memory; undefined when it was deleted or merged meanwhile. */
  async read(header: BlockHeader): Promise<Events | undefined> {
    const row = await this.#database.get<{ encoding: number; body: Uint8Array }>(
      'SELECT encoding, body FROM log_block WHERE stream_id = ? AND first_time = ? AND first_sequence = ?',
      header.streamId,
      header.firstTime,
      header.firstSequence,
    );
    return row && decodeBlock(row.encoding, row.body);
  }

  /**
   * Deletes up to `limit` blocks of a group whose events are all older than `before` (epoch milliseconds).
   * Resolves to how many there were.
   */
  deleteBefore(groupId: number, before: number, limit: number): Promise<number> {
    return this.#database.transaction(async (queries) => {
      const rows = await queries.all<HeaderRow & { event_bytes: number }>(
        `SELECT ${headerColumns}, event_bytes FROM log_block
         WHERE group_id = ? AND first_time < ? AND last_time < ? ORDER BY first_time LIMIT ?`,
        groupId,
        before,
        before,
        limit,
      );
      const bytesOfStream = new Map<number, number>();
      for (const row of rows) {
        bytesOfStream.set(row.stream_id, (bytesOfStream.get(row.stream_id) ?? 0) + row.event_bytes);
        await deleteBlock(queries, row.stream_id, row.first_time, row.first_sequence);
      }
      for (const [streamId, bytes] of bytesOfStream) {
        await queries.run(
          `UPDATE log_stream SET stored_bytes = stored_bytes - ?,
             first_event_time = (SELECT MIN(first_time) FROM log_block WHERE stream_id = ?) WHERE id = ?`,
          bytes,
          streamId,
          streamId,
        );
        await queries.run('UPDATE log_group SET stored_bytes = stored_bytes - ? WHERE id = ?', bytes, groupId);
      }
      return rows.length;
    });
  }

  /**
   * Rewrites small blocks of a stream, from the time `from` on and at most `limit` of them, as few larger ones.
   * Resolves to the number of blocks before and after.
   */
  merge(streamId: number, from: number, limit: number): Promise<{ before: number; after: number }> {
    return this.#database.transaction(async (queries) => {
      const rows = await queries.all<HeaderRow & { encoding: number; body: Uint8Array }>(
        `SELECT ${headerColumns}, encoding, body FROM log_block
         WHERE stream_id = ? AND first_time >= ? AND event_count < ? AND event_bytes < ?
         ORDER BY first_time, first_sequence LIMIT ?`,
        streamId,
        from,
        bounds.smallBlockEvents,
        bounds.smallBlockBytes,
        limit,
      );
      if (rows.length < 2) return { before: rows.length, after: rows.length };
      const parts = rows.map((row) => decodeBlock(row.encoding, row.body));
      const blocks = encodeBlocks(ordered(concatenated(parts)));
      for (const row of rows) await deleteBlock(queries, row.stream_id, row.first_time, row.first_sequence);
      for (const block of blocks) await insertBlock(queries, rows[0]!.group_id, streamId, block);
      return { before: rows.length, after: blocks.length };
    });
  }
}

async function writeBatch(
  queries: Queries,
  batch: Batch,
  { now, create }: { now: number; create: boolean },
): Promise<{ batch: StoredBatch; bytes: number } | undefined> {
  let bytes = 0;
  for (const message of batch.messages) bytes += Buffer.byteLength(message) + limits.eventOverheadBytes;
  let streamId = batch.streamId;
  let taken = streamId === undefined ? undefined : await takeSequences(queries, streamId, batch, bytes, now);
  if (taken === undefined) {
    if (!create) return undefined;
    streamId = await findOrMakeStream(queries, batch, now);
    taken = (await takeSequences(queries, streamId, batch, bytes, now))!;
  }
  const events = ordered({
    timestamps: batch.timestamps,
    sequences: batch.timestamps.map((_, index) => taken.firstSequence + index),
    ingestionTimes: batch.timestamps.map(() => now),
    messages: batch.messages,
  });
  for (const block of encodeBlocks(events)) await insertBlock(queries, taken.groupId, streamId!, block);
  return { batch: { ...batch, groupId: taken.groupId, streamId: streamId!, events }, bytes };
}

/** Reserves sequences for a batch and records its times; undefined when the stream is gone. */
async function takeSequences(
  queries: Queries,
  streamId: number,
  { timestamps }: Batch,
  bytes: number,
  now: number,
): Promise<{ groupId: number; firstSequence: number } | undefined> {
  let first = timestamps[0]!;
  let last = first;
  for (const timestamp of timestamps) {
    if (timestamp < first) first = timestamp;
    if (timestamp > last) last = timestamp;
  }
  const row = await queries.get<{ group_id: number; next_sequence: number }>(
    `UPDATE log_stream SET next_sequence = next_sequence + ?, stored_bytes = stored_bytes + ?, last_ingestion_time = ?,
       first_event_time = CASE WHEN first_event_time <= ? THEN first_event_time ELSE ? END,
       last_event_time = CASE WHEN last_event_time >= ? THEN last_event_time ELSE ? END
     WHERE id = ? RETURNING group_id, next_sequence`,
    timestamps.length,
    bytes,
    now,
    first,
    first,
    last,
    last,
    streamId,
  );
  return row && { groupId: row.group_id, firstSequence: row.next_sequence - timestamps.length };
}

async function findOrMakeStream(queries: Queries, batch: Batch, now: number): Promise<number> {
  const { account, region, group: name } = batch;
  const groupId =
    (await findGroup(queries, account, region, name))?.id ??
    (await insertGroup(queries, {
      account,
      region,
      name,
      creationTime: now,
      retentionDays: undefined,
      deletionProtection: false,
      tags: {},
    }));
  return findOrInsertStream(queries, groupId, batch.stream, now);
}

async function insertBlock(queries: Queries, groupId: number, streamId: number, block: Block): Promise<void> {
  await queries.run(
    `INSERT INTO log_block (${headerColumns}, event_count, event_bytes, encoding, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    groupId,
    streamId,
    block.firstTime,
    block.firstSequence,
    block.lastTime,
    block.count,
    block.bytes,
    block.encoding,
    block.body,
  );
}

async function deleteBlock(
  queries: Queries,
  streamId: number,
  firstTime: number,
  firstSequence: number,
): Promise<void> {
  await queries.run(
    'DELETE FROM log_block WHERE stream_id = ? AND first_time = ? AND first_sequence = ?',
    streamId,
    firstTime,
    firstSequence,
  );
}

function scopeOf({ scope }: BlockRange): [column: string, id: number] {
  return 'groupId' in scope ? ['group_id', scope.groupId] : ['stream_id', scope.streamId];
}

function toHeader(row: HeaderRow): BlockHeader {
  return {
    groupId: row.group_id,
    streamId: row.stream_id,
    firstTime: row.first_time,
    firstSequence: row.first_sequence,
    lastTime: row.last_time,
  };
}
