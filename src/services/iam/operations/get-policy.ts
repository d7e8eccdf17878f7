// GetPolicy: a managed policy of the account or of AWS.
import type { Iam, IamOperation } from '../iam.ts';
import { requirePolicy } from '../managed-policies.ts';
import { wholePolicy } from '../policy-views.ts';

export function getPolicy(iam: Iam): IamOperation<'GetPolicy'> {
  return async (input, { caller }) => {
    const policy = await requirePolicy(iam.store.rows, caller.account, input.PolicyArn!);
    const usage = await iam.store.rows.attachments.usage(caller.account);
    return { Policy: wholePolicy(policy, usage.get(policy.arn)) };
  };
}
