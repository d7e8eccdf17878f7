// ListGroupPolicies: names of the policies within a group.
import type { Iam, IamOperation } from '../iam.ts';
import { listInlinePolicies } from '../inline-policies.ts';

export function listGroupPolicies(iam: Iam): IamOperation<'ListGroupPolicies'> {
  return async (input, context) => {
    return listInlinePolicies(iam, context, 'group', input.GroupName!, input);
  };
}
