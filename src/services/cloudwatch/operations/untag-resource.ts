// UntagResource: takes tags from an alarm or a dashboard.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { changeTags } from '../tagged-resource.ts';
import { withoutTags } from '../tags.ts';

export function untagResource(cloudWatch: CloudWatch): CloudWatchOperation<'UntagResource'> {
  return async (input, { caller }) => {
    await changeTags(cloudWatch, input.ResourceARN!, caller, (tags) => withoutTags(tags, input.TagKeys!));
    return {};
  };
}
