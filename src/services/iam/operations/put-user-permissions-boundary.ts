// PutUserPermissionsBoundary: bounds the permissions of a user by a policy.
import type { Iam, IamOperation } from '../iam.ts';
import { setBoundary } from '../permissions-boundary.ts';

export function putUserPermissionsBoundary(iam: Iam): IamOperation<'PutUserPermissionsBoundary'> {
  return async (input, context) => {
    await setBoundary(iam, context, 'user', input.UserName!, input.PermissionsBoundary!);
    return {};
  };
}
