// DeleteUserPolicy: deletes a policy within a user.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteInlinePolicy } from '../inline-policies.ts';

export function deleteUserPolicy(iam: Iam): IamOperation<'DeleteUserPolicy'> {
  return async (input, context) => {
    await deleteInlinePolicy(iam, context, 'user', input.UserName!, input.PolicyName!);
    return {};
  };
}
