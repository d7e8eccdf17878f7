// ListEntitiesForPolicy: the roles, users and groups that a managed policy is attached to or bounds.
import type { Iam, IamOperation } from '../iam.ts';
import { nameKey } from '../identities.ts';
import { requirePolicy } from '../managed-policies.ts';
import { page } from '../pages.ts';
import type { IdentityKind } from '../store/index.ts';

export function listEntitiesForPolicy(iam: Iam): IamOperation<'ListEntitiesForPolicy'> {
  return async (input, { caller }) => {
    const { PolicyArn: arn, EntityFilter: kind, PathPrefix: prefix = '/', PolicyUsageFilter: usage } = input;
    const { rows } = iam.store;
    await requirePolicy(rows, caller.account, arn!);
    const using = [
      ...(usage === 'PermissionsBoundary' ? [] : await rows.attachments.attachedTo(caller.account, arn!)),
      ...(usage === 'PermissionsPolicy' ? [] : await rows.identities.boundedBy(caller.account, arn!)),
    ].filter((each) => each.path.startsWith(prefix) && (kind === undefined || kind.toLowerCase() === each.kind));
    // One that a policy is both attached to and bounded by is told once.
    const once = [...new Map(using.map((each) => [each.id, each])).values()];
    const { items, rest } = page(once, (each) => `${each.kind} ${nameKey(each)}`, input);
    const of = (wanted: IdentityKind) => items.filter((each) => each.kind === wanted);
    return {
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...rest,
    };
  };
}
