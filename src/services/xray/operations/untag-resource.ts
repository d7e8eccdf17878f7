// UntagResource: takes tags from a group or sampling rule.
import { changeTags } from '../tags.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function untagResource(xray: XRay): XRayOperation<'UntagResource'> {
  return async (input, { caller }) => {
    const keys = input.TagKeys!;
    await changeTags(xray, caller, input.ResourceARN!, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))),
    );
    return {};
  };
}
