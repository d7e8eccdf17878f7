// Sampling rules as records and as they are shown.
import type { OperationsOf } from '../../contracts/index.ts';
import { formatArn } from '../../core/arn.ts';
import { notBuilt, unknownRuleVersion } from './errors.ts';
import type { RuleRecord } from './store/resources.ts';
import type { Owner } from './xray.ts';

export const defaultRuleName = 'Default';

type RuleInput = NonNullable<OperationsOf<'xray'>['CreateSamplingRule']['input']['SamplingRule']>;
type UpdateInput = NonNullable<OperationsOf<'xray'>['UpdateSamplingRule']['input']['SamplingRuleUpdate']>;

/** What every account has: one request a second, and five of a hundred beyond it. */
export const defaultRule: RuleRecord = {
  kind: 'rule',
  name: defaultRuleName,
  resourceArn: '*',
  priority: 10_000,
  fixedRate: 0.05,
  reservoirSize: 1,
  serviceName: '*',
  serviceType: '*',
  host: '*',
  httpMethod: '*',
  urlPath: '*',
  tags: {},
  createdAt: 0,
  modifiedAt: 0,
};

/** Throws InvalidRequestException for what is not built. */
export function newRule(input: RuleInput, tags: Record<string, string>, now: number): RuleRecord {
  if (input.Version !== 1) throw unknownRuleVersion();
  if (input.SamplingRateBoost !== undefined) throw notBuilt('SamplingRateBoost');
  return {
    kind: 'rule',
    name: input.RuleName!,
    resourceArn: input.ResourceARN!,
    priority: input.Priority!,
    fixedRate: input.FixedRate!,
    reservoirSize: input.ReservoirSize!,
    serviceName: input.ServiceName!,
    serviceType: input.ServiceType!,
    host: input.Host!,
    httpMethod: input.HTTPMethod!,
    urlPath: input.URLPath!,
    ...(input.Attributes === undefined ? {} : { attributes: input.Attributes }),
    tags,
    createdAt: now,
    modifiedAt: now,
  };
}

/** Throws InvalidRequestException for what is not built. */
export function changedRule(rule: RuleRecord, input: UpdateInput, now: number): RuleRecord {
  if (input.SamplingRateBoost !== undefined) throw notBuilt('SamplingRateBoost');
  const attributes = input.Attributes ?? rule.attributes;
  return {
    ...rule,
    resourceArn: input.ResourceARN ?? rule.resourceArn,
    priority: input.Priority ?? rule.priority,
    fixedRate: input.FixedRate ?? rule.fixedRate,
    reservoirSize: input.ReservoirSize ?? rule.reservoirSize,
    serviceName: input.ServiceName ?? rule.serviceName,
    serviceType: input.ServiceType ?? rule.serviceType,
    host: input.Host ?? rule.host,
    httpMethod: input.HTTPMethod ?? rule.httpMethod,
    urlPath: input.URLPath ?? rule.urlPath,
    ...(attributes === undefined ? {} : { attributes }),
    modifiedAt: now,
  };
}

export function ruleArn({ account, region }: Owner, name: string): string {
  return formatArn('xray', region, account, `sampling-rule/${name}`);
}

export function showRule(owner: Owner, rule: RuleRecord) {
  return {
    SamplingRule: {
      RuleName: rule.name,
      RuleARN: ruleArn(owner, rule.name),
      ResourceARN: rule.resourceArn,
      Priority: rule.priority,
      FixedRate: rule.fixedRate,
      ReservoirSize: rule.reservoirSize,
      ServiceName: rule.serviceName,
      ServiceType: rule.serviceType,
      Host: rule.host,
      HTTPMethod: rule.httpMethod,
      URLPath: rule.urlPath,
      Version: 1,
      Attributes: rule.attributes ?? {},
    },
    CreatedAt: new Date(rule.createdAt),
    ModifiedAt: new Date(rule.modifiedAt),
  };
}
