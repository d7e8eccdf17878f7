// ListAttachedGroupPolicies: the managed policies attached to a group.
import { listAttachedPolicies } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listAttachedGroupPolicies(iam: Iam): IamOperation<'ListAttachedGroupPolicies'> {
  return async (input, context) => {
    return listAttachedPolicies(iam, context, 'group', input.GroupName!, input);
  };
}
