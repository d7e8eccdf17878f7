// PutRolePolicy: adds a policy within a role, or replaces it.
import type { Iam, IamOperation } from '../iam.ts';
import { putInlinePolicy } from '../inline-policies.ts';

export function putRolePolicy(iam: Iam): IamOperation<'PutRolePolicy'> {
  return async (input, context) => {
    await putInlinePolicy(iam, context, 'role', input.RoleName!, input.PolicyName!, input.PolicyDocument!);
    return {};
  };
}
