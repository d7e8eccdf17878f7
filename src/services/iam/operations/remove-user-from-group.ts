// RemoveUserFromGroup: takes a user out of a group.
import type { Iam, IamOperation } from '../iam.ts';
import { removeMember } from '../memberships.ts';

export function removeUserFromGroup(iam: Iam): IamOperation<'RemoveUserFromGroup'> {
  return async (input, context) => {
    await removeMember(iam, context, input.GroupName!, input.UserName!);
    return {};
  };
}
