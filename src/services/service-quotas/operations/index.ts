// The operations of Service Quotas, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { ServiceQuotas } from '../service-quotas.ts';
import { getAwsDefaultServiceQuota } from './get-aws-default-service-quota.ts';
import { getRequestedServiceQuotaChange } from './get-requested-service-quota-change.ts';
import { getServiceQuota } from './get-service-quota.ts';
import { listAwsDefaultServiceQuotas } from './list-aws-default-service-quotas.ts';
import { listRequestedServiceQuotaChangeHistory } from './list-requested-service-quota-change-history.ts';
import { listRequestedServiceQuotaChangeHistoryByQuota } from './list-requested-service-quota-change-history-by-quota.ts';
import { listServiceQuotas } from './list-service-quotas.ts';
import { listServices } from './list-services.ts';
import { requestServiceQuotaIncrease } from './request-service-quota-increase.ts';

export function operationsOf(quotas: ServiceQuotas): OperationTable<'service-quotas'> {
  return {
    GetAWSDefaultServiceQuota: getAwsDefaultServiceQuota(quotas),
    GetRequestedServiceQuotaChange: getRequestedServiceQuotaChange(quotas),
    GetServiceQuota: getServiceQuota(quotas),
    ListAWSDefaultServiceQuotas: listAwsDefaultServiceQuotas(quotas),
    ListRequestedServiceQuotaChangeHistory: listRequestedServiceQuotaChangeHistory(quotas),
    ListRequestedServiceQuotaChangeHistoryByQuota: listRequestedServiceQuotaChangeHistoryByQuota(quotas),
    ListServiceQuotas: listServiceQuotas(quotas),
    ListServices: listServices(quotas),
    RequestServiceQuotaIncrease: requestServiceQuotaIncrease(quotas),
  };
}
