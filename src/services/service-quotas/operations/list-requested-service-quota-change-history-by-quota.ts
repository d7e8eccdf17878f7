// ListRequestedServiceQuotaChangeHistoryByQuota: the account's requests for more of one quota in this region.
import { quotaOf, serviceOf } from '../catalogue.ts';
import { listRequests } from '../history.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';

export function listRequestedServiceQuotaChangeHistoryByQuota(
  quotas: ServiceQuotas,
): ServiceQuotasOperation<'ListRequestedServiceQuotaChangeHistoryByQuota'> {
  return async (input, { caller }) => {
    const quota = quotaOf(serviceOf(quotas.catalogue, input.ServiceCode!), input.QuotaCode!);
    return listRequests(quotas, caller, { service: input.ServiceCode, quota: quota.code, status: input.Status }, input);
  };
}
