// UpdateUser: gives a user another name or path.
import type { Iam, IamOperation } from '../iam.ts';
import { renameIdentity } from '../identities.ts';

export function updateUser(iam: Iam): IamOperation<'UpdateUser'> {
  return async (input, { caller }) => {
    const { NewUserName: name, NewPath: path } = input;
    await renameIdentity(iam, caller.account, 'user', input.UserName!, { name, path });
    // Callers are told by their ARN, which has changed.
    iam.holders.forget();
    return {};
  };
}
