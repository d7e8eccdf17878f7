// TagUser: adds tags to a user, or replaces their values.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { addTags } from '../tags.ts';

export function tagUser(iam: Iam): IamOperation<'TagUser'> {
  return async (input, { caller }) => {
    await changeIdentity(iam, caller.account, 'user', input.UserName!, (identity) => ({
      ...identity,
      tags: addTags(identity.tags, input.Tags!, 'any case'),
    }));
    return {};
  };
}
