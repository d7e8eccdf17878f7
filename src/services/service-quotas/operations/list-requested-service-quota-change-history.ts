// ListRequestedServiceQuotaChangeHistory: the account's requests in this region.
import { serviceOf } from '../catalogue.ts';
import { listRequests } from '../history.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';

export function listRequestedServiceQuotaChangeHistory(
  quotas: ServiceQuotas,
): ServiceQuotasOperation<'ListRequestedServiceQuotaChangeHistory'> {
  return async (input, { caller }) => {
    if (input.ServiceCode !== undefined) serviceOf(quotas.catalogue, input.ServiceCode);
    return listRequests(quotas, caller, { service: input.ServiceCode, status: input.Status }, input);
  };
}
