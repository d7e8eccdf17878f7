// DeletePolicyVersion: deletes a version that is not in force.
import { deleteConflict, noSuchPolicyVersion } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { requireOwnPolicy } from '../managed-policies.ts';
import { requireVersion } from '../policy-versions.ts';

export function deletePolicyVersion(iam: Iam): IamOperation<'DeletePolicyVersion'> {
  return async (input, { caller }) => {
    const { PolicyArn: arn, VersionId: versionId } = input;
    await iam.store.change(async (rows) => {
      const missing = noSuchPolicyVersion(arn!, versionId!);
      const policy = await requireOwnPolicy(rows, caller, 'DeletePolicyVersion', arn!, missing);
      const { number } = await requireVersion(rows, policy, versionId!);
      if (number === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.');
      await rows.policies.deleteVersion(policy.id, number);
    });
    return {};
  };
}
