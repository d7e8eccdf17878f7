// UpdateRole: changes the description and the longest session of a role; what is not given stays.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';

export function updateRole(iam: Iam): IamOperation<'UpdateRole'> {
  return async (input, { caller }) => {
    await changeIdentity(iam, caller.account, 'role', input.RoleName!, (role) => ({
      ...role,
      description: input.Description ?? role.description,
      maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
    }));
    return {};
  };
}
