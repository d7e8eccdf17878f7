// PutRolePermissionsBoundary: bounds the permissions of a role by a policy.
import type { Iam, IamOperation } from '../iam.ts';
import { setBoundary } from '../permissions-boundary.ts';

export function putRolePermissionsBoundary(iam: Iam): IamOperation<'PutRolePermissionsBoundary'> {
  return async (input, context) => {
    await setBoundary(iam, context, 'role', input.RoleName!, input.PermissionsBoundary!);
    return {};
  };
}
