// What the operations of Service Quotas work with.
import type { OperationsOf } from '../../contracts/index.ts';
import type { OperationOf } from '../service.ts';
import type { Catalogue, CatalogueQuota, CatalogueService } from './catalogue.ts';
import type { QuotaStore } from './store.ts';

export interface ServiceQuotas {
  catalogue: Catalogue;
  store: QuotaStore;
  /** What an account has of a quota in a region. */
  value(owner: { account: string; region: string }, service: CatalogueService, quota: CatalogueQuota): number;
  /** Decides about a new request, on its own clock. */
  decide(requestId: string): void;
}

export type ServiceQuotasOperation<O extends keyof OperationsOf<'service-quotas'>> = OperationOf<'service-quotas', O>;
