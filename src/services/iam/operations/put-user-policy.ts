// PutUserPolicy: adds a policy within a user, or replaces it.
import type { Iam, IamOperation } from '../iam.ts';
import { putInlinePolicy } from '../inline-policies.ts';

export function putUserPolicy(iam: Iam): IamOperation<'PutUserPolicy'> {
  return async (input, context) => {
    await putInlinePolicy(iam, context, 'user', input.UserName!, input.PolicyName!, input.PolicyDocument!);
    return {};
  };
}
