// AttachRolePolicy: attaches a managed policy to a role.
import { attachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function attachRolePolicy(iam: Iam): IamOperation<'AttachRolePolicy'> {
  return async (input, context) => {
    await attachPolicy(iam, context, 'role', input.RoleName!, input.PolicyArn!);
    return {};
  };
}
