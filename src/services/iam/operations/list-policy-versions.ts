// ListPolicyVersions: the versions of a managed policy, the newest first.
import type { Iam, IamOperation } from '../iam.ts';
import { requirePolicy } from '../managed-policies.ts';
import { page } from '../pages.ts';
import { versionsOf } from '../policy-versions.ts';
import { versionView } from '../policy-views.ts';

export function listPolicyVersions(iam: Iam): IamOperation<'ListPolicyVersions'> {
  return async (input, { caller }) => {
    const policy = await requirePolicy(iam.store.rows, caller.account, input.PolicyArn!);
    const newestFirst = ({ number }: { number: number }) => String(1e9 - number).padStart(10, '0');
    const { items, rest } = page(await versionsOf(iam.store.rows, policy), newestFirst, input);
    return { Versions: items.map((version) => versionView(policy, version)), ...rest };
  };
}
