// UpdateAssumeRolePolicy: replaces the trust policy of a role.
import type { Iam, IamOperation } from '../iam.ts';
import { changeIdentity } from '../identities.ts';
import { checkTrustPolicy } from '../trust-policy.ts';

export function updateAssumeRolePolicy(iam: Iam): IamOperation<'UpdateAssumeRolePolicy'> {
  return async (input, { caller }) => {
    checkTrustPolicy(input.PolicyDocument!);
    await changeIdentity(iam, caller.account, 'role', input.RoleName!, (role) => ({
      ...role,
      trustPolicy: input.PolicyDocument,
    }));
    return {};
  };
}
