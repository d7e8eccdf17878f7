// TagResource: adds tags to a group or sampling rule, over those that it has.
import { changeTags, withTags } from '../tags.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function tagResource(xray: XRay): XRayOperation<'TagResource'> {
  return async (input, { caller }) => {
    await changeTags(xray, caller, input.ResourceARN!, (tags) => withTags(tags, input.Tags));
    return {};
  };
}
