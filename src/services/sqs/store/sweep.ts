// What the background deletes, a little at a time.
import type { Queries, Row } from '../../../storage/index.ts';
import { deleteMessage } from './messages.ts';

/** Deletes some messages of a set that was discarded; false when none is left of any. */
export async function sweepDiscarded(queries: Queries, limit: number): Promise<boolean> {
  const set = await queries.get<{ message_set: number }>('SELECT message_set FROM sqs_discarded_set LIMIT 1');
  if (set === undefined) return false;
  const messages = await queries.all<{ id: number }>(
    'SELECT id FROM sqs_message WHERE message_set = ? LIMIT ?',
    set.message_set,
    limit,
  );
  for (const { id } of messages) await deleteMessage(queries, id);
  if (messages.length < limit) {
    await queries.run('DELETE FROM sqs_group WHERE message_set = ?', set.message_set);
    await queries.run('DELETE FROM sqs_deduplication WHERE message_set = ?', set.message_set);
    await queries.run('DELETE FROM sqs_discarded_set WHERE message_set = ?', set.message_set);
  }
  return true;
}

export interface ExpiredSet extends Row {
  message_set: number;
  sent_until: number;
}

/** Sets with messages that their queue keeps no longer, and until when those were sent. */
export async function setsWithExpired(queries: Queries, now: number, limit: number): Promise<ExpiredSet[]> {
  return queries.all(
    `SELECT q.message_set, ? - q.retention_ms AS sent_until FROM sqs_queue q
     WHERE EXISTS (SELECT 1 FROM sqs_message m WHERE m.message_set = q.message_set AND m.sent <= ? - q.retention_ms)
     LIMIT ?`,
    now,
    now,
    limit,
  );
}

/** Forgets deletions of queues that no longer hold their name back. */
export async function forgetDeletedQueues(queries: Queries, deletedUntil: number): Promise<void> {
  await queries.run('DELETE FROM sqs_deleted_queue WHERE deleted <= ?', deletedUntil);
}
