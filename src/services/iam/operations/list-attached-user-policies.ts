// ListAttachedUserPolicies: the managed policies attached to a user.
import { listAttachedPolicies } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listAttachedUserPolicies(iam: Iam): IamOperation<'ListAttachedUserPolicies'> {
  return async (input, context) => {
    return listAttachedPolicies(iam, context, 'user', input.UserName!, input);
  };
}
