// GetUserPolicy: a policy within a user.
import type { Iam, IamOperation } from '../iam.ts';
import { getInlinePolicy } from '../inline-policies.ts';

export function getUserPolicy(iam: Iam): IamOperation<'GetUserPolicy'> {
  return async (input, context) => {
    const policy = await getInlinePolicy(iam, context, 'user', input.UserName!, input.PolicyName!);
    return { UserName: policy.owner, PolicyName: policy.name, PolicyDocument: policy.document };
  };
}
