// AttachGroupPolicy: attaches a managed policy to a group.
import { attachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function attachGroupPolicy(iam: Iam): IamOperation<'AttachGroupPolicy'> {
  return async (input, context) => {
    await attachPolicy(iam, context, 'group', input.GroupName!, input.PolicyArn!);
    return {};
  };
}
