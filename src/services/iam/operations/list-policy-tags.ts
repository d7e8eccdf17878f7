// ListPolicyTags: the tags of a managed policy.
import type { Iam, IamOperation } from '../iam.ts';
import { requirePolicy } from '../managed-policies.ts';
import { tagPage } from '../tags.ts';

export function listPolicyTags(iam: Iam): IamOperation<'ListPolicyTags'> {
  return async (input, { caller }) => {
    const { tags } = await requirePolicy(iam.store.rows, caller.account, input.PolicyArn!);
    return tagPage(tags, input);
  };
}
