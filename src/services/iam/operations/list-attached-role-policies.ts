// ListAttachedRolePolicies: the managed policies attached to a role.
import { listAttachedPolicies } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listAttachedRolePolicies(iam: Iam): IamOperation<'ListAttachedRolePolicies'> {
  return async (input, context) => {
    return listAttachedPolicies(iam, context, 'role', input.RoleName!, input);
  };
}
