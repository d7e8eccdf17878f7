// UntagRole: takes tags from a role.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { removeTags } from '../tags.ts';

export function untagRole(iam: Iam): IamOperation<'UntagRole'> {
  return async (input, { caller }) => {
    await changeIdentity(iam, caller.account, 'role', input.RoleName!, (identity) => ({
      ...identity,
      tags: removeTags(identity.tags, input.TagKeys!, 'any case'),
    }));
    return {};
  };
}
