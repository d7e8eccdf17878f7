// ListTags: the tags of a function.
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { taggedFunction, taggedFunctionNotFound } from '../tags.ts';

export function listTags(lambda: Lambda): LambdaOperation<'ListTags'> {
  return async (input, { caller }) => {
    const key = taggedFunction(input.Resource!, caller, 'ListTags');
    const record = await lambda.store.function(key);
    if (record === undefined) throw taggedFunctionNotFound(key);
    return { Tags: record.tags };
  };
}
