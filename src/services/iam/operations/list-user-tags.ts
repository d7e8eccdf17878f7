// ListUserTags: the tags of a user.
import type { Iam, IamOperation } from '../iam.ts';
import { requireIdentity } from '../identities.ts';
import { tagPage } from '../tags.ts';

export function listUserTags(iam: Iam): IamOperation<'ListUserTags'> {
  return async (input, { caller }) => {
    const { tags } = await requireIdentity(iam.store.rows, caller.account, 'user', input.UserName!);
    return tagPage(tags, input);
  };
}
