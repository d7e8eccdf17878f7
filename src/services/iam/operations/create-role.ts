// CreateRole: a new role, which whom its trust policy names may assume.
import type { Iam, IamOperation } from '../iam.ts';
import { createIdentity } from '../identities.ts';
import { createdRole } from '../identity-views.ts';
import { limits } from '../limits.ts';
import { newTags } from '../tags.ts';
import { checkTrustPolicy } from '../trust-policy.ts';

export function createRole(iam: Iam): IamOperation<'CreateRole'> {
  return async (input, context) => {
    checkTrustPolicy(input.AssumeRolePolicyDocument!);
    const role = await createIdentity(iam, context, {
      kind: 'role',
      name: input.RoleName!,
      path: input.Path,
      description: input.Description,
      boundary: input.PermissionsBoundary,
      tags: newTags(input.Tags, 'any case'),
      trustPolicy: input.AssumeRolePolicyDocument!,
      maxSessionSeconds: input.MaxSessionDuration ?? limits.maxSessionDefaultSeconds,
    });
    return { Role: createdRole(role) };
  };
}
