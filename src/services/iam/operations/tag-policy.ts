// TagPolicy: adds tags to a managed policy, or replaces their values.
import type { Iam, IamOperation } from '../iam.ts';
import { requireOwnPolicy } from '../managed-policies.ts';
import { addTags } from '../tags.ts';

export function tagPolicy(iam: Iam): IamOperation<'TagPolicy'> {
  return async (input, { caller }) => {
    await iam.store.change(async (rows) => {
      const policy = await requireOwnPolicy(rows, caller, 'TagPolicy', input.PolicyArn!);
      await rows.policies.update({ ...policy, tags: addTags(policy.tags, input.Tags!, 'exact case') });
    });
    return {};
  };
}
