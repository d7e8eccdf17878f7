// Limits of IAM, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.

export const limits = {
  pageSize: 100,
  tags: 50,
  accessKeysPerUser: 2,
  groupsPerUser: 10,
  versionsPerPolicy: 5,
  policiesPerAccount: 1_500,
  /** Characters of a managed policy's document, without white space. */
  managedPolicySize: 6_144,
  /** Characters of a trust policy, without white space. */
  trustPolicySize: 2_048,
  identitiesPerAccount: { role: 1_000, user: 5_000, group: 300 },
  attachedPolicies: { role: 10, user: 10, group: 10 },
  /** Characters of all inline policies of one identity together, without white space. */
  inlinePolicySize: { role: 10_240, user: 2_048, group: 5_120 },
  maxSessionDefaultSeconds: 3_600,
} as const;
