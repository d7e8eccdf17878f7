// The door of IAM.
import type { Service } from '../service.ts';
import type { Iam } from './iam.ts';
import { addUserToGroup } from './operations/add-user-to-group.ts';
import { attachGroupPolicy } from './operations/attach-group-policy.ts';
import { attachRolePolicy } from './operations/attach-role-policy.ts';
import { attachUserPolicy } from './operations/attach-user-policy.ts';
import { createAccessKey } from './operations/create-access-key.ts';
import { createGroup } from './operations/create-group.ts';
import { createPolicyVersion } from './operations/create-policy-version.ts';
import { createPolicy } from './operations/create-policy.ts';
import { createRole } from './operations/create-role.ts';
import { createUser } from './operations/create-user.ts';
import { deleteAccessKey } from './operations/delete-access-key.ts';
import { deleteGroupPolicy } from './operations/delete-group-policy.ts';
import { deleteGroup } from './operations/delete-group.ts';
import { deleteLoginProfile } from './operations/delete-login-profile.ts';
import { deletePolicyVersion } from './operations/delete-policy-version.ts';
import { deletePolicy } from './operations/delete-policy.ts';
import { deleteRolePermissionsBoundary } from './operations/delete-role-permissions-boundary.ts';
import { deleteRolePolicy } from './operations/delete-role-policy.ts';
import { deleteRole } from './operations/delete-role.ts';
import { deleteUserPermissionsBoundary } from './operations/delete-user-permissions-boundary.ts';
import { deleteUserPolicy } from './operations/delete-user-policy.ts';
import { deleteUser } from './operations/delete-user.ts';
import { detachGroupPolicy } from './operations/detach-group-policy.ts';
import { detachRolePolicy } from './operations/detach-role-policy.ts';
import { detachUserPolicy } from './operations/detach-user-policy.ts';
import { getAccessKeyLastUsed } from './operations/get-access-key-last-used.ts';
import { getAccountSummary } from './operations/get-account-summary.ts';
import { getGroupPolicy } from './operations/get-group-policy.ts';
import { getGroup } from './operations/get-group.ts';
import { getLoginProfile } from './operations/get-login-profile.ts';
import { getPolicyVersion } from './operations/get-policy-version.ts';
import { getPolicy } from './operations/get-policy.ts';
import { getRolePolicy } from './operations/get-role-policy.ts';
import { getRole } from './operations/get-role.ts';
import { getUserPolicy } from './operations/get-user-policy.ts';
import { getUser } from './operations/get-user.ts';
import { listAccessKeys } from './operations/list-access-keys.ts';
import { listAttachedGroupPolicies } from './operations/list-attached-group-policies.ts';
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts';
import { listAttachedUserPolicies } from './operations/list-attached-user-policies.ts';
import { listEntitiesForPolicy } from './operations/list-entities-for-policy.ts';
import { listGroupPolicies } from './operations/list-group-policies.ts';
import { listGroupsForUser } from './operations/list-groups-for-user.ts';
import { listGroups } from './operations/list-groups.ts';
import { listInstanceProfilesForRole } from './operations/list-instance-profiles-for-role.ts';
import { listMfaDevices } from './operations/list-mfa-devices.ts';
import { listPolicies } from './operations/list-policies.ts';
import { listPolicyTags } from './operations/list-policy-tags.ts';
import { listPolicyVersions } from './operations/list-policy-versions.ts';
import { listRolePolicies } from './operations/list-role-policies.ts';
import { listRoleTags } from './operations/list-role-tags.ts';
import { listRoles } from './operations/list-roles.ts';
import { listServiceSpecificCredentials } from './operations/list-service-specific-credentials.ts';
import { listSigningCertificates } from './operations/list-signing-certificates.ts';
import { listSshPublicKeys } from './operations/list-ssh-public-keys.ts';
import { listUserPolicies } from './operations/list-user-policies.ts';
import { listUserTags } from './operations/list-user-tags.ts';
import { listUsers } from './operations/list-users.ts';
import { listVirtualMfaDevices } from './operations/list-virtual-mfa-devices.ts';
import { putGroupPolicy } from './operations/put-group-policy.ts';
import { putRolePermissionsBoundary } from './operations/put-role-permissions-boundary.ts';
import { putRolePolicy } from './operations/put-role-policy.ts';
import { putUserPermissionsBoundary } from './operations/put-user-permissions-boundary.ts';
import { putUserPolicy } from './operations/put-user-policy.ts';
import { removeUserFromGroup } from './operations/remove-user-from-group.ts';
import { setDefaultPolicyVersion } from './operations/set-default-policy-version.ts';
import { tagPolicy } from './operations/tag-policy.ts';
import { tagRole } from './operations/tag-role.ts';
import { tagUser } from './operations/tag-user.ts';
import { untagPolicy } from './operations/untag-policy.ts';
import { untagRole } from './operations/untag-role.ts';
import { untagUser } from './operations/untag-user.ts';
import { updateAccessKey } from './operations/update-access-key.ts';
import { updateAssumeRolePolicy } from './operations/update-assume-role-policy.ts';
import { updateGroup } from './operations/update-group.ts';
import { updateRoleDescription } from './operations/update-role-description.ts';
import { updateRole } from './operations/update-role.ts';
import { updateUser } from './operations/update-user.ts';

