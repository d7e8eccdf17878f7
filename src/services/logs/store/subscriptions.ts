// Rows of subscription filters.
import type { Database, Row } from '../../../storage/index.ts';

export interface Subscription {
  groupId: number;
  name: string;
  pattern: string;
  destinationArn: string;
  distribution: string;
  /** Epoch milliseconds. */
  creationTime: number;
}

interface SubscriptionRow extends Row {
  group_id: number;
  name: string;
  pattern: string;
  destination_arn: string;
  distribution: string;
  creation_time: number;
}

const columns = 'group_id, name, pattern, destination_arn, distribution, creation_time';

export class SubscriptionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<Subscription[]> {
    const rows = await this.#database.all<SubscriptionRow>(`SELECT ${columns} FROM log_subscription ORDER BY name`);
    return rows.map(toSubscription);
  }

  async ofGroup(groupId: number): Promise<Subscription[]> {
    const rows = await this.#database.all<SubscriptionRow>(
      `SELECT ${columns} FROM log_subscription WHERE group_id = ? ORDER BY name`,
      groupId,
    );
    return rows.map(toSubscription);
  }

  /** Puts a filter in the place of the one of that name; false when the group already has `most` others. */
  put(subscription: Subscription, most: number): Promise<boolean> {
    const { groupId, name, pattern, destinationArn, distribution, creationTime } = subscription;
    return this.#database.transaction(async (queries) => {
      const others = await queries.get<{ count: number }>(
        'SELECT COUNT(*) AS count FROM log_subscription WHERE group_id = ? AND name <> ?',
        groupId,
        name,
      );
      if (others!.count >= most) return false;
      await queries.run('DELETE FROM log_subscription WHERE group_id = ? AND name = ?', groupId, name);
      await queries.run(
        `INSERT INTO log_subscription (${columns}) VALUES (?, ?, ?, ?, ?, ?)`,
        groupId,
        name,
        pattern,
        destinationArn,
        distribution,
        creationTime,
      );
      return true;
    });
  }

  /** Deletes a filter and what it has not delivered yet; false when there is none. */
  delete(groupId: number, name: string): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      await queries.run('DELETE FROM log_delivery WHERE group_id = ? AND subscription = ?', groupId, name);
      return (await queries.run('DELETE FROM log_subscription WHERE group_id = ? AND name = ?', groupId, name)) > 0;
    });
  }
}

function toSubscription(row: SubscriptionRow): Subscription {
  return {
    groupId: row.group_id,
    name: row.name,
    pattern: row.pattern,
    destinationArn: row.destination_arn,
    distribution: row.distribution,
    creationTime: row.creation_time,
  };
}
