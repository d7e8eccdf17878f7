// Groups: traces that a filter expression names.
import { formatArn } from '../../core/arn.ts';
import { nameOrArn, noSuchGroup, notBuilt } from './errors.ts';
import { parseFilter } from './filter-expression/index.ts';
import type { GroupRecord } from './store/resources.ts';
import type { Owner, XRay } from './xray.ts';

interface GroupSettings {
  FilterExpression?: string | undefined;
  InsightsConfiguration?:
    | { InsightsEnabled?: boolean | undefined; NotificationsEnabled?: boolean | undefined }
    | undefined;
}

export function groupArn({ account, region }: Owner, { name, id }: GroupRecord): string {
  return formatArn('xray', region, account, `group/${name}/${id}`);
}

/** Throws InvalidRequestException for an expression that cannot be read, and for insights, which are not built. */
export function checkGroup({ FilterExpression, InsightsConfiguration }: GroupSettings): void {
  if (FilterExpression !== undefined && FilterExpression !== '') parseFilter(FilterExpression);
  const { InsightsEnabled, NotificationsEnabled } = InsightsConfiguration ?? {};
  if (InsightsEnabled === true || NotificationsEnabled === true) throw notBuilt('insights');
}

/** The group that is named, by name or ARN. Throws InvalidRequestException. */
export function findGroup(
  { resources }: Pick<XRay, 'resources'>,
  owner: Owner,
  { GroupName, GroupARN }: { GroupName?: string | undefined; GroupARN?: string | undefined },
): GroupRecord {
  if ((GroupName === undefined) === (GroupARN === undefined)) throw nameOrArn('Group');
  const name = GroupName ?? /:group\/([^/]+)\/[^/]+$/.exec(GroupARN!)?.[1] ?? '';
  const group = resources.get(owner, 'group', name);
  if (group === undefined) throw noSuchGroup();
  if (GroupARN !== undefined && groupArn(owner, group) !== GroupARN) throw noSuchGroup();
  return group;
}

export function showGroup(owner: Owner, group: GroupRecord) {
  return {
    GroupName: group.name,
    GroupARN: groupArn(owner, group),
    ...(group.filterExpression === undefined ? {} : { FilterExpression: group.filterExpression }),
    InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: false },
  };
}
