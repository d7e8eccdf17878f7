// ListMFADevices: always none, since MFA devices cannot be given to users here. Asked before a user is deleted by force.
import { namedOrCallingUser } from '../calling-user.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listMfaDevices(iam: Iam): IamOperation<'ListMFADevices'> {
  return async (input, { caller }) => {
    await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    return { MFADevices: [], IsTruncated: false };
  };
}
