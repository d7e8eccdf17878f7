// The VPC settings of a function: kept and shown as AWS does, although there is no VPC here.
import { createHash } from 'node:crypto';
import type { OperationsOf } from '../../contracts/index.ts';
import { invalidParameter } from './errors.ts';
import type { VpcRecord } from './function-record.ts';
import type { FunctionKey } from './store/index.ts';

type Input = NonNullable<OperationsOf<'lambda'>['UpdateFunctionConfiguration']['input']['VpcConfig']>;
type Shown = NonNullable<OperationsOf<'lambda'>['GetFunctionConfiguration']['output']['VpcConfig']>;

/** `current` with what `input` sets. Throws InvalidParameterValueException unless both lists have members or neither. */
export function readVpc(current: VpcRecord | undefined, input: Input): VpcRecord {
  const subnetIds = input.SubnetIds ?? current?.subnetIds ?? [];
  const securityGroupIds = input.SecurityGroupIds ?? current?.securityGroupIds ?? [];
  if ((subnetIds.length === 0) !== (securityGroupIds.length === 0)) {
    throw invalidParameter('SubnetIds and SecurityIds must coexist or be both empty list.');
  }
  const dualStack = subnetIds.length > 0 && (input.Ipv6AllowedForDualStack ?? current?.dualStack ?? false);
  return { subnetIds, securityGroupIds, dualStack };
}

/** Whether the function is connected to a VPC, rather than having been so once. */
export function isInVpc(vpc: VpcRecord | undefined): boolean {
  return vpc !== undefined && vpc.subnetIds.length > 0;
}

export function showVpc(vpc: VpcRecord, { account, region }: FunctionKey): Shown {
  return {
    SubnetIds: vpc.subnetIds,
    SecurityGroupIds: vpc.securityGroupIds,
    VpcId: isInVpc(vpc) ? vpcIdOf(account, region) : '',
    Ipv6AllowedForDualStack: vpc.dualStack,
  };
}

/** All subnets of an account and region lie in one VPC, whose id is the same for ever. */
function vpcIdOf(account: string, region: string): string {
  const digest = createHash('sha256').update(`${account}/${region}`).digest('hex');
  return `vpc-${digest.slice(0, 17)}`;
}
