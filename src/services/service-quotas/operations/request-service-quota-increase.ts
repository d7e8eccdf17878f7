// RequestServiceQuotaIncrease: asks for more of a quota; the operator's policy decides.
import { quotaOf, serviceOf } from '../catalogue.ts';
import { noSuchContext, notAdjustable, notGreater, requestOpen } from '../errors.ts';
import type { ServiceQuotas, ServiceQuotasOperation } from '../service-quotas.ts';
import type { RequestRecord } from '../store.ts';
import { showRequest } from '../views.ts';

export function requestServiceQuotaIncrease(
  quotas: ServiceQuotas,
): ServiceQuotasOperation<'RequestServiceQuotaIncrease'> {
  return async (input, { caller, clock, ids }) => {
    const service = serviceOf(quotas.catalogue, input.ServiceCode!);
    const quota = quotaOf(service, input.QuotaCode!);
    if (input.ContextId !== undefined) throw noSuchContext();
    if (!quota.adjustable) throw notAdjustable();
    // So that what is no number at all is refused as well.
    if (!(input.DesiredValue! > quotas.value(caller, service, quota))) throw notGreater();
    const request: RequestRecord = {
      id: ids.hex(20),
      account: caller.account,
      region: caller.region,
      service: service.code,
      quota: quota.code,
      status: 'PENDING',
      desiredValue: input.DesiredValue!,
      created: clock.now(),
      lastUpdated: clock.now(),
      requester: caller.arn,
    };
    if (!(await quotas.store.add(request))) throw requestOpen();
    quotas.decide(request.id);
    return { RequestedQuota: showRequest(service, quota, request) };
  };
}
