// Managed policies as IAM answers them. What is left out where is IAM's choice, and told in its API reference.
import type { Policy, PolicyUsage, PolicyVersion } from './store/index.ts';
import { sortedTags } from './tags.ts';

/** As CreatePolicy answers it. */
export function createdPolicy(policy: Policy) {
  return { ...listedPolicy(policy, undefined), ...(policy.tags.length === 0 ? {} : { Tags: policy.tags }) };
}

/** As ListPolicies answers it. */
export function listedPolicy(policy: Policy, usage: PolicyUsage | undefined) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    AttachmentCount: usage?.attachments ?? 0,
    PermissionsBoundaryUsageCount: usage?.boundaries ?? 0,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** As GetPolicy answers it. */
export function wholePolicy(policy: Policy, usage: PolicyUsage | undefined) {
  return {
    ...listedPolicy(policy, usage),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    Tags: sortedTags(policy.tags),
  };
}

/** A version without its document, as all but GetPolicyVersion answer it. */
export function versionView(policy: Policy, version: PolicyVersion) {
  return {
    VersionId: `v${version.number}`,
    IsDefaultVersion: version.number === policy.defaultVersion,
    CreateDate: new Date(version.createdAt),
  };
}
