// UntagResource: takes tags off a resource; keys that it does not have are no error.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { changeTags, taggedResource } from '../tags.ts';

export function untagResource(lambda: Lambda): LambdaOperation<'UntagResource'> {
  return async (input, { caller, ids }) => {
    const resource = taggedResource(input.Resource!, caller, 'UntagResource');
    const removed = new Set(input.TagKeys);
    await changeTags(lambda, resource, ids, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([name]) => !removed.has(name))),
    );
    return {};
  };
}
