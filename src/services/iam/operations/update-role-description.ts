// UpdateRoleDescription: changes the description of a role.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { describedRole } from '../identity-views.ts';

export function updateRoleDescription(iam: Iam): IamOperation<'UpdateRoleDescription'> {
  return async (input, { caller }) => {
    const role = await changeIdentity(iam, caller.account, 'role', input.RoleName!, (each) => ({
      ...each,
      description: input.Description,
    }));
    return { Role: describedRole(role) };
  };
}
