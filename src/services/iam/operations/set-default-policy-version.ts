// SetDefaultPolicyVersion: puts a version of a managed policy in force.
import { noSuchPolicyVersion } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { requireOwnPolicy } from '../managed-policies.ts';
import { requireVersion } from '../policy-versions.ts';

export function setDefaultPolicyVersion(iam: Iam): IamOperation<'SetDefaultPolicyVersion'> {
  return async (input, { caller }) => {
    const { PolicyArn: arn, VersionId: versionId } = input;
    await iam.store.change(async (rows) => {
      const missing = noSuchPolicyVersion(arn!, versionId!);
      const policy = await requireOwnPolicy(rows, caller, 'SetDefaultPolicyVersion', arn!, missing);
      const { number } = await requireVersion(rows, policy, versionId!);
      await rows.policies.update({ ...policy, defaultVersion: number });
    });
    return {};
  };
}
