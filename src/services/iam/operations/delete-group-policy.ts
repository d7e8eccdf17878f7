// DeleteGroupPolicy: deletes a policy within a group.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteInlinePolicy } from '../inline-policies.ts';

export function deleteGroupPolicy(iam: Iam): IamOperation<'DeleteGroupPolicy'> {
  return async (input, context) => {
    await deleteInlinePolicy(iam, context, 'group', input.GroupName!, input.PolicyName!);
    return {};
  };
}
