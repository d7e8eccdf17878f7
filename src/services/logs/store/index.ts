// The only folder that touches storage.
import type { Database } from '../../../storage/index.ts';
import { BlockStore } from './blocks.ts';
import { DeliveryStore } from './deliveries.ts';
import { GroupStore } from './groups.ts';
import { migrations } from './schema.ts';
import { StreamStore } from './streams.ts';
import { SubscriptionStore } from './subscriptions.ts';

export type { Batch, BlockHeader, BlockRange, BlockStore, DeliveryDraft, StoredBatch } from './blocks.ts';
export type { Delivery } from './deliveries.ts';
export type { LogGroup } from './groups.ts';
export type { LogStream } from './streams.ts';
export type { Subscription } from './subscriptions.ts';

export interface Store {
  groups: GroupStore;
  streams: StreamStore;
  blocks: BlockStore;
  subscriptions: SubscriptionStore;
  deliveries: DeliveryStore;
}

/** Brings the tables up to date. */
export async function openStore(database: Database): Promise<Store> {
  await database.migrate('logs', migrations);
  return {
    groups: new GroupStore(database),
    streams: new StreamStore(database),
    blocks: new BlockStore(database),
    subscriptions: new SubscriptionStore(database),
    deliveries: new DeliveryStore(database),
  };
}
