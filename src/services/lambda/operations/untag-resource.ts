// UntagResource: takes tags off a function; keys that it does not have are no error.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { taggedFunction, taggedFunctionNotFound } from '../tags.ts';

export function untagResource(lambda: Lambda): LambdaOperation<'UntagResource'> {
  return async (input, { caller }) => {
    const key = taggedFunction(input.Resource!, caller);
    const removed = new Set(input.TagKeys);
    await lambda.store.change(async (transaction) => {
      const record = await transaction.function(key);
      if (record === undefined) throw taggedFunctionNotFound(key);
      const tags = Object.fromEntries(Object.entries(record.tags).filter(([name]) => !removed.has(name)));
      await transaction.putFunction({ ...record, tags });
    });
    return {};
  };
}
