// DeleteGroup: forgets a group; its traces stay.
import { noSuchGroup } from '../errors.ts';
import { findGroup } from '../groups.ts';
import type { GroupRecord } from '../store/resources.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function deleteGroup(xray: XRay): XRayOperation<'DeleteGroup'> {
  return async (input, { caller }) => {
    const { name } = findGroup(xray, caller, input);
    await xray.resources.change<GroupRecord>(caller, 'group', name, (current) => {
      if (current === undefined) throw noSuchGroup();
      return undefined;
    });
    return {};
  };
}
