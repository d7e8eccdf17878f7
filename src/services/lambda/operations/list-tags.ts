// ListTags: the tags of a resource that takes them.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { taggedResource } from '../tags.ts';

export function listTags(lambda: Lambda): LambdaOperation<'ListTags'> {
  return async (input, { caller }) => ({
    Tags: await taggedResource(input.Resource!, caller, 'ListTags').tags(lambda.store),
  });
}
