// CreateGroup: a new group of users.
import type { Iam, IamOperation } from '../iam.ts';
import { createIdentity } from '../identities.ts';
import { groupView } from '../identity-views.ts';

export function createGroup(iam: Iam): IamOperation<'CreateGroup'> {
  return async (input, context) => {
    const group = await createIdentity(iam, context, { kind: 'group', name: input.GroupName!, path: input.Path });
    return { Group: groupView(group) };
  };
}
