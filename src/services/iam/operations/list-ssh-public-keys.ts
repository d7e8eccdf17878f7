// ListSSHPublicKeys: always none, since SSH keys cannot be given to users here. Asked before a user is deleted by force.
import { namedOrCallingUser } from '../calling-user.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listSshPublicKeys(iam: Iam): IamOperation<'ListSSHPublicKeys'> {
  return async (input, { caller }) => {
    await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    return { SSHPublicKeys: [], IsTruncated: false };
  };
}
