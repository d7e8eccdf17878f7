// ListTagsForResource: the tags of an alarm or a dashboard.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { readTags } from '../tagged-resource.ts';
import { tagList } from '../tags.ts';

export function listTagsForResource(cloudWatch: CloudWatch): CloudWatchOperation<'ListTagsForResource'> {
  return async (input, { caller }) => ({ Tags: tagList(await readTags(cloudWatch, input.ResourceARN!, caller)) });
}
