// ListPolicies: managed policies of the account, of AWS, or of both.
import { partitionOf } from '../../../core/arn.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { nameKey } from '../identities.ts';
import { policiesOfAws } from '../managed-policies.ts';
import { page } from '../pages.ts';
import { listedPolicy } from '../policy-views.ts';

export function listPolicies(iam: Iam): IamOperation<'ListPolicies'> {
  return async (input, { caller }) => {
    const {
      Scope: scope = 'All',
      PathPrefix: prefix = '/',
      OnlyAttached: onlyAttached,
      PolicyUsageFilter: filter,
    } = input;
    const usage = await iam.store.rows.attachments.usage(caller.account);
    const found = [
      ...(scope === 'AWS' ? [] : await iam.store.rows.policies.of(caller.account)),
      ...(scope === 'Local' ? [] : policiesOfAws(partitionOf(caller.region))),
    ].filter((policy) => {
      const { attachments, boundaries } = usage.get(policy.arn) ?? { attachments: 0, boundaries: 0 };
      if (onlyAttached && attachments === 0) return false;
      if (filter === 'PermissionsBoundary' && boundaries === 0) return false;
      if (filter === 'PermissionsPolicy' && attachments === 0 && boundaries > 0) return false;
      return policy.path.startsWith(prefix);
    });
    const { items, rest } = page(found, (policy) => `${nameKey(policy)} ${policy.account}`, input);
    return { Policies: items.map((policy) => listedPolicy(policy, usage.get(policy.arn))), ...rest };
  };
}
