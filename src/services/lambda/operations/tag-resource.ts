// TagResource: adds tags to a resource, replacing those of the same keys.
import { invalidParameter } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { changeTags, checkTags, taggedResource } from '../tags.ts';

export function tagResource(lambda: Lambda): LambdaOperation<'TagResource'> {
  return async (input, { caller, ids }) => {
    const resource = taggedResource(input.Resource!, caller, 'TagResource');
    const added = input.Tags!;
    if (Object.keys(added).length === 0) {
      throw invalidParameter('An error occurred and the request cannot be processed.');
    }
    await changeTags(lambda, resource, ids, (tags) => checkTags({ ...tags, ...added }));
    return {};
  };
}
