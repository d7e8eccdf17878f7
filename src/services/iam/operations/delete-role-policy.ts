// DeleteRolePolicy: deletes a policy within a role.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteInlinePolicy } from '../inline-policies.ts';

export function deleteRolePolicy(iam: Iam): IamOperation<'DeleteRolePolicy'> {
  return async (input, context) => {
    await deleteInlinePolicy(iam, context, 'role', input.RoleName!, input.PolicyName!);
    return {};
  };
}
