// GetAccountSummary: how much there is in an account, and how much there may be.
import type { Iam, IamOperation } from '../iam.ts';
import { limits } from '../limits.ts';

/** What AWS counts and what cannot be made here. */
const absent = [
  'AccountMFAEnabled',
  'AccountPasswordPresent',
  'AccountSigningCertificatesPresent',
  'InstanceProfiles',
  'MFADevices',
  'MFADevicesInUse',
  'Providers',
  'ServerCertificates',
];

export function getAccountSummary(iam: Iam): IamOperation<'GetAccountSummary'> {
  return async (_input, { caller }) => {
    const { rows } = iam.store;
    const rootKeys = await rows.accessKeys.of(caller.account);
    const summary = {
      Users: await rows.identities.count(caller.account, 'user'),
      UsersQuota: limits.identitiesPerAccount.user,
      Groups: await rows.identities.count(caller.account, 'group'),
      GroupsQuota: limits.identitiesPerAccount.group,
      Roles: await rows.identities.count(caller.account, 'role'),
      RolesQuota: limits.identitiesPerAccount.role,
      Policies: await rows.policies.count(caller.account),
      PoliciesQuota: limits.policiesPerAccount,
      PolicyVersionsInUse: await rows.policies.countVersions(caller.account),
      AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
      AccessKeysPerUserQuota: limits.accessKeysPerUser,
      GroupsPerUserQuota: limits.groupsPerUser,
      VersionsPerPolicyQuota: limits.versionsPerPolicy,
      PolicySizeQuota: limits.managedPolicySize,
      AssumeRolePolicySizeQuota: limits.trustPolicySize,
      RolePolicySizeQuota: limits.inlinePolicySize.role,
      UserPolicySizeQuota: limits.inlinePolicySize.user,
      GroupPolicySizeQuota: limits.inlinePolicySize.group,
      AttachedPoliciesPerRoleQuota: limits.attachedPolicies.role,
      AttachedPoliciesPerUserQuota: limits.attachedPolicies.user,
      AttachedPoliciesPerGroupQuota: limits.attachedPolicies.group,
      ...Object.fromEntries(absent.map((name) => [name, 0])),
    };
    return { SummaryMap: summary };
  };
}
