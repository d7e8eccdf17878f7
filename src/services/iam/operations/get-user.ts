// GetUser: a user; the calling one when none is named.
import { namedOrCallingUser } from '../calling-user.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { rootUser, wholeUser } from '../identity-views.ts';

export function getUser(iam: Iam): IamOperation<'GetUser'> {
  return async (input, { caller }) => {
    const user = await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    return { User: user === undefined ? rootUser(caller) : wholeUser(user) };
  };
}
