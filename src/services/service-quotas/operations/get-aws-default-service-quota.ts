// GetAWSDefaultServiceQuota: what every account has of one quota.
import { quotaOf, serviceOf } from '../catalogue.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import { showDefault } from '../views.ts';

export function getAwsDefaultServiceQuota({
  catalogue,
}: ServiceQuotas): ServiceQuotasOperation<'GetAWSDefaultServiceQuota'> {
  return async (input, { caller }) => {
    const service = serviceOf(catalogue, input.ServiceCode!);
    return { Quota: showDefault(service, quotaOf(service, input.QuotaCode!), caller.region) };
  };
}
