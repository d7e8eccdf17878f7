// DeleteUserPermissionsBoundary: lifts the boundary of a user.
import type { Iam, IamOperation } from '../iam.ts';
import { setBoundary } from '../permissions-boundary.ts';

export function deleteUserPermissionsBoundary(iam: Iam): IamOperation<'DeleteUserPermissionsBoundary'> {
  return async (input, context) => {
    await setBoundary(iam, context, 'user', input.UserName!, undefined);
    return {};
  };
}
