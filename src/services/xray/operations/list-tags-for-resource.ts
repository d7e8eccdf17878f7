// ListTagsForResource: the tags of a group or sampling rule.
import { expectFirstPage } from '../pages.ts';
import { taggedResource } from '../tags.ts';
import type { XRay, XRayOperation } from '../xray.ts';

export function listTagsForResource(xray: XRay): XRayOperation<'ListTagsForResource'> {
  return async (input, { caller }) => {
    expectFirstPage(input.NextToken);
    const { tags } = taggedResource(xray, caller, input.ResourceARN!);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };
}
