// PutFunctionRecursionConfig: whether Lambda may stop a function that is found in a loop.
import { resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { type RecursionRecord, recursionFunctionNotFound } from '../recursion.ts';
import { wholeFunction } from '../store/index.ts';

export function putFunctionRecursionConfig(lambda: Lambda): LambdaOperation<'PutFunctionRecursionConfig'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'PutFunctionRecursionConfig');
    const record: RecursionRecord = { recursiveLoop: input.RecursiveLoop! };
    await lambda.store.change(async (transaction) => {
      if ((await transaction.function(key)) === undefined) throw recursionFunctionNotFound(key);
      await transaction.settings.put('recursion', key, wholeFunction, record);
    });
    return { RecursiveLoop: record.recursiveLoop };
  };
}
