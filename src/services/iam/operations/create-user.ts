// CreateUser: a new user.
import type { Iam, IamOperation } from '../iam.ts';
import { createIdentity } from '../identities.ts';
import { createdUser } from '../identity-views.ts';
import { newTags } from '../tags.ts';

export function createUser(iam: Iam): IamOperation<'CreateUser'> {
  return async (input, context) => {
    const user = await createIdentity(iam, context, {
      kind: 'user',
      name: input.UserName!,
      path: input.Path,
      boundary: input.PermissionsBoundary,
      tags: newTags(input.Tags, 'any case'),
    });
    return { User: createdUser(user) };
  };
}
