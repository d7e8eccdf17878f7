// ListRoleTags: the tags of a role.
import type { Iam, IamOperation } from '../iam.ts';
import { requireIdentity } from '../identities.ts';
import { tagPage } from '../tags.ts';

export function listRoleTags(iam: Iam): IamOperation<'ListRoleTags'> {
  return async (input, { caller }) => {
    const { tags } = await requireIdentity(iam.store.rows, caller.account, 'role', input.RoleName!);
    return tagPage(tags, input);
  };
}
