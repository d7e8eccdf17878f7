// GetRequestedServiceQuotaChange: one request of the account, and what became of it.
import { quotaOf, serviceOf } from '../catalogue.ts';
import { noSuchRequest } from '../errors.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import { showRequest } from '../views.ts';

export function getRequestedServiceQuotaChange({
  catalogue,
  store,
}: ServiceQuotas): ServiceQuotasOperation<'GetRequestedServiceQuotaChange'> {
  return async (input, { caller: { account, region } }) => {
    const request = await store.request(input.RequestId!);
    if (request === undefined || request.account !== account || request.region !== region) throw noSuchRequest();
    const service = serviceOf(catalogue, request.service);
    return { RequestedQuota: showRequest(service, quotaOf(service, request.quota), request) };
  };
}
