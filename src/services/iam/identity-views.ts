// Roles, users and groups as IAM answers them. What is left out where is IAM's choice, and told in its API reference.
import type { Caller } from '../service.ts';
import { identityArn } from './identities.ts';
import { encodeDocument } from './policy-document.ts';
import type { Identity } from './store/index.ts';
import { tagsMember } from './tags.ts';

/** As UpdateRoleDescription answers it. */
export function describedRole(role: Identity) {
  return { ...coreRole(role), ...(role.description === undefined ? {} : { Description: role.description }) };
}

/** As CreateRole answers it. */
export function createdRole(role: Identity) {
  return { ...coreRole(role), ...boundaryMember(role), ...(role.tags.length === 0 ? {} : { Tags: role.tags }) };
}

/** As ListRoles answers it. */
export function listedRole(role: Identity) {
  return { ...describedRole(role), MaxSessionDuration: role.maxSessionSeconds! };
}

/** As GetRole answers it. */
export function wholeRole(role: Identity) {
  return { ...listedRole(role), ...boundaryMember(role), ...tagsMember(role.tags), RoleLastUsed: {} };
}

/** As ListUsers and GetGroup answer it. */
export function listedUser(user: Identity) {
  return { ...common(user), UserName: user.name, UserId: user.id };
}

/** As CreateUser answers it. */
export function createdUser(user: Identity) {
  return { ...listedUser(user), ...boundaryMember(user), ...(user.tags.length === 0 ? {} : { Tags: user.tags }) };
}

/** As GetUser answers it. */
export function wholeUser(user: Identity) {
  return { ...listedUser(user), ...boundaryMember(user), ...tagsMember(user.tags) };
}

/**
 * An account's root as GetUser answers it: AWS leaves out name and path, though its model requires them. There is no
 * record of when an account began.
 */
export function rootUser(caller: Caller) {
  return { Arn: caller.arn, UserId: caller.userId, CreateDate: new Date(0) } as ReturnType<typeof wholeUser>;
}

export function groupView(group: Identity) {
  return { ...common(group), GroupName: group.name, GroupId: group.id };
}

function coreRole(role: Identity) {
  return {
    ...common(role),
    RoleName: role.name,
    RoleId: role.id,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy!),
  };
}

function common(identity: Identity) {
  return { Path: identity.path, Arn: identityArn(identity), CreateDate: new Date(identity.createdAt) };
}

/** `PermissionsBoundary` as IAM answers it: of type `Policy`, though its model says `PermissionsBoundaryPolicy`. */
function boundaryMember({ boundary }: Identity) {
  if (boundary === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: 'Policy' as never, PermissionsBoundaryArn: boundary } };
}
