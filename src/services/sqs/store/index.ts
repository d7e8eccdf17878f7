// The only folder that touches storage.
import type { Database, Queries, WriteOptions } from '../../../storage/index.ts';
import { Numbers } from './numbers.ts';
import { QueueStore } from './queues.ts';
import { migrations } from './schema.ts';

export * from './deduplication.ts';
export * from './groups.ts';
export * from './messages.ts';
export * from './move-tasks.ts';
export * from './sweep.ts';

export interface Store {
  queues: QueueStore;
  numbers: Numbers;
  /** As Database.transaction. */
  transaction<T>(work: (queries: Queries) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** What is committed. */
  committed: Queries;
}

/** Brings the tables up to date. */
export async function openStore(database: Database): Promise<Store> {
  await database.migrate('sqs', migrations);
  const numbers = new Numbers(database);
  await numbers.stocked();
  return {
    queues: new QueueStore(database),
    numbers,
    transaction: (work, options) => database.transaction(work, options),
    committed: database,
  };
}
