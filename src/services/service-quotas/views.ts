// Quotas and requests as AWS shows them.
import type { OperationsOf } from '../../contracts/index.ts';
import { formatArn } from '../../core/arn.ts';
import type { CatalogueQuota, CatalogueService } from './catalogue.ts';
import type { RequestRecord } from './store.ts';

type ShownQuota = NonNullable<OperationsOf<'service-quotas'>['GetServiceQuota']['output']['Quota']>;
export type ShownRequest = NonNullable<
  OperationsOf<'service-quotas'>['RequestServiceQuotaIncrease']['output']['RequestedQuota']
>;

/** What every account has; its ARN names none. */
export function showDefault(service: CatalogueService, quota: CatalogueQuota, region: string): ShownQuota {
  return {
    ServiceCode: service.code,
    ServiceName: service.name,
    QuotaArn: quotaArn(service.code, quota.code, region, ''),
    QuotaCode: quota.code,
    QuotaName: quota.name,
    Value: quota.value,
    Unit: quota.unit,
    Adjustable: quota.adjustable,
    GlobalQuota: false,
    ...(quota.usageMetric === undefined
      ? {}
      : {
          UsageMetric: {
            MetricNamespace: quota.usageMetric.namespace,
            MetricName: quota.usageMetric.name,
            MetricDimensions: {},
            MetricStatisticRecommendation: quota.usageMetric.statistic,
          },
        }),
    QuotaAppliedAtLevel: 'ACCOUNT',
    Description: quota.description,
  };
}

/** What one account has. */
export function showApplied(
  service: CatalogueService,
  quota: CatalogueQuota,
  owner: { account: string; region: string },
  value: number,
): ShownQuota {
  const arn = quotaArn(service.code, quota.code, owner.region, owner.account);
  return { ...showDefault(service, quota, owner.region), QuotaArn: arn, Value: value };
}

export function showRequest(service: CatalogueService, quota: CatalogueQuota, request: RequestRecord): ShownRequest {
  return {
    Id: request.id,
    ServiceCode: service.code,
    ServiceName: service.name,
    QuotaCode: quota.code,
    QuotaName: quota.name,
    DesiredValue: request.desiredValue,
    Status: request.status,
    Created: new Date(request.created),
    LastUpdated: new Date(request.lastUpdated),
    Requester: JSON.stringify({ accountId: request.account, callerArn: request.requester }),
    QuotaArn: quotaArn(service.code, quota.code, request.region, request.account),
    GlobalQuota: false,
    Unit: quota.unit,
    QuotaRequestedAtLevel: 'ACCOUNT',
  };
}

function quotaArn(serviceCode: string, quotaCode: string, region: string, account: string): string {
  return formatArn('servicequotas', region, account, `${serviceCode}/${quotaCode}`);
}
