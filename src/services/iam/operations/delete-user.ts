// DeleteUser: deletes a user that nothing hangs on.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteIdentity } from '../identities.ts';

export function deleteUser(iam: Iam): IamOperation<'DeleteUser'> {
  return async (input, { caller }) => {
    await deleteIdentity(iam, caller.account, 'user', input.UserName!);
    return {};
  };
}
