// Lambda's quotas under the codes that Service Quotas has for them. What an account truly has is asked when it matters.
// https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
import { limits } from './limits.ts';

/** What an account has of a quota in a region; supplied from outside, since requests may have raised it. */
export interface Quotas {
  /** In the quota's own unit. `code` is one of `quotaCodes`. */
  value(account: string, region: string, code: string): number;
}

export interface Quota {
  code: string;
  name: string;
  description: string;
  /** For every account that was not given more. */
  value: number;
  unit: 'None' | 'Kilobytes' | 'Megabytes' | 'Gigabytes' | 'Seconds';
  adjustable: boolean;
  /** The metric that shows how much of it is used. */
  usageMetric?: { namespace: string; name: string; statistic: 'Maximum' | 'Sum' };
}

export const quotaCodes = {
  concurrentExecutions: 'L-B99A9384',
  codeStorage: 'L-2ACBD22F',
} as const;

const kilobyte = 1024;
const megabyte = 1024 ** 2;
const gigabyte = 1024 ** 3;

/** In the order of their names, as Service Quotas lists them. */
export const lambdaQuotas: readonly Quota[] = [
  fixed('L-7C0F49F9', 'Asynchronous payload', limits.asynchronousRequestBytes / kilobyte, 'Kilobytes', {
    description: 'The maximum size of an incoming asynchronous invocation request.',
  }),
  {
    code: quotaCodes.concurrentExecutions,
    name: 'Concurrent executions',
    description: 'The maximum number of events that functions can process simultaneously in the current Region.',
    value: limits.concurrentExecutions,
    unit: 'None',
    adjustable: true,
    usageMetric: { namespace: 'AWS/Lambda', name: 'ConcurrentExecutions', statistic: 'Maximum' },
  },
  fixed('L-75F48B05', 'Deployment package size (direct upload)', limits.zippedBytes / megabyte, 'Megabytes', {
    description: 'The maximum size of a deployment package or layer archive when you upload it directly to Lambda.',
  }),
  fixed('L-E49FF7B8', 'Deployment package size (unzipped)', limits.unzippedBytes / megabyte, 'Megabytes', {
    description: 'The maximum size of the contents of a deployment package or layer archive when it is unzipped.',
  }),
  {
    code: 'L-9FEE3D26',
    name: 'Elastic network interfaces per VPC',
    description: 'The maximum number of network interfaces that Lambda creates for a VPC with functions attached.',
    value: limits.networkInterfacesPerVpc,
    unit: 'None',
    adjustable: true,
  },
  fixed('L-6581F036', 'Environment variable size', limits.environmentBytes / kilobyte, 'Kilobytes', {
    description: 'The maximum combined size of environment variables that are configured on a function.',
  }),
  {
    code: quotaCodes.codeStorage,
    name: 'Function and layer storage',
    description: 'The amount of storage that is available for deployment packages and layer archives.',
    value: limits.codeStorageBytes / gigabyte,
    unit: 'Gigabytes',
    adjustable: true,
  },
  fixed('L-01237738', 'Function layers', limits.layersPerFunction, 'None', {
    description: 'The maximum number of layers that you can add to your function.',
  }),
  fixed('L-07A00131', 'Function resource-based policy', limits.policyBytes / kilobyte, 'Kilobytes', {
    description: 'The maximum combined size of resource-based policies that are configured on a function.',
  }),
  fixed('L-9FEEFFC0', 'Function timeout', limits.timeoutSeconds, 'Seconds', {
    description: 'The maximum timeout that you can configure for a function.',
  }),
  fixed('L-5C4B2C97', 'Synchronous payload', limits.invokeRequestBytes / megabyte, 'Megabytes', {
    description: 'The maximum size of an incoming synchronous invocation request or outgoing response.',
  }),
];

function fixed(
  code: string,
  name: string,
  value: number,
  unit: Quota['unit'],
  { description }: { description: string },
): Quota {
  return { code, name, description, value, unit, adjustable: false };
}

/** Concurrent executions that an account may have in a region. */
export function concurrencyLimit(quotas: Quotas, { account, region }: { account: string; region: string }): number {
  return Math.floor(quotas.value(account, region, quotaCodes.concurrentExecutions));
}

/** Bytes that the packages of an account's functions and layers may have in a region. */
export function codeStorageLimit(quotas: Quotas, { account, region }: { account: string; region: string }): number {
  return Math.floor(quotas.value(account, region, quotaCodes.codeStorage) * gigabyte);
}
