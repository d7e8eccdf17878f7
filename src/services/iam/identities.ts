// What roles, users and groups have in common: names that are unique whatever their case, paths, ARNs, a life.
import { parseArn, partitionOf } from '../../core/arn.ts';
import type { CallContext } from '../service.ts';
import { deleteConflict, identityExists, noSuchIdentity, quotaExceeded } from './errors.ts';
import type { Iam } from './iam.ts';
import { limits } from './limits.ts';
import { requireBoundary } from './managed-policies.ts';
import type { IamRows, Identity, IdentityKind } from './store/index.ts';
import { type IdPrefix, uniqueId } from './unique-id.ts';

const prefixes: Record<IdentityKind, IdPrefix> = { role: 'AROA', user: 'AIDA', group: 'AGPA' };
const quotas: Record<IdentityKind, string> = {
  role: 'RolesPerAccount',
  user: 'UsersPerAccount',
  group: 'GroupsPerAccount',
};

export function identityArn({ partition, account, kind, path, name }: Identity): string {
  return `arn:${partition}:iam::${account}:${kind}${path}${name}`;
}

/** The role of that ARN, path and all; undefined when there is none. */
export async function roleOfArn(rows: IamRows, roleArn: string): Promise<Identity | undefined> {
  const arn = parseArn(roleArn);
  if (arn?.service !== 'iam' || !arn.resource.startsWith('role/')) return undefined;
  const role = await rows.identities.find(arn.account, 'role', arn.resource.slice(arn.resource.lastIndexOf('/') + 1));
  return role !== undefined && identityArn(role) === roleArn ? role : undefined;
}

/** Throws NoSuchEntity when there is none of that name. */
export async function requireIdentity(
  rows: IamRows,
  account: string,
  kind: IdentityKind,
  name: string,
): Promise<Identity> {
  const identity = await rows.identities.find(account, kind, name);
  if (identity === undefined) throw noSuchIdentity(kind, name);
  return identity;
}

/** What an identity is made of, beside what follows from who makes it and when. */
export interface NewIdentity {
  kind: IdentityKind;
  name: string;
  path?: string | undefined;
  tags?: Identity['tags'];
  description?: string | undefined;
  boundary?: string | undefined;
  trustPolicy?: string;
  maxSessionSeconds?: number;
}

export async function createIdentity(iam: Iam, context: CallContext, given: NewIdentity): Promise<Identity> {
  const { account, region } = context.caller;
  const { kind, name, boundary } = given;
  return iam.store.change(async (rows) => {
    if ((await rows.identities.find(account, kind, name)) !== undefined) throw identityExists(kind, name);
    if (boundary !== undefined) await requireBoundary(rows, account, boundary);
    if ((await rows.identities.count(account, kind)) >= limits.identitiesPerAccount[kind]) {
      throw quotaExceeded(quotas[kind], limits.identitiesPerAccount[kind]);
    }
    const identity: Identity = {
      id: uniqueId(prefixes[kind], account, context.ids),
      account,
      kind,
      name,
      path: given.path ?? '/',
      partition: partitionOf(region),
      createdAt: wholeSeconds(context.clock.now()),
      tags: given.tags ?? [],
      description: given.description,
      boundary,
      trustPolicy: given.trustPolicy,
      maxSessionSeconds: given.maxSessionSeconds,
    };
    await rows.identities.insert(identity);
    return identity;
  });
}

/** Changes an identity in place; `change` returns it as it shall be. Resolves to what is then stored. */
export async function changeIdentity(
  iam: Iam,
  account: string,
  kind: IdentityKind,
  name: string,
  change: (identity: Identity, rows: IamRows) => Identity | Promise<Identity>,
): Promise<Identity> {
  return iam.store.change(async (rows) => {
    const changed = await change(await requireIdentity(rows, account, kind, name), rows);
    await rows.identities.update(changed);
    return changed;
  });
}

/** Gives a user or group another name, path, or both. What belongs to it stays. */
export async function renameIdentity(
  iam: Iam,
  account: string,
  kind: IdentityKind,
  name: string,
  to: { name?: string | undefined; path?: string | undefined },
): Promise<void> {
  await changeIdentity(iam, account, kind, name, async (identity, rows) => {
    const newName = to.name ?? identity.name;
    const holder = await rows.identities.find(account, kind, newName);
    if (holder !== undefined && holder.id !== identity.id) throw identityExists(kind, newName);
    return { ...identity, name: newName, path: to.path ?? identity.path };
  });
}

/** Deletes an identity that nothing hangs on. Throws DeleteConflict otherwise. */
export async function deleteIdentity(iam: Iam, account: string, kind: IdentityKind, name: string): Promise<void> {
  await iam.store.change(async (rows) => {
    const { id } = await requireIdentity(rows, account, kind, name);
    const unless = (held: readonly unknown[], remedy: string) => {
      if (held.length > 0) throw deleteConflict(`Cannot delete entity, must ${remedy} first.`);
    };
    unless(await rows.attachments.of(id), 'detach all policies');
    unless(await rows.inlinePolicies.of(id), 'delete policies');
    unless(await rows.memberships.groupsOf(id), 'remove users from group');
    unless(await rows.memberships.membersOf(id), 'remove users from group');
    unless(await rows.accessKeys.of(id), 'delete access keys');
    await rows.identities.delete(id);
  });
}

/** The identities of an account below a path. */
export async function identitiesBelow(
  rows: IamRows,
  account: string,
  kind: IdentityKind,
  pathPrefix: string | undefined,
): Promise<Identity[]> {
  return (await rows.identities.of(account, kind)).filter((identity) => identity.path.startsWith(pathPrefix ?? '/'));
}

/** The order of lists. */
export const nameKey = (named: { name: string }) => named.name.toLowerCase();

/** IAM's dates have no fractions of a second. */
export function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
