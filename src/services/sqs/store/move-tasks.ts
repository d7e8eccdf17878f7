// Message move tasks, running and past.
import type { Queries, Row } from '../../../storage/index.ts';
import type { MessageRow } from './messages.ts';

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface MoveTask extends Row {
  id: string;
  account: string;
  region: string;
  source_arn: string;
  /** Null: each message goes back to the queue that it came from. */
  destination_arn: string | null;
  /** Messages a second; null: as fast as may be. */
  rate: number | null;
  started: number;
  /** Messages behind this position have come since, and stay. */
  last_position: number;
  to_move: number;
  moved: number;
  status: MoveStatus;
  failure: string | null;
}

export async function insertMoveTask(queries: Queries, task: MoveTask): Promise<void> {
  await queries.run(
    'INSERT INTO sqs_move_task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    task.id,
    task.account,
    task.region,
    task.source_arn,
    task.destination_arn,
    task.rate,
    task.started,
    task.last_position,
    task.to_move,
    task.moved,
    task.status,
    task.failure,
  );
}

export function findMoveTask(queries: Queries, id: string): Promise<MoveTask | undefined> {
  return queries.get<MoveTask>('SELECT * FROM sqs_move_task WHERE id = ?', id);
}

/** Tasks of a source queue, the newest first. */
export function moveTasksOf(queries: Queries, sourceArn: string, limit: number): Promise<MoveTask[]> {
  return queries.all<MoveTask>(
    'SELECT * FROM sqs_move_task WHERE source_arn = ? ORDER BY started DESC, last_position DESC LIMIT ?',
    sourceArn,
    limit,
  );
}

export function runningMoveTask(queries: Queries, sourceArn: string): Promise<MoveTask | undefined> {
  return queries.get<MoveTask>(
    "SELECT * FROM sqs_move_task WHERE source_arn = ? AND status = 'RUNNING' LIMIT 1",
    sourceArn,
  );
}

export function runningMoveTasks(queries: Queries): Promise<MoveTask[]> {
  return queries.all<MoveTask>("SELECT * FROM sqs_move_task WHERE status = 'RUNNING'");
}

export async function updateMoveTask(
  queries: Queries,
  { id, moved, status, failure }: Pick<MoveTask, 'id' | 'moved' | 'status' | 'failure'>,
): Promise<void> {
  await queries.run(
    'UPDATE sqs_move_task SET moved = ?, status = ?, failure = ? WHERE id = ?',
    moved,
    status,
    failure,
    id,
  );
}

/** Visible messages that stood at `lastPosition` or before, the first ones first. */
export function messagesToMove(
  queries: Queries,
  messageSet: number,
  lastPosition: number,
  now: number,
  limit: number,
  fifo: boolean,
): Promise<Pick<MessageRow, 'id' | 'fifo_group' | 'source_arn'>[]> {
  return queries.all(
    `SELECT id, fifo_group, source_arn FROM sqs_message
     WHERE message_set = ? AND visible_at <= ? AND position <= ? ORDER BY ${fifo ? 'position' : 'visible_at, id'} LIMIT ?`,
    messageSet,
    now,
    lastPosition,
    limit,
  );
}

/** Puts a message into a queue as a new one, which was never received. */
export async function moveAsNew(
  queries: Queries,
  id: number,
  to: { messageSet: number; position: number; fifoGroup: string | null; sent: number; visibleAt: number },
  messageId: string,
): Promise<void> {
  await queries.run(
    `UPDATE sqs_message SET message_set = ?, position = ?, fifo_group = ?, sent = ?, visible_at = ?, in_flight = 0,
       received = NULL, first_received = NULL, receive_count = 0, source_arn = NULL WHERE id = ?`,
    to.messageSet,
    to.position,
    to.fifoGroup,
    to.sent,
    to.visibleAt,
    id,
  );
  await queries.run('UPDATE sqs_content SET message_id = ? WHERE id = ?', messageId, id);
}
