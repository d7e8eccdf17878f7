// Users in groups.
import type { CallContext } from '../service.ts';
import { quotaExceeded } from './errors.ts';
import type { Iam } from './iam.ts';
import { requireIdentity } from './identities.ts';
import { limits } from './limits.ts';
import type { IamRows, Identity } from './store/index.ts';

/** Adds a user to a group; one that is in it already stays so. */
export async function addMember(iam: Iam, { caller }: CallContext, group: string, user: string): Promise<void> {
  await iam.store.change(async (rows) => {
    const pair = await requirePair(rows, caller.account, group, user);
    const groups = await rows.memberships.groupsOf(pair.user.id);
    if (groups.some(({ id }) => id === pair.group.id)) return;
    if (groups.length >= limits.groupsPerUser) throw quotaExceeded('GroupsPerUser', limits.groupsPerUser);
    await rows.memberships.add(pair.group.id, pair.user.id);
  });
}

/** Takes a user out of a group; it need not have been in it. */
export async function removeMember(iam: Iam, { caller }: CallContext, group: string, user: string): Promise<void> {
  await iam.store.change(async (rows) => {
    const pair = await requirePair(rows, caller.account, group, user);
    await rows.memberships.remove(pair.group.id, pair.user.id);
  });
}

async function requirePair(
  rows: IamRows,
  account: string,
  group: string,
  user: string,
): Promise<{ user: Identity; group: Identity }> {
  return {
    user: await requireIdentity(rows, account, 'user', user),
    group: await requireIdentity(rows, account, 'group', group),
  };
}
