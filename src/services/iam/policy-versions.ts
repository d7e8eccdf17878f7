// Versions of managed policies.
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { noSuchPolicyVersion } from './errors.ts';
import type { IamRows, Policy, PolicyVersion } from './store/index.ts';

/** The versions of a policy; of those of AWS only the one in force. */
export async function versionsOf(rows: IamRows, policy: Policy): Promise<PolicyVersion[]> {
  if (policy.account !== 'aws') return rows.policies.versions(policy.id);
  const { version, document, updatedAt } = awsManagedPolicy(`${policy.path}${policy.name}`)!;
  return [{ number: version, document, createdAt: updatedAt }];
}

/** Throws NoSuchEntity when a policy has no version of that id, e.g. `v2`. */
export async function requireVersion(rows: IamRows, policy: Policy, versionId: string): Promise<PolicyVersion> {
  const version = (await versionsOf(rows, policy)).find(({ number }) => `v${number}` === versionId);
  if (version === undefined) throw noSuchPolicyVersion(policy.arn, versionId);
  return version;
}
