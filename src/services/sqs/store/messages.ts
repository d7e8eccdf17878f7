// Messages of all queues. Every method works within a transaction of its caller.
import type { Queries, Row } from '../../../storage/index.ts';
import { bounds } from '../limits.ts';

/** What a message is sent with, and keeps. */
export interface Content {
  messageId: string;
  body: string;
  bodyMd5: string;
  /** As `encodeAttributes` writes them. */
  attributes: string | null;
  traceHeader: string | null;
  senderId: string;
  groupId: string | null;
  deduplicationId: string | null;
}

/** Where a new message stands. */
export interface Placement {
  /** Also its position. */
  id: number;
  messageSet: number;
  /** Of FIFO queues only. */
  fifoGroup: string | null;
  /** Epoch milliseconds. */
  sent: number;
  visibleAt: number;
}

/** What delivering a message changes. */
export interface Delivery extends Row {
  id: number;
  position: number;
  fifo_group: string | null;
  sent: number;
  visible_at: number;
  in_flight: number;
  received: number | null;
  first_received: number | null;
  receive_count: number;
  source_arn: string | null;
}

export interface MessageRow extends Delivery {
  message_id: string;
  body: string;
  body_md5: string;
  attributes: string | null;
  trace_header: string | null;
  sender_id: string;
  group_id: string | null;
  deduplication_id: string | null;
}

export interface Counts extends Row {
  visible: number;
  in_flight: number;
  delayed: number;
}

const delivery =
  'm.id, m.position, m.fifo_group, m.sent, m.visible_at, m.in_flight, m.received, m.first_received, m.receive_count, m.source_arn';
const content =
  'c.message_id, c.body, c.body_md5, c.attributes, c.trace_header, c.sender_id, c.group_id, c.deduplication_id';
const whole = `SELECT ${delivery}, ${content} FROM sqs_message m JOIN sqs_content c ON c.id = m.id`;

export async function insertMessage(queries: Queries, at: Placement, what: Content): Promise<void> {
  await queries.run(
    `INSERT INTO sqs_message (id, message_set, position, fifo_group, sent, visible_at, in_flight, receive_count)
     VALUES (?, ?, ?, ?, ?, ?, 0, 0)`,
    at.id,
    at.messageSet,
    at.id,
    at.fifoGroup,
    at.sent,
    at.visibleAt,
  );
  await queries.run(
    'INSERT INTO sqs_content VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    at.id,
    what.messageId,
    what.body,
    what.bodyMd5,
    what.attributes,
    what.traceHeader,
    what.senderId,
    what.groupId,
    what.deduplicationId,
  );
}

/** Visible messages sent after `sentAfter`, those that have been visible longest first. */
export function visibleMessages(
  queries: Queries,
  messageSet: number,
  now: number,
  sentAfter: number,
  limit: number,
): Promise<MessageRow[]> {
  return queries.all<MessageRow>(
    `${whole} WHERE m.message_set = ? AND m.visible_at <= ? AND m.sent > ? ORDER BY m.visible_at, m.id LIMIT ?`,
    messageSet,
    now,
    sentAfter,
    limit,
  );
}

/** The first messages of a group, visible or not, in order. */
export function messagesOfGroup(
  queries: Queries,
  messageSet: number,
  group: string,
  sentAfter: number,
  limit: number,
): Promise<MessageRow[]> {
  return queries.all<MessageRow>(
    `${whole} WHERE m.message_set = ? AND m.fifo_group = ? AND m.sent > ? ORDER BY m.position LIMIT ?`,
    messageSet,
    group,
    sentAfter,
    limit,
  );
}

export function messageById(queries: Queries, messageSet: number, id: number): Promise<MessageRow | undefined> {
  return queries.get<MessageRow>(`${whole} WHERE m.id = ? AND m.message_set = ?`, id, messageSet);
}

export function deliveryOf(queries: Queries, messageSet: number, id: number): Promise<Delivery | undefined> {
  return queries.get<Delivery>(
    `SELECT ${delivery} FROM sqs_message m WHERE m.id = ? AND m.message_set = ?`,
    id,
    messageSet,
  );
}

export async function markReceived(queries: Queries, id: number, now: number, visibleAt: number): Promise<void> {
  await queries.run(
    `UPDATE sqs_message SET visible_at = ?, in_flight = 1, received = ?, first_received = COALESCE(first_received, ?),
       receive_count = receive_count + 1 WHERE id = ?`,
    visibleAt,
    now,
    now,
    id,
  );
}

