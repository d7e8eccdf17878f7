// DeleteLoginProfile: always refused, since users cannot be given passwords here.
import { noSuchLoginProfile } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { requireIdentity } from '../identities.ts';

export function deleteLoginProfile(iam: Iam): IamOperation<'DeleteLoginProfile'> {
  return async (input, { caller }) => {
    const user = await requireIdentity(iam.store.rows, caller.account, 'user', input.UserName!);
    throw noSuchLoginProfile(user.name);
  };
}
