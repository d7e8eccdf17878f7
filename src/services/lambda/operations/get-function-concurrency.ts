// GetFunctionConcurrency: the concurrency reserved for a function, or nothing.
import type { ReservedRecord } from '../concurrency.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, resolveUnqualified } from '../function-name.ts';
import type { Lambda, LambdaOperation } from '../lambda.ts';
import { wholeFunction } from '../store/index.ts';

export function getFunctionConcurrency(lambda: Lambda): LambdaOperation<'GetFunctionConcurrency'> {
  return async (input, { caller }) => {
    const key = resolveUnqualified(input.FunctionName!, caller, 'GetFunctionConcurrency');
    if ((await lambda.store.function(key)) === undefined) throw functionNotFound(functionArn(key, '$LATEST'));
    const record = await lambda.store.settings.get<ReservedRecord>('reserved-concurrency', key, wholeFunction);
    return record === undefined ? {} : { ReservedConcurrentExecutions: record.executions };
  };
}
