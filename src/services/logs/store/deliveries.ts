// Rows of deliveries: what subscription filters matched and their destinations have not taken yet.
import type { Database, Queries, Row } from '../../../storage/index.ts';
import { nextId } from './next-id.ts';

export interface Delivery {
  id: number;
  groupId: number;
  subscription: string;
  account: string;
  region: string;
  destinationArn: string;
  /** Times are epoch milliseconds. */
  created: number;
  attempts: number;
  payload: Uint8Array;
}

interface DeliveryRow extends Row {
  id: number;
  group_id: number;
  subscription: string;
  account: string;
  region: string;
  destination_arn: string;
  created: number;
  attempts: number;
  payload: Uint8Array;
}

const columns = 'id, group_id, subscription, account, region, destination_arn, created, attempts, payload';

export class DeliveryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What is due at `now`, oldest first. */
  async due(now: number, limit: number): Promise<Delivery[]> {
    const rows = await this.#database.all<DeliveryRow>(
      `SELECT ${columns} FROM log_delivery WHERE due <= ? ORDER BY due, id LIMIT ?`,
      now,
      limit,
    );
    return rows.map((row) => ({
      id: row.id,
      groupId: row.group_id,
      subscription: row.subscription,
      account: row.account,
      region: row.region,
      destinationArn: row.destination_arn,
      created: row.created,
      attempts: row.attempts,
      payload: row.payload,
    }));
  }

  /** When the next delivery is due, epoch milliseconds; undefined when there is none. */
  async nextDue(): Promise<number | undefined> {
    return (
      (await this.#database.get<{ due: number | null }>('SELECT MIN(due) AS due FROM log_delivery'))?.due ?? undefined
    );
  }

  async delete(id: number): Promise<void> {
    await this.#database.run('DELETE FROM log_delivery WHERE id = ?', id);
  }

  async retry(id: number, attempts: number, due: number): Promise<void> {
    await this.#database.run('UPDATE log_delivery SET attempts = ?, due = ? WHERE id = ?', attempts, due, id);
  }
}

/** Adds a delivery that is due at once; within the transaction that stores its events. */
export async function insertDelivery(queries: Queries, delivery: Omit<Delivery, 'id' | 'attempts'>): Promise<void> {
  await queries.run(
    `INSERT INTO log_delivery (${columns}, due) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    await nextId(queries, 'delivery'),
    delivery.groupId,
    delivery.subscription,
    delivery.account,
    delivery.region,
    delivery.destinationArn,
    delivery.created,
    delivery.payload,
    delivery.created,
  );
}
