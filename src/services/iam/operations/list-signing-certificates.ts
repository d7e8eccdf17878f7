// ListSigningCertificates: always none, since signing certificates cannot be given to users here. Asked before a user is deleted by force.
import { namedOrCallingUser } from '../calling-user.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function listSigningCertificates(iam: Iam): IamOperation<'ListSigningCertificates'> {
  return async (input, { caller }) => {
    await namedOrCallingUser(iam.store.rows, caller, input.UserName);
    return { Certificates: [], IsTruncated: false };
  };
}
