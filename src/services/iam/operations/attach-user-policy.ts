// AttachUserPolicy: attaches a managed policy to a user.
import { attachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function attachUserPolicy(iam: Iam): IamOperation<'AttachUserPolicy'> {
  return async (input, context) => {
    await attachPolicy(iam, context, 'user', input.UserName!, input.PolicyArn!);
    return {};
  };
}
