// TagRole: adds tags to a role, or replaces their values.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { addTags } from '../tags.ts';

export function tagRole(iam: Iam): IamOperation<'TagRole'> {
  return async (input, { caller }) => {
    await changeIdentity(iam, caller.account, 'role', input.RoleName!, (identity) => ({
      ...identity,
      tags: addTags(identity.tags, input.Tags!, 'any case'),
    }));
    return {};
  };
}
