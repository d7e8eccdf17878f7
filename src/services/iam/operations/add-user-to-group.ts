// AddUserToGroup: puts a user into a group.
import type { Iam, IamOperation } from '../iam.ts';
import { addMember } from '../memberships.ts';

export function addUserToGroup(iam: Iam): IamOperation<'AddUserToGroup'> {
  return async (input, context) => {
    await addMember(iam, context, input.GroupName!, input.UserName!);
    return {};
  };
}
