// The door of Service Quotas.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { decide, decideAll, type QuotaPolicy } from './background.ts';
import { type Catalogue, quotaOf, serviceOf } from './catalogue.ts';
import type { ServiceQuotas } from './service-quotas.ts';
import { QuotaStore } from './store.ts';

export type { QuotaPolicy } from './background.ts';
export type { Catalogue } from './catalogue.ts';

export interface ServiceQuotasParts {
  database: Database;
  clock: Clock;
  log: Logger;
  catalogue: Catalogue;
  policy: QuotaPolicy;
}

export interface OpenServiceQuotas {
  service: Service<'service-quotas'>;
  /** What an account has of a service's quota in a region; answers from memory. */
  value(serviceCode: string, account: string, region: string, quotaCode: string): number;
}

export async function openServiceQuotas(parts: ServiceQuotasParts): Promise<OpenServiceQuotas> {
  const { catalogue } = parts;
  const store = await QuotaStore.open(parts.database);
  const decisions = { ...parts, store };
  const quotas: ServiceQuotas = {
    catalogue,
    store,
    value: ({ account, region }, service, quota) =>
      store.applied({ account, region, service: service.code, quota: quota.code }) ?? quota.value,
    decide: (requestId) => void decide(requestId, decisions),
  };
  return {
    service: {
      name: 'service-quotas',
      operations: async () => (await import('./operations/index.ts')).operationsOf(quotas),
      start: () => decideAll(decisions),
    },
    value(serviceCode, account, region, quotaCode) {
      const service = serviceOf(catalogue, serviceCode);
      return quotas.value({ account, region }, service, quotaOf(service, quotaCode));
    },
  };
}
