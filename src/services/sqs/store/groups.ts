// Message groups of FIFO queues: when each may be received from again. Every method works within a transaction of its caller.
import type { Queries } from '../../../storage/index.ts';

/** Notes that a message was put behind the others of its group. */
export async function addToGroup(queries: Queries, messageSet: number, name: string, visibleAt: number): Promise<void> {
  await queries.run(
    'INSERT INTO sqs_group (message_set, name, available_at) VALUES (?, ?, ?) ON CONFLICT (message_set, name) DO NOTHING',
    messageSet,
    name,
    visibleAt,
  );
}

/**
 * Brings a group up to date after its messages have changed: it is closed until its first message is visible, whether or
 * not later ones are in flight still.
 */
export async function refreshGroup(queries: Queries, messageSet: number, name: string): Promise<void> {
  const first = await queries.get<{ visible_at: number }>(
    'SELECT visible_at FROM sqs_message WHERE message_set = ? AND fifo_group = ? ORDER BY position LIMIT 1',
    messageSet,
    name,
  );
  if (first === undefined) {
    await queries.run('DELETE FROM sqs_group WHERE message_set = ? AND name = ?', messageSet, name);
    return;
  }
  await queries.run(
    'UPDATE sqs_group SET available_at = ? WHERE message_set = ? AND name = ?',
    first.visible_at,
    messageSet,
    name,
  );
}

/** Open groups, those that have been open longest first. */
export async function openGroups(queries: Queries, messageSet: number, now: number, limit: number): Promise<string[]> {
  const rows = await queries.all<{ name: string }>(
    'SELECT name FROM sqs_group WHERE message_set = ? AND available_at <= ? ORDER BY available_at LIMIT ?',
    messageSet,
    now,
    limit,
  );
  return rows.map(({ name }) => name);
}

/** When the next group opens that is closed now; undefined when none will. */
export async function nextOpening(queries: Queries, messageSet: number, now: number): Promise<number | undefined> {
  const row = await queries.get<{ at: number | null }>(
    'SELECT MIN(available_at) AS at FROM sqs_group WHERE message_set = ? AND available_at > ?',
    messageSet,
    now,
  );
  return row?.at ?? undefined;
}

/** Delays what was never received by `delayMs` since it was sent. */
export async function redelay(queries: Queries, messageSet: number, delayMs: number): Promise<void> {
  await queries.run(
    'UPDATE sqs_message SET visible_at = sent + ? WHERE message_set = ? AND in_flight = 0 AND receive_count = 0',
    delayMs,
    messageSet,
  );
  const groups = await queries.all<{ name: string }>('SELECT name FROM sqs_group WHERE message_set = ?', messageSet);
  for (const { name } of groups) await refreshGroup(queries, messageSet, name);
}
