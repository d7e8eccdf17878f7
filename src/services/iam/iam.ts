// What the operations of IAM work with.
import type { OperationsOf } from '../../contracts/index.ts';
import type { Database } from '../../storage/index.ts';
import type { OperationOf } from '../service.ts';
import { AccessKeyHolders } from './access-key-holders.ts';
import { type IamStore, openIamStore } from './store/index.ts';

export interface Iam {
  store: IamStore;
  /** Who holds which access key, for the gateway. */
  holders: AccessKeyHolders;
}

export type IamOperation<O extends keyof OperationsOf<'iam'>> = OperationOf<'iam', O>;

/** Opens IAM over a database, whose tables it brings up to date. */
export async function openIam(database: Database): Promise<Iam> {
  const store = await openIamStore(database);
  return { store, holders: new AccessKeyHolders(store) };
}
