// GetRolePolicy: a policy within a role.
import type { Iam, IamOperation } from '../iam.ts';
import { getInlinePolicy } from '../inline-policies.ts';

export function getRolePolicy(iam: Iam): IamOperation<'GetRolePolicy'> {
  return async (input, context) => {
    const policy = await getInlinePolicy(iam, context, 'role', input.RoleName!, input.PolicyName!);
    return { RoleName: policy.owner, PolicyName: policy.name, PolicyDocument: policy.document };
  };
}
