// TagResource: adds tags to an alarm or a dashboard, over those that it has.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { changeTags } from '../tagged-resource.ts';
import { withTags } from '../tags.ts';

export function tagResource(cloudWatch: CloudWatch): CloudWatchOperation<'TagResource'> {
  return async (input, { caller }) => {
    await changeTags(cloudWatch, input.ResourceARN!, caller, (tags) => withTags(tags, input.Tags));
    return {};
  };
}
