// ListGroupsForUser: the groups that a user is in.
import type { Iam, IamOperation } from '../iam.ts';
import { nameKey, requireIdentity } from '../identities.ts';
import { groupView } from '../identity-views.ts';
import { page } from '../pages.ts';

export function listGroupsForUser(iam: Iam): IamOperation<'ListGroupsForUser'> {
  return async (input, { caller }) => {
    const user = await requireIdentity(iam.store.rows, caller.account, 'user', input.UserName!);
    const { items, rest } = page(await iam.store.rows.memberships.groupsOf(user.id), nameKey, input);
    return { Groups: items.map(groupView), ...rest };
  };
}
