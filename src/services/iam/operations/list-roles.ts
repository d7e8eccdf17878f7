// ListRoles: the roles below a path.
import type { Iam, IamOperation } from '../iam.ts';
import { identitiesBelow, nameKey } from '../identities.ts';
import { listedRole } from '../identity-views.ts';
import { page } from '../pages.ts';

export function listRoles(iam: Iam): IamOperation<'ListRoles'> {
  return async (input, { caller }) => {
    const found = await identitiesBelow(iam.store.rows, caller.account, 'role', input.PathPrefix);
    const { items, rest } = page(found, nameKey, input);
    return { Roles: items.map(listedRole), ...rest };
  };
}
