// GetServiceQuota: what the account has of one quota in this region.
import { quotaOf, serviceOf } from '../catalogue.ts';
import { noSuchContext } from '../errors.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import { showApplied } from '../views.ts';

export function getServiceQuota(quotas: ServiceQuotas): ServiceQuotasOperation<'GetServiceQuota'> {
  return async (input, { caller }) => {
    const service = serviceOf(quotas.catalogue, input.ServiceCode!);
    const quota = quotaOf(service, input.QuotaCode!);
    if (input.ContextId !== undefined) throw noSuchContext();
    return { Quota: showApplied(service, quota, caller, quotas.value(caller, service, quota)) };
  };
}
