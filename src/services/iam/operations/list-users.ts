// ListUsers: the users below a path.
import type { Iam, IamOperation } from '../iam.ts';
import { identitiesBelow, nameKey } from '../identities.ts';
import { listedUser } from '../identity-views.ts';
import { page } from '../pages.ts';

export function listUsers(iam: Iam): IamOperation<'ListUsers'> {
  return async (input, { caller }) => {
    const found = await identitiesBelow(iam.store.rows, caller.account, 'user', input.PathPrefix);
    const { items, rest } = page(found, nameKey, input);
    return { Users: items.map(listedUser), ...rest };
  };
}
