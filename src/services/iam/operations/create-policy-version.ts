// CreatePolicyVersion: adds a version to a managed policy, in force at once or not.
import { limitExceeded } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { wholeSeconds } from '../identities.ts';
import { limits } from '../limits.ts';
import { requireOwnPolicy } from '../managed-policies.ts';
import { checkManagedPolicy } from '../policy-document.ts';
import { versionView } from '../policy-views.ts';

export function createPolicyVersion(iam: Iam): IamOperation<'CreatePolicyVersion'> {
  return async (input, { caller, clock }) => {
    checkManagedPolicy(input.PolicyDocument!);
    return iam.store.change(async (rows) => {
      const policy = await requireOwnPolicy(rows, caller, 'CreatePolicyVersion', input.PolicyArn!);
      if ((await rows.policies.versions(policy.id)).length >= limits.versionsPerPolicy) {
        throw limitExceeded(
          `A managed policy can have up to ${limits.versionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      const now = wholeSeconds(clock.now());
      const version = { number: policy.lastVersion + 1, document: input.PolicyDocument!, createdAt: now };
      const defaultVersion = input.SetAsDefault ? version.number : policy.defaultVersion;
      const changed = { ...policy, defaultVersion, lastVersion: version.number, updatedAt: now };
      await rows.policies.insertVersion(policy.id, version);
      await rows.policies.update(changed);
      return { PolicyVersion: versionView(changed, version) };
    });
  };
}
