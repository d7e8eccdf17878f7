// PutGroupPolicy: adds a policy within a group, or replaces it.
import type { Iam, IamOperation } from '../iam.ts';
import { putInlinePolicy } from '../inline-policies.ts';

export function putGroupPolicy(iam: Iam): IamOperation<'PutGroupPolicy'> {
  return async (input, context) => {
    await putInlinePolicy(iam, context, 'group', input.GroupName!, input.PolicyName!, input.PolicyDocument!);
    return {};
  };
}
