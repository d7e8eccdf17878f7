// ListInstanceProfilesForRole: always none: instance profiles belong to EC2, and none can be made here.
import type { Iam, IamOperation } from '../iam.ts';
import { requireIdentity } from '../identities.ts';

export function listInstanceProfilesForRole(iam: Iam): IamOperation<'ListInstanceProfilesForRole'> {
  return async (input, { caller }) => {
    await requireIdentity(iam.store.rows, caller.account, 'role', input.RoleName!);
    return { InstanceProfiles: [], IsTruncated: false };
  };
}
