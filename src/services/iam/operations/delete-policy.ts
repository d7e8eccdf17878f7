// DeletePolicy: deletes a managed policy that nothing uses and that has no version but the one in force.
import { deleteConflict } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { requireOwnPolicy } from '../managed-policies.ts';

export function deletePolicy(iam: Iam): IamOperation<'DeletePolicy'> {
  return async (input, { caller }) => {
    await iam.store.change(async (rows) => {
      const policy = await requireOwnPolicy(rows, caller, 'DeletePolicy', input.PolicyArn!);
      if ((await rows.attachments.usage(caller.account)).has(policy.arn)) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      if ((await rows.policies.versions(policy.id)).length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      await rows.policies.delete(policy.id);
    });
    return {};
  };
}
