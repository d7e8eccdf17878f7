// DeleteRolePermissionsBoundary: lifts the boundary of a role.
import type { Iam, IamOperation } from '../iam.ts';
import { setBoundary } from '../permissions-boundary.ts';

export function deleteRolePermissionsBoundary(iam: Iam): IamOperation<'DeleteRolePermissionsBoundary'> {
  return async (input, context) => {
    await setBoundary(iam, context, 'role', input.RoleName!, undefined);
    return {};
  };
}
