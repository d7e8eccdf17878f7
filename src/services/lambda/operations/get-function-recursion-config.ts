// GetFunctionRecursionConfig: what becomes of a function that is found in a loop.
import { resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { type RecursionRecord, recursionFunctionNotFound } from '../recursion.ts';
import { wholeFunction } from '../store/index.ts';

export function getFunctionRecursionConfig(lambda: Lambda): LambdaOperation<'GetFunctionRecursionConfig'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'GetFunctionRecursionConfig');
    if ((await lambda.store.function(key)) === undefined) throw recursionFunctionNotFound(key);
    const stored = await lambda.store.settings.get<RecursionRecord>('recursion', key, wholeFunction);
    return { RecursiveLoop: stored?.recursiveLoop ?? 'Terminate' };
  };
}