export type { AccessKeyHolder } from './access-key-holders.ts';
export { type Iam, openIam } from './iam.ts';
export { type RoleTrust, roleIdOf, roleTrusts, trustPolicyOf, userOfAccessKey } from './inquiries.ts';

export function createIam(iam: Iam): Service<'iam'> {
  return {
    name: 'iam',
    operations: {
      AddUserToGroup: addUserToGroup(iam),
      AttachGroupPolicy: attachGroupPolicy(iam),
      AttachRolePolicy: attachRolePolicy(iam),
      AttachUserPolicy: attachUserPolicy(iam),
      CreateAccessKey: createAccessKey(iam),
      CreateGroup: createGroup(iam),
      CreatePolicy: createPolicy(iam),
      CreatePolicyVersion: createPolicyVersion(iam),
      CreateRole: createRole(iam),
      CreateUser: createUser(iam),
      DeleteAccessKey: deleteAccessKey(iam),
      DeleteGroup: deleteGroup(iam),
      DeleteGroupPolicy: deleteGroupPolicy(iam),
      DeleteLoginProfile: deleteLoginProfile(iam),
      DeletePolicy: deletePolicy(iam),
      DeletePolicyVersion: deletePolicyVersion(iam),
      DeleteRole: deleteRole(iam),
      DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary(iam),
      DeleteRolePolicy: deleteRolePolicy(iam),
      DeleteUser: deleteUser(iam),
      DeleteUserPermissionsBoundary: deleteUserPermissionsBoundary(iam),
      DeleteUserPolicy: deleteUserPolicy(iam),
      DetachGroupPolicy: detachGroupPolicy(iam),
      DetachRolePolicy: detachRolePolicy(iam),
      DetachUserPolicy: detachUserPolicy(iam),
      GetAccessKeyLastUsed: getAccessKeyLastUsed(iam),
      GetAccountSummary: getAccountSummary(iam),
      GetGroup: getGroup(iam),
      GetGroupPolicy: getGroupPolicy(iam),
      GetLoginProfile: getLoginProfile(iam),
      GetPolicy: getPolicy(iam),
      GetPolicyVersion: getPolicyVersion(iam),
      GetRole: getRole(iam),
      GetRolePolicy: getRolePolicy(iam),
      GetUser: getUser(iam),
      GetUserPolicy: getUserPolicy(iam),
      ListAccessKeys: listAccessKeys(iam),
      ListAttachedGroupPolicies: listAttachedGroupPolicies(iam),
      ListAttachedRolePolicies: listAttachedRolePolicies(iam),
      ListAttachedUserPolicies: listAttachedUserPolicies(iam),
      ListEntitiesForPolicy: listEntitiesForPolicy(iam),
      ListGroupPolicies: listGroupPolicies(iam),
      ListGroups: listGroups(iam),
      ListGroupsForUser: listGroupsForUser(iam),
      ListInstanceProfilesForRole: listInstanceProfilesForRole(iam),
      ListMFADevices: listMfaDevices(iam),
      ListPolicies: listPolicies(iam),
      ListPolicyTags: listPolicyTags(iam),
      ListPolicyVersions: listPolicyVersions(iam),
      ListRolePolicies: listRolePolicies(iam),
      ListRoleTags: listRoleTags(iam),
      ListRoles: listRoles(iam),
      ListSSHPublicKeys: listSshPublicKeys(iam),
      ListServiceSpecificCredentials: listServiceSpecificCredentials(iam),
      ListSigningCertificates: listSigningCertificates(iam),
      ListUserPolicies: listUserPolicies(iam),
      ListUserTags: listUserTags(iam),
      ListUsers: listUsers(iam),
      ListVirtualMFADevices: listVirtualMfaDevices(),
      PutGroupPolicy: putGroupPolicy(iam),
      PutRolePermissionsBoundary: putRolePermissionsBoundary(iam),
      PutRolePolicy: putRolePolicy(iam),
      PutUserPermissionsBoundary: putUserPermissionsBoundary(iam),
      PutUserPolicy: putUserPolicy(iam),
      RemoveUserFromGroup: removeUserFromGroup(iam),
      SetDefaultPolicyVersion: setDefaultPolicyVersion(iam),
      TagPolicy: tagPolicy(iam),
      TagRole: tagRole(iam),
      TagUser: tagUser(iam),
      UntagPolicy: untagPolicy(iam),
      UntagRole: untagRole(iam),
      UntagUser: untagUser(iam),
      UpdateAccessKey: updateAccessKey(iam),
      UpdateAssumeRolePolicy: updateAssumeRolePolicy(iam),
      UpdateGroup: updateGroup(iam),
      UpdateRole: updateRole(iam),
      UpdateRoleDescription: updateRoleDescription(iam),
      UpdateUser: updateUser(iam),
    },
  };
}
