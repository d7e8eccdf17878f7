// UntagPolicy: takes tags from a managed policy.
import type { Iam, IamOperation } from '../iam.ts';
import { requireOwnPolicy } from '../managed-policies.ts';
import { removeTags } from '../tags.ts';

export function untagPolicy(iam: Iam): IamOperation<'UntagPolicy'> {
  return async (input, { caller }) => {
    await iam.store.change(async (rows) => {
      const policy = await requireOwnPolicy(rows, caller, 'UntagPolicy', input.PolicyArn!);
      await rows.policies.update({ ...policy, tags: removeTags(policy.tags, input.TagKeys!, 'exact case') });
    });
    return {};
  };
}
