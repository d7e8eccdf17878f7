// GetGroupPolicy: a policy within a group.
import type { Iam, IamOperation } from '../iam.ts';
import { getInlinePolicy } from '../inline-policies.ts';

export function getGroupPolicy(iam: Iam): IamOperation<'GetGroupPolicy'> {
  return async (input, context) => {
    const policy = await getInlinePolicy(iam, context, 'group', input.GroupName!, input.PolicyName!);
    return { GroupName: policy.owner, PolicyName: policy.name, PolicyDocument: policy.document };
  };
}
