// The door of Service Quotas.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { decide, decideAll, type QuotaPolicy } from './background.ts';
import { type Catalogue, quotaOf, serviceOf } from './catalogue.ts';
import { getAwsDefaultServiceQuota } from './operations/get-aws-default-service-quota.ts';
import { getRequestedServiceQuotaChange } from './operations/get-requested-service-quota-change.ts';
import { getServiceQuota } from './operations/get-service-quota.ts';
import { listAwsDefaultServiceQuotas } from './operations/list-aws-default-service-quotas.ts';
import { listRequestedServiceQuotaChangeHistory } from './operations/list-requested-service-quota-change-history.ts';
import { listRequestedServiceQuotaChangeHistoryByQuota } from './operations/list-requested-service-quota-change-history-by-quota.ts';
import { listServiceQuotas } from './operations/list-service-quotas.ts';
import { listServices } from './operations/list-services.ts';
import { requestServiceQuotaIncrease } from './operations/request-service-quota-increase.ts';
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
      operations: {
        GetAWSDefaultServiceQuota: getAwsDefaultServiceQuota(quotas),
        GetRequestedServiceQuotaChange: getRequestedServiceQuotaChange(quotas),
        GetServiceQuota: getServiceQuota(quotas),
        ListAWSDefaultServiceQuotas: listAwsDefaultServiceQuotas(quotas),
        ListRequestedServiceQuotaChangeHistory: listRequestedServiceQuotaChangeHistory(quotas),
        ListRequestedServiceQuotaChangeHistoryByQuota: listRequestedServiceQuotaChangeHistoryByQuota(quotas),
        ListServiceQuotas: listServiceQuotas(quotas),
        ListServices: listServices(quotas),
        RequestServiceQuotaIncrease: requestServiceQuotaIncrease(quotas),
      },
      start: () => decideAll(decisions),
    },
    value(serviceCode, account, region, quotaCode) {
      const service = serviceOf(catalogue, serviceCode);
      return quotas.value({ account, region }, service, quotaOf(service, quotaCode));
    },
  };
}
