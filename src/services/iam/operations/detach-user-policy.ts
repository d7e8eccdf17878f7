// DetachUserPolicy: detaches a managed policy from a user.
import { detachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function detachUserPolicy(iam: Iam): IamOperation<'DetachUserPolicy'> {
  return async (input, context) => {
    await detachPolicy(iam, context, 'user', input.UserName!, input.PolicyArn!);
    return {};
  };
}
