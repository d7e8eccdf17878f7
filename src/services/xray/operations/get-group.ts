// GetGroup: one group.
import { findGroup, showGroup } from '../groups.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function getGroup(xray: XRay): XRayOperation<'GetGroup'> {
  return async (input, { caller }) => ({ Group: showGroup(caller, findGroup(xray, caller, input)) });
}
