// GetRole: a role with its trust policy.
import type { Iam, IamOperation } from '../iam.ts';
import { requireIdentity } from '../identities.ts';
import { wholeRole } from '../identity-views.ts';

export function getRole(iam: Iam): IamOperation<'GetRole'> {
  return async (input, { caller }) => {
    return { Role: wholeRole(await requireIdentity(iam.store.rows, caller.account, 'role', input.RoleName!)) };
  };
}
