// What a FIFO queue remembers of messages that were sent in the last five minutes.
import type { Queries, Row } from '../../../storage/index.ts';
import { bounds, limits } from '../limits.ts';

export interface Duplicate extends Row {
  message_id: string;
  position: number;
}

/** The message that was sent under this id within the interval, whether it still exists or not. */
export function findDuplicate(
  queries: Queries,
  messageSet: number,
  scope: string,
  deduplicationId: string,
  now: number,
): Promise<Duplicate | undefined> {
  return queries.get<Duplicate>(
    `SELECT message_id, position FROM sqs_deduplication
     WHERE message_set = ? AND scope = ? AND deduplication_id = ? AND sent > ?`,
    messageSet,
    scope,
    deduplicationId,
    now - limits.deduplicationMs,
  );
}

export async function rememberSent(
  queries: Queries,
  messageSet: number,
  scope: string,
  deduplicationId: string,
  sent: { now: number; messageId: string; position: number },
): Promise<void> {
  await queries.run(
    `INSERT INTO sqs_deduplication (message_set, scope, deduplication_id, sent, message_id, position)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (message_set, scope, deduplication_id)
     DO UPDATE SET sent = excluded.sent, message_id = excluded.message_id, position = excluded.position`,
    messageSet,
    scope,
    deduplicationId,
    sent.now,
    sent.messageId,
    sent.position,
  );
}

/** Clears away some of what is too old to matter, of any queue; how much that was. */
export async function forgetSent(queries: Queries, now: number, limit: number = bounds.rowsAside): Promise<number> {
  const old = await queries.all<{ message_set: number; scope: string; deduplication_id: string }>(
    'SELECT message_set, scope, deduplication_id FROM sqs_deduplication WHERE sent <= ? LIMIT ?',
    now - limits.deduplicationMs,
    limit,
  );
  for (const row of old) {
    await queries.run(
      'DELETE FROM sqs_deduplication WHERE message_set = ? AND scope = ? AND deduplication_id = ?',
      row.message_set,
      row.scope,
      row.deduplication_id,
    );
  }
  return old.length;
}
