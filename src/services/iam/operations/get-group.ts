// GetGroup: a group with its users.
import type { Iam, IamOperation } from '../iam.ts';
import { nameKey, requireIdentity } from '../identities.ts';
import { groupView, listedUser } from '../identity-views.ts';
import { page } from '../pages.ts';

export function getGroup(iam: Iam): IamOperation<'GetGroup'> {
  return async (input, { caller }) => {
    const group = await requireIdentity(iam.store.rows, caller.account, 'group', input.GroupName!);
    const { items, rest } = page(await iam.store.rows.memberships.membersOf(group.id), nameKey, input);
    return { Group: groupView(group), Users: items.map(listedUser), ...rest };
  };
}
