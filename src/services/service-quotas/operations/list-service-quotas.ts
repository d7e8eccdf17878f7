// ListServiceQuotas: what the account has of a service's quotas in this region.
import { serviceOf } from '../catalogue.ts';
import { pageOf } from '../pages.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import { showApplied } from '../views.ts';

export function listServiceQuotas(quotas: ServiceQuotas): ServiceQuotasOperation<'ListServiceQuotas'> {
  return async (input, { caller }) => {
    const service = serviceOf(quotas.catalogue, input.ServiceCode!);
    // No quota here is one of a single resource.
    if (input.QuotaAppliedAtLevel === 'RESOURCE') return { Quotas: [] };
    const wanted = service.quotas.filter(({ code }) => input.QuotaCode === undefined || code === input.QuotaCode);
    const [page, next] = pageOf(wanted, (quota) => quota.code, input);
    return {
      Quotas: page.map((quota) => showApplied(service, quota, caller, quotas.value(caller, service, quota))),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  };
}