/** Undoes `markReceived`, for a receiver that has gone: `before` is the row as it was. */
export async function markNotReceived(queries: Queries, before: Delivery): Promise<void> {
  await queries.run(
    `UPDATE sqs_message SET visible_at = ?, in_flight = ?, received = ?, first_received = ?, receive_count = ?
     WHERE id = ? AND receive_count = ?`,
    before.visible_at,
    before.in_flight,
    before.received,
    before.first_received,
    before.receive_count,
    before.id,
    before.receive_count + 1,
  );
}

export async function setVisibility(queries: Queries, id: number, visibleAt: number, inFlight: boolean): Promise<void> {
  await queries.run(
    'UPDATE sqs_message SET visible_at = ?, in_flight = ? WHERE id = ?',
    visibleAt,
    inFlight ? 1 : 0,
    id,
  );
}

/** Puts a message behind all others of another queue, visible from `visibleAt`. */
export async function moveToDeadLetters(
  queries: Queries,
  id: number,
  to: { messageSet: number; position: number; fifoGroup: string | null; sent: number; visibleAt: number },
  sourceArn: string,
): Promise<void> {
  await queries.run(
    `UPDATE sqs_message SET message_set = ?, position = ?, fifo_group = ?, sent = ?, visible_at = ?, in_flight = 0,
       received = NULL, source_arn = ? WHERE id = ?`,
    to.messageSet,
    to.position,
    to.fifoGroup,
    to.sent,
    to.visibleAt,
    sourceArn,
    id,
  );
}

export async function deleteMessage(queries: Queries, id: number): Promise<void> {
  await queries.run('DELETE FROM sqs_message WHERE id = ?', id);
  await queries.run('DELETE FROM sqs_content WHERE id = ?', id);
}

/** Messages that are visible, in flight and delayed, of those sent after `sentAfter`. */
export async function countMessages(
  queries: Queries,
  messageSet: number,
  now: number,
  sentAfter: number,
): Promise<Counts> {
  const expired = await queries.get<{ id: number }>(
    'SELECT id FROM sqs_message WHERE message_set = ? AND sent <= ? LIMIT 1',
    messageSet,
    sentAfter,
  );
  // The index by visibility answers alone where no message has expired.
  const unexpired = expired === undefined ? '' : 'AND sent > ?';
  const parameters = expired === undefined ? [messageSet, now] : [messageSet, now, sentAfter];
  const visible = await queries.get<{ count: number }>(
    `SELECT COUNT(*) AS count FROM sqs_message WHERE message_set = ? AND visible_at <= ? ${unexpired}`,
    ...parameters,
  );
  const hidden = await queries.get<{ count: number; in_flight: number | null }>(
    `SELECT COUNT(*) AS count, SUM(in_flight) AS in_flight FROM sqs_message
     WHERE message_set = ? AND visible_at > ? ${unexpired}`,
    ...parameters,
  );
  const inFlight = hidden?.in_flight ?? 0;
  return { visible: visible?.count ?? 0, in_flight: inFlight, delayed: (hidden?.count ?? 0) - inFlight };
}

/** When the oldest message was sent, of those sent after `sentAfter`; undefined for none. */
export async function oldestSent(queries: Queries, messageSet: number, sentAfter: number): Promise<number | undefined> {
  const row = await queries.get<{ sent: number | null }>(
    'SELECT MIN(sent) AS sent FROM sqs_message WHERE message_set = ? AND sent > ?',
    messageSet,
    sentAfter,
  );
  return row?.sent ?? undefined;
}

export async function countInFlight(queries: Queries, messageSet: number, now: number): Promise<number> {
  const row = await queries.get<{ count: number | null }>(
    'SELECT SUM(in_flight) AS count FROM sqs_message WHERE message_set = ? AND visible_at > ?',
    messageSet,
    now,
  );
  return row?.count ?? 0;
}

/** When the next message that is hidden now becomes visible; undefined when none will. */
export async function nextVisible(queries: Queries, messageSet: number, now: number): Promise<number | undefined> {
  const row = await queries.get<{ at: number | null }>(
    'SELECT MIN(visible_at) AS at FROM sqs_message WHERE message_set = ? AND visible_at > ?',
    messageSet,
    now,
  );
  return row?.at ?? undefined;
}

/** Deletes some of the messages sent at `sentUntil` or before; the FIFO groups that they belonged to. */
export async function deleteExpired(
  queries: Queries,
  messageSet: number,
  sentUntil: number,
  limit: number = bounds.rowsAside,
): Promise<string[]> {
  const rows = await queries.all<{ id: number; fifo_group: string | null }>(
    'SELECT id, fifo_group FROM sqs_message WHERE message_set = ? AND sent <= ? LIMIT ?',
    messageSet,
    sentUntil,
    limit,
  );
  for (const { id } of rows) await deleteMessage(queries, id);
  return [...new Set(rows.flatMap(({ fifo_group }) => (fifo_group === null ? [] : [fifo_group])))];
}
