// DetachRolePolicy: detaches a managed policy from a role.
import { detachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function detachRolePolicy(iam: Iam): IamOperation<'DetachRolePolicy'> {
  return async (input, context) => {
    await detachPolicy(iam, context, 'role', input.RoleName!, input.PolicyArn!);
    return {};
  };
}
