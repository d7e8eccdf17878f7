// UpdateGroup: gives a group another name or path.
import type { Iam, IamOperation } from '../iam.ts';
import { renameIdentity } from '../identities.ts';

export function updateGroup(iam: Iam): IamOperation<'UpdateGroup'> {
  return async (input, { caller }) => {
    const { NewGroupName: name, NewPath: path } = input;
    await renameIdentity(iam, caller.account, 'group', input.GroupName!, { name, path });
    return {};
  };
}
