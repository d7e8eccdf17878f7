// ListServiceSpecificCredentials: always none, since credentials of that kind cannot be given to users here. Asked before a user is deleted by force.
import { namedOrCallingUser } from '../calling-user.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listServiceSpecificCredentials(iam: Iam): IamOperation<'ListServiceSpecificCredentials'> {
  return async (input, { caller }) => {
    await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    return { ServiceSpecificCredentials: [], IsTruncated: false };
  };
}
