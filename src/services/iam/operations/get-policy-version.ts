// GetPolicyVersion: a version of a managed policy, with its document.
import { noSuchPolicyVersion } from '../errors.ts';
import type { Iam, IamOperation } from '../iam.ts';
import { requirePolicy } from '../managed-policies.ts';
import { encodeDocument } from '../policy-document.ts';
import { requireVersion } from '../policy-versions.ts';
import { versionView } from '../policy-views.ts';

export function getPolicyVersion(iam: Iam): IamOperation<'GetPolicyVersion'> {
  return async (input, { caller }) => {
    const { PolicyArn: arn, VersionId: versionId } = input;
    const { rows } = iam.store;
    const policy = await requirePolicy(rows, caller.account, arn!, noSuchPolicyVersion(arn!, versionId!));
    const version = await requireVersion(rows, policy, versionId!);
    return { PolicyVersion: { Document: encodeDocument(version.document), ...versionView(policy, version) } };
  };
}
