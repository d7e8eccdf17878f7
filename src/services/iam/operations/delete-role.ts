// DeleteRole: deletes a role that nothing hangs on.
import type { Iam, IamOperation } from '../iam.ts';
import { deleteIdentity } from '../identities.ts';

export function deleteRole(iam: Iam): IamOperation<'DeleteRole'> {
  return async (input, { caller }) => {
    await deleteIdentity(iam, caller.account, 'role', input.RoleName!);
    return {};
  };
}
