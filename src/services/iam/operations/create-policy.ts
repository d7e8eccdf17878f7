// CreatePolicy: a new managed policy, its document as version v1.
import { formatArn } from '../../../core/arn.ts';
import { policyExists, quotaExceeded } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { wholeSeconds } from '../identities.ts';
import { limits } from '../limits.ts';
import { checkManagedPolicy } from '../policy-document.ts';
import { createdPolicy } from '../policy-views.ts';
import type { Policy } from '../store/index.ts';
import { newTags } from '../tags.ts';
import { uniqueId } from '../unique-id.ts';

export function createPolicy(iam: Iam): IamOperation<'CreatePolicy'> {
  return async (input, { caller, clock, ids }) => {
    const { account, region } = caller;
    const { PolicyName: name, PolicyDocument: document, Path: path = '/' } = input;
    checkManagedPolicy(document!);
    const now = wholeSeconds(clock.now());
    const policy: Policy = {
      id: uniqueId('ANPA', account, ids),
      account,
      arn: formatArn('iam', '', account, `policy${path}${name}`, region),
      name: name!,
      path,
      description: input.Description,
      tags: newTags(input.Tags, 'exact case'),
      createdAt: now,
      updatedAt: now,
      defaultVersion: 1,
      lastVersion: 1,
    };
    await iam.store.change(async (rows) => {
      if ((await rows.policies.named(account, policy.name)) !== undefined) throw policyExists(policy.name);
      if ((await rows.policies.count(account)) >= limits.policiesPerAccount) {
        throw quotaExceeded('PoliciesPerAccount', limits.policiesPerAccount);
      }
      await rows.policies.insert(policy);
      await rows.policies.insertVersion(policy.id, { number: 1, document: document!, createdAt: now });
    });
    return { Policy: createdPolicy(policy) };
  };
}
