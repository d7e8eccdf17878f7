// DeleteGroup: deletes a group that nothing hangs on.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteIdentity } from '../identities.ts';

export function deleteGroup(iam: Iam): IamOperation<'DeleteGroup'> {
  return async (input, { caller }) => {
    await deleteIdentity(iam, caller.account, 'group', input.GroupName!);
    return {};
  };
}
