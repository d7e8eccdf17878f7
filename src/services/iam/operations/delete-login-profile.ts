// DeleteLoginProfile: always refused, since users cannot be given passwords here.
import { namedOrCallingUser } from '../calling-user.ts';
import { noSuchLoginProfile } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function deleteLoginProfile(iam: Iam): IamOperation<'DeleteLoginProfile'> {
  return async (input, { caller }) => {
    const user = await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    throw noSuchLoginProfile(user?.name ?? 'root');
  };
}
