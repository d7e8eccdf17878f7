// CreateGroup: names the traces that a filter expression lets through.
import { groupExists, tooManyGroups } from '../errors.ts';
import { checkGroup, showGroup } from '../groups.ts';
import { limits } from '../limits.ts';
import type { GroupRecord } from '../store/resources.ts';
import { withTags } from '../tags.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function createGroup({ resources }: XRay): XRayOperation<'CreateGroup'> {
  return async (input, { caller, ids }) => {
    checkGroup(input);
    const { FilterExpression } = input;
    const group: GroupRecord = {
      kind: 'group',
      name: input.GroupName!,
      id: ids.base32(26),
      ...(FilterExpression === undefined ? {} : { filterExpression: FilterExpression }),
      tags: withTags({}, input.Tags),
    };
    await resources.change<GroupRecord>(caller, 'group', group.name, (current) => {
      if (current !== undefined) throw groupExists();
      if (resources.list(caller, 'group').length >= limits.groups) throw tooManyGroups();
      return group;
    });
    return { Group: showGroup(caller, group) };
  };
}
