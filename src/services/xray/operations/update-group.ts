// UpdateGroup: another filter expression for a group.
import { noSuchGroup } from '../errors.ts';
import { checkGroup, findGroup, showGroup } from '../groups.ts';
import type { GroupRecord } from '../store/resources.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function updateGroup(xray: XRay): XRayOperation<'UpdateGroup'> {
  return async (input, { caller }) => {
    checkGroup(input);
    const { name } = findGroup(xray, caller, input);
    const { FilterExpression } = input;
    const group = await xray.resources.change<GroupRecord>(caller, 'group', name, (current) => {
      if (current === undefined) throw noSuchGroup();
      return FilterExpression === undefined ? current : { ...current, filterExpression: FilterExpression };
    });
    return { Group: showGroup(caller, group!) };
  };
}
