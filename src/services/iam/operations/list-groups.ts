// ListGroups: the groups below a path.
import type { Iam, IamOperation } from '../iam.ts';
import { identitiesBelow, nameKey } from '../identities.ts';
import { groupView } from '../identity-views.ts';
import { page } from '../pages.ts';

export function listGroups(iam: Iam): IamOperation<'ListGroups'> {
  return async (input, { caller }) => {
    const found = await identitiesBelow(iam.store.rows, caller.account, 'group', input.PathPrefix);
    const { items, rest } = page(found, nameKey, input);
    return { Groups: items.map(groupView), ...rest };
  };
}
