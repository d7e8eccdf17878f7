// The rows of events: one for each until it is over, whether it waits or runs, so that a crash loses none.
import type { Database, Migration, Row } from '../../storage/index.ts';
import type { QueuedEvent } from './queued-event.ts';

const migrations: readonly Migration[] = [
  {
    name: 'events that wait for their function',
    sql: `
      CREATE TABLE queued_events (
        id INTEGER PRIMARY KEY, lane TEXT NOT NULL, due INTEGER NOT NULL, request_id TEXT NOT NULL,
        accepted INTEGER NOT NULL, state TEXT NOT NULL, payload BLOB NOT NULL
      );
      CREATE INDEX queued_events_by_lane ON queued_events (lane, due, id);
      CREATE INDEX queued_events_put_off ON queued_events (due, lane) WHERE due > 0;
    `,
  },
];

interface EventRow extends Row {
  id: number;
  lane: string;
  due: number;
  request_id: string;
  accepted: number;
  state: string;
  payload: Uint8Array;
}

/** What became of an event: it is gone, or it is due again. */
export interface Settlement {
  id: number;
  again?: { dueAt: number; state: string };
}

export class EventStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<EventStore> {
    await database.migrate('event-queue', migrations);
    return new EventStore(database);
  }

  /** Resolves when the event is as durable as the database makes it. */
  async insert({ id, lane, dueAt, requestId, acceptedAt, state, payload }: QueuedEvent): Promise<void> {
    await this.#database.run(
      'INSERT INTO queued_events (id, lane, due, request_id, accepted, state, payload) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      lane,
      dueAt,
      requestId,
      acceptedAt,
      state,
      payload,
    );
  }

  /** Stores what became of several events, at once. A loss of power may undo it: the events then run once more. */
  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.#database.transaction(
      async (queries) => {
        for (const { id, again } of settlements) {
          if (again === undefined) await queries.run('DELETE FROM queued_events WHERE id = ?', id);
          else {
            await queries.run('UPDATE queued_events SET due = ?, state = ? WHERE id = ?', again.dueAt, again.state, id);
          }
        }
      },
      { lossy: true },
    );
  }

  /** Ids of what may run in `lane`: first what was put off and is due, then the rest in the order of acceptance. */
  async ready(lane: string, now: number, limit: number): Promise<number[]> {
    const due = await this.#database.all<{ id: number }>(
      'SELECT id FROM queued_events WHERE lane = ? AND due > 0 AND due <= ? ORDER BY due, id LIMIT ?',
      lane,
      now,
      limit,
    );
    const fresh = await this.#database.all<{ id: number }>(
      'SELECT id FROM queued_events WHERE lane = ? AND due = 0 ORDER BY id LIMIT ?',
      lane,
      limit - due.length,
    );
    return [...due, ...fresh].map((row) => row.id);
  }

  async event(id: number): Promise<QueuedEvent | undefined> {
    const row = await this.#database.get<EventRow>('SELECT * FROM queued_events WHERE id = ?', id);
    if (row === undefined) return undefined;
    const { lane, due: dueAt, request_id: requestId, accepted: acceptedAt, state, payload } = row;
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    return { id, lane, dueAt, requestId, acceptedAt, state, payload: bytes };
  }

  async lastId(): Promise<number> {
    const row = await this.#database.get<{ last: number | null }>('SELECT MAX(id) AS last FROM queued_events');
    return row?.last ?? 0;
  }

  /** Lanes that have events, one lookup for each. */
  async lanes(): Promise<string[]> {
    const lanes: string[] = [];
    for (;;) {
      const row = await this.#database.get<{ lane: string | null }>(
        'SELECT MIN(lane) AS lane FROM queued_events WHERE lane > ?',
        lanes.at(-1) ?? '',
      );
      if (row?.lane == null) return lanes;
      lanes.push(row.lane);
    }
  }

  /** Lanes with events that were put off to a time after `since`, up to and with `until`. */
  async lanesDue(since: number, until: number): Promise<string[]> {
    const rows = await this.#database.all<{ lane: string }>(
      'SELECT DISTINCT lane FROM queued_events WHERE due > 0 AND due > ? AND due <= ?',
      since,
      until,
    );
    return rows.map((row) => row.lane);
  }

  /** When the next event after `now` is due that was put off; undefined when there is none. */
  async nextDue(now: number): Promise<number | undefined> {
    const row = await this.#database.get<{ next: number | null }>(
      'SELECT MIN(due) AS next FROM queued_events WHERE due > 0 AND due > ?',
      now,
    );
    return row?.next ?? undefined;
  }
}
