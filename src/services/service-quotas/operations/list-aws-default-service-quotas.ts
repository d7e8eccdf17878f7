// ListAWSDefaultServiceQuotas: what every account has of a service's quotas.
import { serviceOf } from '../catalogue.ts';
import { pageOf } from '../pages.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import { showDefault } from '../views.ts';

export function listAwsDefaultServiceQuotas({
  catalogue,
}: ServiceQuotas): ServiceQuotasOperation<'ListAWSDefaultServiceQuotas'> {
  return async (input, { caller }) => {
    const service = serviceOf(catalogue, input.ServiceCode!);
    const [page, next] = pageOf(service.quotas, (quota) => quota.code, input);
    return {
      Quotas: page.map((quota) => showDefault(service, quota, caller.region)),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  };
}
