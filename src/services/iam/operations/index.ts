// The operations of IAM, loaded when one of them is called first.
import type { OperationTable } from '../../service.ts';
import type { Iam } from '../iam.ts';
import { addUserToGroup } from './add-user-to-group.ts';
import { attachGroupPolicy } from './attach-group-policy.ts';
import { attachRolePolicy } from './attach-role-policy.ts';
import { attachUserPolicy } from './attach-user-policy.ts';
import { createAccessKey } from './create-access-key.ts';
import { createGroup } from './create-group.ts';
import { createPolicyVersion } from './create-policy-version.ts';
import { createPolicy } from './create-policy.ts';
import { createRole } from './create-role.ts';
import { createUser } from './create-user.ts';
import { deleteAccessKey } from './delete-access-key.ts';
import { deleteGroupPolicy } from './delete-group-policy.ts';
import { deleteGroup } from './delete-group.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { deletePolicyVersion } from './delete-policy-version.ts';
import { deletePolicy } from './delete-policy.ts';
import { deleteRolePermissionsBoundary } from './delete-role-permissions-boundary.ts';
import { deleteRolePolicy } from './delete-role-policy.ts';
import { deleteRole } from './delete-role.ts';
import { deleteUserPermissionsBoundary } from './delete-user-permissions-boundary.ts';
import { deleteUserPolicy } from './delete-user-policy.ts';
import { deleteUser } from './delete-user.ts';
import { detachGroupPolicy } from './detach-group-policy.ts';
import { detachRolePolicy } from './detach-role-policy.ts';
import { detachUserPolicy } from './detach-user-policy.ts';
import { getAccessKeyLastUsed } from './get-access-key-last-used.ts';
import { getAccountSummary } from './get-account-summary.ts';
import { getGroupPolicy } from './get-group-policy.ts';
import { getGroup } from './get-group.ts';
import { getLoginProfile } from './get-login-profile.ts';
import { getPolicyVersion } from './get-policy-version.ts';
import { getPolicy } from './get-policy.ts';
import { getRolePolicy } from './get-role-policy.ts';
import { getRole } from './get-role.ts';
import { getUserPolicy } from './get-user-policy.ts';
import { getUser } from './get-user.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { listAttachedGroupPolicies } from './list-attached-group-policies.ts';
import { listAttachedRolePolicies } from './list-attached-role-policies.ts';
import { listAttachedUserPolicies } from './list-attached-user-policies.ts';
import { listEntitiesForPolicy } from './list-entities-for-policy.ts';
import { listGroupPolicies } from './list-group-policies.ts';
import { listGroupsForUser } from './list-groups-for-user.ts';
import { listGroups } from './list-groups.ts';
import { listInstanceProfilesForRole } from './list-instance-profiles-for-role.ts';
import { listMfaDevices } from './list-mfa-devices.ts';
import { listPolicies } from './list-policies.ts';
import { listPolicyTags } from './list-policy-tags.ts';
import { listPolicyVersions } from './list-policy-versions.ts';
import { listRolePolicies } from './list-role-policies.ts';
import { listRoleTags } from './list-role-tags.ts';
import { listRoles } from './list-roles.ts';
import { listServiceSpecificCredentials } from './list-service-specific-credentials.ts';
import { listSigningCertificates } from './list-signing-certificates.ts';
import { listSshPublicKeys } from './list-ssh-public-keys.ts';
import { listUserPolicies } from './list-user-policies.ts';
import { listUserTags } from './list-user-tags.ts';
import { listUsers } from './list-users.ts';
import { listVirtualMfaDevices } from './list-virtual-mfa-devices.ts';
import { putGroupPolicy } from './put-group-policy.ts';
import { putRolePermissionsBoundary } from './put-role-permissions-boundary.ts';
import { putRolePolicy } from './put-role-policy.ts';
import { putUserPermissionsBoundary } from './put-user-permissions-boundary.ts';
import { putUserPolicy } from './put-user-policy.ts';
import { removeUserFromGroup } from './remove-user-from-group.ts';
import { setDefaultPolicyVersion } from './set-default-policy-version.ts';
import { tagPolicy } from './tag-policy.ts';
import { tagRole } from './tag-role.ts';
import { tagUser } from './tag-user.ts';
import { untagPolicy } from './untag-policy.ts';
import { untagRole } from './untag-role.ts';
import { untagUser } from './untag-user.ts';
import { updateAccessKey } from './update-access-key.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';
import { updateGroup } from './update-group.ts';
import { updateRoleDescription } from './update-role-description.ts';
import { updateRole } from './update-role.ts';
import { updateUser } from './update-user.ts';

export function operationsOf(iam: Iam): OperationTable<'iam'> {
  return {
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
  };
}
