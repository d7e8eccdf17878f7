// ListUserPolicies: names of the policies within a user.
import type { Iam, IamOperation } from '../iam.ts';
import { listInlinePolicies } from '../inline-policies.ts';

export function listUserPolicies(iam: Iam): IamOperation<'ListUserPolicies'> {
  return async (input, context) => {
    return listInlinePolicies(iam, context, 'user', input.UserName!, input);
  };
}
