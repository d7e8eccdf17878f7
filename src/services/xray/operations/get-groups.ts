// GetGroups: all groups.
import { showGroup } from '../groups.ts';
import { expectFirstPage } from '../pages.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getGroups({ resources }: XRay): XRayOperation<'GetGroups'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    return { Groups: resources.list(caller, 'group').map((group) => showGroup(caller, group)) };
  };
}
