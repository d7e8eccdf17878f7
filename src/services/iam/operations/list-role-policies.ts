// ListRolePolicies: names of the policies within a role.
import type { Iam, IamOperation } from '../iam.ts';
import { listInlinePolicies } from '../inline-policies.ts';

export function listRolePolicies(iam: Iam): IamOperation<'ListRolePolicies'> {
  return async (input, context) => {
    return listInlinePolicies(iam, context, 'role', input.RoleName!, input);
  };
}
