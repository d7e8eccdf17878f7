// DetachGroupPolicy: detaches a managed policy from a group.
import { detachPolicy } from '../attachments.ts';
import type { Iam, IamOperation } from '../iam.ts';

export function detachGroupPolicy(iam: Iam): IamOperation<'DetachGroupPolicy'> {
  return async (input, context) => {
    await detachPolicy(iam, context, 'group', input.GroupName!, input.PolicyArn!);
    return {};
  };
}
