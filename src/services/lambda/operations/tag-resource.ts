// TagResource: adds tags to a function, replacing those of the same keys.
import { invalidParameter } from '../errors.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { changeTags, checkTags, taggedFunction } from '../tags.ts';

export function tagResource(lambda: Lambda): LambdaOperation<'TagResource'> {
  return async (input, { caller, ids }) => {
    const key = taggedFunction(input.Resource!, caller, 'TagResource');
    const added = input.Tags!;
    if (Object.keys(added).length === 0) {
      throw invalidParameter('An error occurred and the request cannot be processed.');
    }
    await changeTags(lambda, key, ids, (tags) => checkTags({ ...tags, ...added }));
    return {};
  };
}
