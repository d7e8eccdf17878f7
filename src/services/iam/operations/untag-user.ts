// UntagUser: takes tags from a user.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { removeTags } from '../tags.ts';

export function untagUser(iam: Iam): IamOperation<'UntagUser'> {
  return async (input, { caller }) => {
    await changeIdentity(iam, caller.account, 'user', input.UserName!, (identity) => ({
      ...identity,
      tags: removeTags(identity.tags, input.TagKeys!, 'any case'),
    }));
    return {};
  };
}
