// Queues by account, region and name; each is read once and then kept.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import { limits } from '../limits.ts';
import { Queue, type QueueKey, type QueueState, queueArn } from '../queue.ts';

interface QueueRow extends Row {
  account: string;
  region: string;
  name: string;
  message_set: number;
  created: number;
  modified: number;
  purged: number | null;
  attributes: string;
  tags: string;
}

const columns = 'account, region, name, message_set, created, modified, purged, attributes, tags';
const whereKey = 'account = ? AND region = ? AND name = ?';
const keyOf = ({ account, region, name }: QueueKey) => [account, region, name] as const;

export class QueueStore {
  readonly #database: Database;
  readonly #known = new Map<string, Queue>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The queue of that name; undefined when there is none. The same object as long as the queue exists. */
  async find(key: QueueKey, queries: Queries = this.#database): Promise<Queue | undefined> {
    const arn = queueArn(key);
    const known = this.#known.get(arn);
    if (known !== undefined && !known.deleted) return known;
    const row = await queries.get<QueueRow>(`SELECT ${columns} FROM sqs_queue WHERE ${whereKey}`, ...keyOf(key));
    // Another call may have found it meanwhile; a transaction that deletes it may not be committed yet.
    const current = this.#known.get(arn);
    if (current !== undefined) return current.deleted ? undefined : current;
    return row && this.#keep(row);
  }

  async insert(queries: Queries, key: QueueKey, state: QueueState): Promise<Queue> {
    const queue = new Queue(key, state);
    await queries.run(
      `INSERT INTO sqs_queue (${columns}, retention_ms, dead_letter_arn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...keyOf(key),
      state.messageSet,
      state.created,
      state.modified,
      null,
      JSON.stringify(state.attributes),
      JSON.stringify(state.tags),
      queue.settings.retentionMs,
      queue.settings.deadLetters?.arn ?? null,
    );
    await queries.run(`DELETE FROM sqs_deleted_queue WHERE ${whereKey}`, ...keyOf(key));
    return queue;
  }

  /** Keeps `queue`, once its insertion is committed, unless a call that shared the commit has found it already. */
  inserted(queue: Queue): Queue {
    const known = this.#known.get(queue.arn);
    if (known !== undefined && !known.deleted) return known;
    this.#known.set(queue.arn, queue);
    return queue;
  }

  /** Stores what has changed. The queue takes it on at once, so that writes in the same commit see it. */
  async update(queries: Queries, queue: Queue, changes: Partial<QueueState>): Promise<void> {
    const state = { ...queue.state, ...changes };
    const next = new Queue(queue, state);
    await queries.run(
      `UPDATE sqs_queue SET message_set = ?, modified = ?, purged = ?, attributes = ?, tags = ?, retention_ms = ?,
         dead_letter_arn = ? WHERE ${whereKey}`,
      state.messageSet,
      state.modified,
      state.purged ?? null,
      JSON.stringify(state.attributes),
      JSON.stringify(state.tags),
      next.settings.retentionMs,
      next.settings.deadLetters?.arn ?? null,
      ...keyOf(queue),
    );
    queue.become(state);
  }

  async delete(queries: Queries, queue: Queue, now: number): Promise<void> {
    await queries.run(`DELETE FROM sqs_queue WHERE ${whereKey}`, ...keyOf(queue));
    await queries.run('INSERT INTO sqs_deleted_queue VALUES (?, ?, ?, ?)', ...keyOf(queue), now);
    await this.discardSet(queries, queue.state.messageSet);
    queue.deleted = true;
  }

  /** Gives a queue the state that is committed, after a change of it was not. */
  async reload(queue: Queue): Promise<void> {
    const sql = `SELECT ${columns} FROM sqs_queue WHERE ${whereKey}`;
    const row = await this.#database.get<QueueRow>(sql, ...keyOf(queue));
    queue.deleted = row === undefined;
    if (row !== undefined) queue.become(stateOf(row));
  }

  /** Forgets a queue whose deletion is committed. */
  forget(queue: Queue): void {
    if (this.#known.get(queue.arn) === queue) this.#known.delete(queue.arn);
  }

  /** Leaves the messages of a set to the background. */
  async discardSet(queries: Queries, messageSet: number): Promise<void> {
    await queries.run('INSERT INTO sqs_discarded_set VALUES (?)', messageSet);
  }

  async deletedRecently(queries: Queries, key: QueueKey, now: number): Promise<boolean> {
    const row = await queries.get<{ deleted: number }>(
      `SELECT deleted FROM sqs_deleted_queue WHERE ${whereKey}`,
      ...keyOf(key),
    );
    if (row === undefined) return false;
    if (now - row.deleted < limits.nameReuseMs) return true;
    await queries.run(`DELETE FROM sqs_deleted_queue WHERE ${whereKey}`, ...keyOf(key));
    return false;
  }

  /** Names behind `after` that begin with `prefix`, in order. */
  async names(account: string, region: string, prefix: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.#database.all<{ name: string }>(
      `SELECT name FROM sqs_queue WHERE account = ? AND region = ? AND name >= ? AND name < ? AND name > ?
       ORDER BY name LIMIT ?`,
      account,
      region,
      prefix,
      `${prefix}\u{10FFFF}`,
      after,
      limit,
    );
    return rows.map(({ name }) => name);
  }

  /** Queues behind the name `after` whose dead letters go to `arn`, in order of their names. */
  async deadLetterSources(arn: string, after: string, limit: number): Promise<QueueKey[]> {
    return this.#database.all<Row & QueueKey>(
      `SELECT account, region, name FROM sqs_queue WHERE dead_letter_arn = ? AND name > ? ORDER BY name LIMIT ?`,
      arn,
      after,
      limit,
    );
  }

  #keep(row: QueueRow): Queue {
    const { account, region, name } = row;
    return this.inserted(new Queue({ account, region, name }, stateOf(row)));
  }
}

function stateOf(row: QueueRow): QueueState {
  return {
    messageSet: row.message_set,
    created: row.created,
    modified: row.modified,
    purged: row.purged ?? undefined,
    attributes: JSON.parse(row.attributes),
    tags: JSON.parse(row.tags),
  };
}
