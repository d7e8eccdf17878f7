// What other parts of Lambent ask IAM without being its callers. main hands these to them.
import type { AccessKeyHolder } from './access-key-holders.ts';
import type { Iam } from './iam.ts';
import { roleOfArn } from './identities.ts';
import { trusts } from './trust-policy.ts';

export type RoleTrust = 'no such role' | 'trusted' | 'not trusted';

/** The user, or root, that holds an active access key; undefined when nobody does. Answered from memory. */
export function userOfAccessKey(iam: Iam, accessKeyId: string): Promise<AccessKeyHolder | undefined> {
  return iam.holders.of(accessKeyId);
}

/** The trust policy of the role with that ARN, as it was given; undefined when there is no such role. */
export async function trustPolicyOf(iam: Iam, roleArn: string): Promise<string | undefined> {
  return (await roleOfArn(iam.store.rows, roleArn))?.trustPolicy;
}

/** Whether the role with that ARN lets a service, e.g. `lambda.amazonaws.com`, assume it. */
export async function roleTrusts(iam: Iam, roleArn: string, service: string): Promise<RoleTrust> {
  const trustPolicy = await trustPolicyOf(iam, roleArn);
  if (trustPolicy === undefined) return 'no such role';
  return trusts(trustPolicy, service) ? 'trusted' : 'not trusted';
}

/** The unique id of the role with that ARN, `AROA…`; undefined when there is no such role. */
export async function roleIdOf(iam: Iam, roleArn: string): Promise<string | undefined> {
  return (await roleOfArn(iam.store.rows, roleArn))?.id;
}
