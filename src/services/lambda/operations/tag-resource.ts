// TagResource: adds tags to a function, replacing those of the same keys.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { checkTags, taggedFunction, taggedFunctionNotFound } from '../tags.ts';

export function tagResource(lambda: Lambda): LambdaOperation<'TagResource'> {
  return async (input, { caller }) => {
    const key = taggedFunction(input.Resource!, caller);
    await lambda.store.change(async (transaction) => {
      const record = await transaction.function(key);
      if (record === undefined) throw taggedFunctionNotFound(key);
      await transaction.putFunction({ ...record, tags: checkTags({ ...record.tags, ...input.Tags }) });
    });
    return {};
  };
}
